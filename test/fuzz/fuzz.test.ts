import fc from 'fast-check';
import { expect, test } from 'vitest';
import { caseText } from './cases.ts';
import { expectSoundOutcome } from './expectation.ts';
import { quickOptions } from './options.ts';

const runs = Number(process.env.LONGHAND_FUZZ_RUNS ?? 300);

test(`${runs} hostile texts are refused in well-formed lines or give a sound module`, {
  timeout: 60_000 + runs * 100,
}, () => {
  const count = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(caseText, quickOptions, (text, options) => {
      count[expectSoundOutcome(text, options).kind]++;
    }),
    { numRuns: runs },
  );
  // Neither side may be so rare that nothing is tried of it.
  expect(count.accepted).toBeGreaterThan(runs / 20);
  expect(count.refused).toBeGreaterThan(runs / 4);
});
