import fc from 'fast-check';
import { expect, test } from 'vitest';
import { proveNetwork } from '../../generator/prove/index.ts';
import { arbitrarySpec } from '../execution/arbitrarySpec.ts';
import { runsOf } from '../runs.ts';

// In all of `npm test` a few; `npm run nightly` proves hundreds, each time others.
const runs = runsOf(3);

test.each(['unrolled', 'fast', 'wasm'] as const)(
  'Random networks are proved in the %s form',
  (form) => {
    fc.assert(
      fc.property(arbitrarySpec, (spec) => {
        expect(proveNetwork(spec, { form }).failures).toEqual([]);
      }),
      { numRuns: runs },
    );
  },
  Math.max(60_000, 10_000 * runs),
);
