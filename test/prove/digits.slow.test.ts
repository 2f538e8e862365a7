import { expect, test } from 'vitest';
import { proveNetwork } from '../../generator/prove/index.ts';
import { example } from './subjects.ts';

test.each(['unrolled', 'fast'] as const)('The %s form of digits is proved', (form) => {
  const proof = proveNetwork(example('digits'), { form });
  expect(proof.failures).toEqual([]);
  expect(proof.proved).toBe(true);
  expect(proof.rounds.random).toBeGreaterThan(3);
  expect(proof.rounds.kinks).toBeGreaterThan(1);
  // Loops ask at borders what here and there is always so.
  if (form === 'unrolled') expect(proof.arms.untaken).toEqual([]);
});
