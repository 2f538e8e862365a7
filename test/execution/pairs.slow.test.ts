import { expect, test } from 'vitest';
import { networksOfNewPairs, pairsIn, possiblePairs } from './pairs.ts';

test('The networks of the nightly run hold every two options of every layer and optimiser together', () => {
  const networks = [...networksOfNewPairs()];
  const seen = new Set(networks.flatMap(pairsIn));
  expect([...possiblePairs()].filter((pair) => !seen.has(pair))).toEqual([]);
  expect(possiblePairs().size).toBeGreaterThan(500);
  // As many as the nightly run asks for.
  expect(networks.length).toBeLessThan(500);
}, 120_000);
