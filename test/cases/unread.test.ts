import { expect, it } from 'vitest';
import { warningsOf } from '../../generator/index.ts';
import { readSpec } from './readCase.ts';

it('12-unread-layer: one warning names the layer, its place and its idle weights', () => {
  const warnings = warningsOf(readSpec('12-unread-layer'));
  expect(warnings.map(({ path }) => path)).toEqual(['layers[1]']);
  // A kernel of 3 × 3 × 2 × 2 and two biases.
  expect(warnings[0]?.found).toMatch(/"branch".*38 weights/);
});
