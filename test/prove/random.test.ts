import fc from 'fast-check';
import { expect, test } from 'vitest';
import { proveNetwork } from '../../generator/prove/index.ts';
import { arbitrarySpec } from '../execution/arbitrarySpec.ts';
import { runsOf } from '../runs.ts';

const runs = runsOf(6);

test.each(['unrolled', 'fast'] as const)(
  'Random networks are proved in the %s form',
  (form) => {
    fc.assert(
      fc.property(arbitrarySpec, (spec) => {
        expect(proveNetwork(spec, { form }).failures).toEqual([]);
      }),
      { numRuns: runs },
    );
  },
  Math.max(60_000, 2000 * runs),
);
