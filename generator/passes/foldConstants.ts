import { plusOf, timesOf } from '../code/arithmetic.ts';
import type { Code, Value } from '../code/code.ts';
import { mapParts, mapStatement } from '../code/parts.ts';
import { mapCode } from '../schedule/loops/loopPlan.ts';
import type { Pass } from './pass.ts';

/**
 * Constants alone are computed in float64, so that they are rounded once to the numbers that the code runs in: in float32,
 * 1 − 0.99999999 is 0, and a step of Adam that forms it as it runs learns nothing.
 */
export const foldConstants: Pass<'loops'> = {
  name: 'foldConstants',
  does: 'what consists of constants alone is computed beforehand, in float64',
  gives: 'loops',
  rewrite: 'x·(1 − 0.999)   →   x·0.001',
  run: (plan) => mapCode(plan, foldedConstants),
};

/** The same of the code of one nest. */
export function foldedConstants(code: readonly Code[]): readonly Code[] {
  return code.map((one) => mapStatement(one, { value: folded, body: foldedConstants }));
}

function folded(outer: Value): Value {
  const value = mapParts(outer, folded);
  switch (value.kind) {
    case 'plus':
      return plusOf(joined(value.terms, (numbers) => numbers.reduce((sum, n) => sum + n, 0)));
    case 'times':
      return timesOf(joined(value.factors, (numbers) => numbers.reduce((all, n) => all * n, 1)));
    case 'divide':
      return constantOf([value.dividend, value.divisor], ([a = 0, b = 1]) => a / b) ?? value;
    case 'call': {
      const exact = value.name === 'sqrt' ? Math.sqrt : value.name === 'square' ? (u: number) => u * u : undefined;
      // Other functions differ from engine to engine, and the text must not.
      return (exact && constantOf([value.argument], ([u = 0]) => exact(u))) ?? value;
    }
    case 'select':
    case 'max':
    case 'splat':
    case 'extract':
    case 'number':
    case 'local':
    case 'argument':
    case 'load':
    case 'fromInt':
      return value;
  }
}

/** The numbers among some values as one, at the first one's place; a sign, the number −1 in front, stays by itself. */
function joined(values: readonly Value[], join: (numbers: readonly number[]) => number): readonly Value[] {
  const all = constantOf(values, join);
  if (all !== undefined) return [all];
  const isOpen = (value: Value): boolean => value.kind === 'number' && value.value !== -1;
  const numbers = values.filter(isOpen);
  const one = numbers.length > 1 ? constantOf(numbers, join) : undefined;
  if (one === undefined) return values;
  return values.flatMap((value) => (!isOpen(value) ? [value] : value === numbers[0] ? [one] : []));
}

/** What a function makes of values that are all numbers, if that is a number; nothing otherwise. */
function constantOf(values: readonly Value[], of: (numbers: readonly number[]) => number): Value | undefined {
  const numbers = values.flatMap((value) => (value.kind === 'number' ? [value.value] : []));
  if (numbers.length < values.length) return undefined;
  const value = of(numbers);
  return Number.isFinite(value) ? { kind: 'number', value } : undefined;
}
