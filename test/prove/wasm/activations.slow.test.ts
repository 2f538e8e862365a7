import { expect, test } from 'vitest';
import { activationNames } from '../../../generator/layers/options.ts';
import { proveWasm } from './subjects.ts';

test.each(activationNames)('The activation %s is proved in WebAssembly', (activation) => {
  const layers = [{ type: 'dense', units: 6, activation }];
  expect(proveWasm({ name: 'alone', input: [3], layers }, { rounds: 12 }).failures).toEqual([]);
});
