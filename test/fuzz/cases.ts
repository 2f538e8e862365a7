import fc from 'fast-check';
import { arbitrarySpec } from '../execution/arbitrarySpec.ts';
import { hostileTexts, hostileValue } from './hostile.ts';
import { mutation } from './mutations.ts';
import { toText } from './rawJson.ts';

const optimizer = fc.constantFrom(
  undefined,
  { type: 'sgd' },
  { type: 'momentum', nesterov: true },
  { type: 'adam', beta1: 0.5 },
  { type: 'adamw', clipNorm: 1 },
  { type: 'sgd', weightDecay: 0.1, clipNorm: 2 },
  { type: 'momentum', weightDecay: 0.1, decoupledWeightDecay: true },
  { type: 'rmsprop', momentum: 0.5, centered: true },
  { type: 'adagrad', initialAccumulatorValue: 0 },
);

const goodSpec = fc.tuple(arbitrarySpec, optimizer).map(([spec, one]) => ({ ...spec, ...(one && { optimizer: one }) }));

/** A good spec with a few places changed. */
const mutated: fc.Arbitrary<string> = fc
  .tuple(goodSpec, fc.array(fc.tuple(mutation, fc.nat(10_000)), { maxLength: 3 }))
  .map(([spec, changes]) => toText(changes.reduce<unknown>((value, [change, at]) => change(value, at), spec)));

/** The keys of a spec with anything behind them. */
const shapeless: fc.Arbitrary<string> = fc
  .record(
    { name: hostileValue, input: hostileValue, layers: fc.array(hostileValue), loss: hostileValue },
    { requiredKeys: [] },
  )
  .map(toText);

const cuts = [
  ' ',
  ',',
  '"',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\\',
  '\\u12',
  '/*',
  '//',
  '\uFEFF',
  '\u007f',
  '[[['.repeat(50_000),
];

/** The text of a good spec with a piece cut out, and another put in. */
const garbled: fc.Arbitrary<string> = fc
  .tuple(arbitrarySpec.map(toText), fc.nat(), fc.nat(20), fc.constantFrom(...cuts, ...hostileTexts))
  .map(([text, at, length, piece]) => {
    const start = at % text.length;
    return text.slice(0, start) + piece + text.slice(start + length);
  });

/** The text of a file that may or may not be a spec. */
export const caseText: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: mutated },
  { weight: 3, arbitrary: garbled },
  { weight: 1, arbitrary: shapeless },
  { weight: 1, arbitrary: fc.anything({ maxDepth: 3 }).map(toSafeText) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 6 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

/** Functions and symbols are no JSON; nor are a bigint and what contains itself. */
function toSafeText(value: unknown): string {
  try {
    return toText(value);
  } catch {
    return '';
  }
}
