import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkSubject, subjectOf } from '../../generator/check/index.ts';
import { runsOf, seed } from '../runs.ts';
import { arbitraryPooled } from './arbitraryPooled.ts';
import { wrongRows } from './subjects.ts';

// One of these takes as long as five others.
const runs = Math.ceil(runsOf(10) / 5);

// Two samples: of the first nothing may be left behind where the second one's gradient goes along other winners.
test('Random pools behind large kernels pass the check in every form', { timeout: 60_000 + runs * 5000 }, () => {
  fc.assert(
    fc.property(arbitraryPooled, (spec) => {
      const result = checkSubject(subjectOf(spec), { seed: 1, samples: 2, slotsPerSample: 20 });
      const faults = result.forms.flatMap(({ form, faults }) => faults.map((one) => `${form}: ${one}`));
      expect([...wrongRows(result), ...faults]).toEqual([]);
    }),
    { numRuns: runs, seed },
  );
});
