import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkSubject, subjectOf } from '../../generator/check/index.ts';
import type { NetworkSpec } from '../../generator/index.ts';
import { arbitraryNamed } from '../execution/arbitraryNamed.ts';
import { hasTies } from '../execution/gradientsAgree.ts';
import { isCosineOfOne } from '../execution/isCosineOfOne.ts';
import { networksOfNewPairs } from '../execution/pairs.ts';
import { sampleOf } from '../execution/sample.ts';
import { runsOf, seed } from '../runs.ts';
import { wrongRows } from './subjects.ts';

const runs = runsOf(2);
const timeout = 60_000 + runs * 3000;

/** What `longhand check` says of a network in every form: of two samples, which shows what one leaves for the next. */
function faultsOf(spec: NetworkSpec): readonly string[] {
  const result = checkSubject(subjectOf(spec), { seed: 1, samples: 2, slotsPerSample: 10 });
  return [...wrongRows(result), ...result.forms.flatMap(({ form, faults }) => faults.map((one) => `${form}: ${one}`))];
}

test('Networks with every two options together pass the check in every form', { timeout }, () => {
  let left = runs;
  for (const spec of networksOfNewPairs()) {
    if (left-- === 0) break;
    expect(faultsOf(spec), JSON.stringify(spec)).toEqual([]);
  }
});

test('Random networks with named inputs and outputs pass the check in every form', { timeout }, () => {
  fc.assert(
    fc.property(arbitraryNamed, (spec) => {
      const sample = sampleOf(spec, 1);
      fc.pre(!hasTies(sample));
      fc.pre(!isCosineOfOne(sample.network));
      expect(faultsOf(spec)).toEqual([]);
    }),
    { numRuns: runs, seed },
  );
});
