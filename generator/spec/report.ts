import { z } from 'zod';
import { nearest } from './nearest.ts';
import { type Path, show } from './show.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Notes a problem at a place. */
export type Report = (path: Path, found: string, expected: string) => void;

/** Checks one value; reports what its schema says of it and returns undefined where it is wrong. */
export function check<T>(schema: z.core.$ZodType<T>, value: unknown, path: Path, report: Report): T | undefined {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const within = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    const found = within.reduce(partOf, value);
    report([...path, ...within], show(found), withGuess(expectation(issue.message), found, wordsOf(issue)));
  }
  return undefined;
}

/** The message of a schema that states its own, or the part of zod's that says what would be right. */
function expectation(message: string): string {
  const expected = /expected .*/s.exec(message)?.[0] ?? message;
  return expected.replace(/, received .*$/s, '').replace(/^expected boolean$/, 'expected true or false');
}

/** The words that would have been right, where only certain words are. */
function wordsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(wordsOf);
  return [];
}

/** The words to choose from; of a long list, its beginning: docs/spec.md has all. */
export function oneOf(words: readonly string[]): string {
  const most = 16;
  if (words.length <= most) return `expected one of ${words.join(', ')}`;
  return `expected one of ${words.slice(0, most).join(', ')}, … (${words.length} in all)`;
}

export function withGuess(expected: string, found: unknown, words: readonly string[]): string {
  const guess = typeof found === 'string' ? nearest(found, words) : undefined;
  return guess === undefined ? expected : `${expected}; did you mean "${guess}"?`;
}

/** Reports the keys that are not known and returns the known ones they were probably meant to be. */
export function reportUnknownKeys(
  value: Fields,
  known: readonly string[],
  path: Path,
  owner: string,
  report: Report,
): ReadonlySet<string> {
  const meant = new Set<string>();
  const absent = known.filter((key) => !Object.hasOwn(value, key));
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const guess = nearest(key, absent);
    if (guess !== undefined) meant.add(guess);
    const advice = guess === undefined ? `expected only ${known.join(', ')}` : `did you mean ${guess}?`;
    report([...path, key], `a key that ${owner} does not have`, advice);
  }
  return meant;
}

/** A part of an object or array; undefined where the value has no parts. */
export function partOf(value: unknown, step: string | number): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value that the object itself has; what it inherits was not written by the user. */
export function field(value: Fields, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
