import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { NetworkSpec } from '../../generator/index.ts';
import { arbitrarySpec } from '../execution/arbitrarySpec.ts';
import { hasTies } from '../execution/gradientsAgree.ts';
import { sampleOf } from '../execution/sample.ts';
import { runsOf } from '../runs.ts';
import { arbitraryWide } from './arbitraryWide.ts';
import { expectFewRoundings } from './expectFewRoundings.ts';

const runs = runsOf(20);
const timeout = 60_000 + runs * 1000;

describe.each([
  ['any network', arbitrarySpec],
  ['any network of wide layers', arbitraryWide],
])('the wasm module of %s', { timeout }, (_, specs: fc.Arbitrary<NetworkSpec>) => {
  it('gives what the reference and the float64 module give, but for a few roundings', () =>
    fc.assert(
      fc.asyncProperty(specs, fc.nat(1e6), async (spec, numbers) => {
        const sample = sampleOf(spec, numbers);
        // Equal places of a pool with ties 'all' each get the whole gradient, and roundings decide which are equal.
        fc.pre(!hasTies(sample));
        await expectFewRoundings(spec, sample);
      }),
      { numRuns: runs },
    ));
});
