import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runsOf } from '../runs.ts';
import { caseText } from './cases.ts';
import { expectSoundOutcome } from './expectation.ts';
import { quickOptions } from './options.ts';

const runs = runsOf(300);

test(`${runs} hostile texts are refused in well-formed lines or give a sound module`, {
  timeout: 60_000 + runs * 100,
}, () => {
  const count = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(caseText, quickOptions, (text, options) => {
      count[expectSoundOutcome(text, options).kind]++;
    }),
    // `npm run fuzz` looks for a smaller case.
    { numRuns: runs, endOnFailure: true },
  );
  // Neither side may be so rare that nothing is tried of it.
  expect(count.accepted).toBeGreaterThan(runs / 20);
  expect(count.refused).toBeGreaterThan(runs / 4);
});
