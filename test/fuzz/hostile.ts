import fc from 'fast-check';
import { layerKinds } from '../../generator/spec/schema.ts';
import { raw } from './rawJson.ts';

/** Text that would do harm, were it taken for code, a comment, a path, a terminal's command or a key that every object has. */
export const hostileTexts = [
  '',
  ' ',
  '*/ throw 1; /*',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is what is tested
  '${process.exit(7)}',
  '`',
  "'; throw 1; '",
  '{{{body}}}',
  'two\nlines',
  'a\r\nb',
  '\u2028// throw 1',
  '\u001b[2J\u202e',
  '\u0000',
  '\ud800',
  '../../escape',
  '/etc/passwd',
  'C:\\con',
  'größe',
  '名前',
  '👩‍👩‍👧',
  '<script>',
  '%s %d %j',
  'undefined',
  '[object Object]',
  'x'.repeat(65),
  'x'.repeat(100_000),
] as const;

/** Names that the rule allows and careless code trips over: reserved words, what every object has, emitted identifiers. */
export const awkwardNames = [
  'default',
  'await',
  'arguments',
  'eval',
  'let',
  'constructor',
  'toString',
  'hasOwnProperty',
  'input',
  'Input',
  'loss',
  'output',
  'network',
  'Model',
  'createModel',
  'forward',
  'forward_a',
  'backwardPass',
  'lossPass',
  'parameters',
  'gradients',
  'Math',
  'undefined',
  'x',
  'W1',
  'L',
  't',
  's',
  'a-b',
  'a_b',
  'a_b_1',
  'A-B',
  'con',
  'nul',
  'z'.repeat(64),
] as const;

/** Keys that an object must not be asked for carelessly. */
export const hostileKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'toJSON',
  'then',
  '',
  'layers',
  'type',
];

const numbers = [-1, 0, -0, 0.5, 1e-320, 2, 3, 7, 2 ** 24, 2 ** 24 + 1, 2 ** 31, 2 ** 53, 1e308, -1e308];

/** Numbers and words that a text may hold where a number is meant; some are no JSON. */
const rawTokens = [
  '1e999',
  '-1e999',
  '-0',
  '1.0',
  '1E2',
  '01',
  '+1',
  '.5',
  '0x10',
  'NaN',
  'Infinity',
  'undefined',
  '1_000',
];

const depths = [1, 3, 1000, 100_000];

/** Arrays within arrays; without an end the text is no JSON. */
function nested(depth: number, ends: boolean): string {
  return raw('['.repeat(depth) + (ends ? ']'.repeat(depth) : ''));
}

/** Values that a spec does not expect, whatever the place. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null]) },
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...numbers) },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...hostileTexts) },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...awkwardNames) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(...layerKinds, 'same', 'valid', 'softmax', 'squaredError') },
  { weight: 2, arbitrary: fc.constantFrom(...rawTokens).map(raw) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...depths), fc.boolean()).map(([depth, ends]) => nested(depth, ends)),
  },
  { weight: 1, arbitrary: fc.constantFrom(10, 2000).map((length) => Array.from({ length }, () => 'input')) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);
