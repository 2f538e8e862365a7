import { pairsOf } from '../lists.ts';
import { type Affine, bounds, type Index, indicesOf, plain, plus, staysWithin, times } from './affine.ts';
import type { Condition, Coordinate, Count, Divide, Expression, Sign, Where } from './expressionKinds.ts';
import type { FunctionName } from './functionName.ts';
import type { Entry, Matrix, Read } from './place.ts';
import { sameCondition } from './sameExpression.ts';
import type { Tensor } from './tensor.ts';

export type {
  ArgMax,
  Condition,
  Coordinate,
  Count,
  Expression,
  LogSumExp,
  Max,
  Sign,
  Sum,
  Times,
  Where,
} from './expressionKinds.ts';
export type { Entry, Matrix, Read };

export const zero: Expression = { kind: 'number', value: 0 };
export const one: Expression = { kind: 'number', value: 1 };

export function number(value: number): Expression {
  return { kind: 'number', value };
}

export function read(tensor: Tensor, at: readonly Affine[]): Read {
  if (at.length !== tensor.shape.length) {
    throw new Error(`${tensor.name} has ${tensor.shape.length} axes, read with ${at.length} coordinates`);
  }
  return { kind: 'read', tensor, at };
}

/** An element of a matrix; the number itself where it is known which. */
export function entry(matrix: Matrix, at: readonly [Affine, Affine]): Expression {
  const [row, column] = at;
  if (row.terms.size + column.terms.size > 0) return { kind: 'entry', matrix, at };
  return number(entryAt(matrix, row.constant, column.constant));
}

/** @throws Error where there is none: a matrix, unlike a tensor, is read inside only */
export function entryAt({ name, rows }: Matrix, row: number, column: number): number {
  const value = rows[row]?.[column];
  if (value === undefined) throw new Error(`${name} has no element [${row},${column}]`);
  return value;
}

const isNumber = (e: Expression, value: number): boolean => e.kind === 'number' && e.value === value;

/** Sum; drops zeros, flattens, joins brackets of one condition: [c]·a + [¬c]·b = c ? a : b. */
export function add(...summands: readonly Expression[]): Expression {
  const terms: Expression[] = [];
  for (const summand of summands.flatMap((e) => (e.kind === 'plus' ? e.terms : [e]))) {
    if (isNumber(summand, 0)) continue;
    if (summand.kind !== 'where' || !joinInto(terms, summand)) terms.push(summand);
  }
  const [only = zero, ...more] = terms;
  return more.length === 0 ? only : { kind: 'plus', terms };
}

/** Adds a bracket to the first with its condition, if there is one. */
function joinInto(terms: Expression[], { condition, yes, no }: Where): boolean {
  for (const [position, term] of terms.entries()) {
    if (term.kind !== 'where' || !sameCondition(term.condition, condition)) continue;
    terms[position] = where(term.condition, add(term.yes, yes), add(term.no, no));
    return true;
  }
  return false;
}

/**
 * Product; drops ones, flattens, moves brackets outward: dy·(c ? 1 : 0) = c ? dy : 0. Numbers are folded only where
 * that is exact (a power of two or a sign), so that the emitted text keeps the constants of the formula.
 */
export function multiply(...operands: readonly Expression[]): Expression {
  const numbers: number[] = [];
  const factors: Expression[] = [];
  for (const operand of operands.flatMap((e) => (e.kind === 'times' ? e.factors : [e]))) {
    if (operand.kind === 'number') numbers.push(operand.value);
    else factors.push(operand);
  }
  const folded = foldExactly(numbers);
  if (folded.includes(0)) return zero;
  const all = [...folded.filter((value) => value !== 1).map(number), ...factors];
  const [only = one, ...more] = all;
  if (more.length === 0) return only;
  const bracket = all.find(isBracket);
  if (bracket !== undefined) {
    const inside = (branch: Expression): Expression => multiply(...all.with(all.indexOf(bracket), branch));
    return where(bracket.condition, inside(bracket.yes), inside(bracket.no));
  }
  const fraction = all.find(isReciprocal);
  if (fraction !== undefined) return divide(multiply(...all.toSpliced(all.indexOf(fraction), 1)), fraction.divisor);
  return { kind: 'times', factors: all };
}

/** One divided by something. */
function isReciprocal(e: Expression): e is Divide {
  return e.kind === 'divide' && isNumber(e.dividend, 1);
}

/** A choice between something and 0. */
function isBracket(e: Expression): e is Where {
  return e.kind === 'where' && (isNumber(e.yes, 0) || isNumber(e.no, 0));
}

function foldExactly(numbers: readonly number[]): number[] {
  const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(Math.abs(value)));
  const exact = numbers.filter((value) => value === 0 || isPowerOfTwo(value)).reduce((a, b) => a * b, 1);
  const others = numbers.filter((value) => value !== 0 && !isPowerOfTwo(value));
  const [first, ...rest] = others;
  return first === undefined ? [exact] : [exact * first, ...rest];
}

export function negate(e: Expression): Expression {
  return e.kind === 'plus' ? add(...e.terms.map(negate)) : multiply(number(-1), e);
}

export function subtract(a: Expression, b: Expression): Expression {
  return add(a, negate(b));
}

export function divide(dividend: Expression, divisor: Expression): Expression {
  if (isNumber(dividend, 0) || isNumber(divisor, 1)) return dividend;
  if (isBracket(dividend)) {
    return where(dividend.condition, divide(dividend.yes, divisor), divide(dividend.no, divisor));
  }
  return { kind: 'divide', dividend, divisor };
}

export function call(name: FunctionName, argument: Expression): Expression {
  return { kind: 'call', name, argument };
}

export function where(condition: Condition, yes: Expression, no: Expression): Expression {
  if (condition.kind === 'within' && staysWithin(condition.coordinate.at, condition.coordinate.size)) return yes;
  if (yes.kind === 'number' && isNumber(no, yes.value)) return yes;
  return { kind: 'where', condition, yes, no };
}

export function compare(left: Expression, sign: Sign, right: Expression): Condition {
  return { kind: 'compare', sign, left, right };
}

/** Σ over plain coordinates. */
export function sum(over: readonly Affine[], body: Expression): Expression {
  return sumOver(indicesOf(over), body);
}

export function sumOver(over: readonly Index[], body: Expression): Expression {
  if (over.length === 0 || isNumber(body, 0)) return body;
  return body.kind === 'sum' ? { ...body, over: [...over, ...body.over] } : { kind: 'sum', over, body };
}

/** max over plain coordinates; over nothing it is the value itself. */
export function max(over: readonly Affine[], body: Expression, ties: 'first' | 'all' = 'first'): Expression {
  const indices = indicesOf(over);
  return indices.length === 0 ? body : { kind: 'max', over: indices, body, ties };
}

export function logSumExp(over: readonly Affine[], body: Expression): Expression {
  return { kind: 'logSumExp', over: indicesOf(over), body };
}

/** Mean of the terms that exist: their sum by their number. */
export function mean(over: readonly Affine[], body: Read): Expression {
  return divide(sum(over, body), count(indicesOf(over), insideOf(body)));
}

function insideOf({ tensor, at }: Read): Coordinate[] {
  return pairsOf(at, tensor.shape).map(([coordinate, size]) => ({ at: coordinate, size }));
}

/** How many places over `over` keep every coordinate inside its axis; `named` where it was defined elsewhere. */
export function count(
  over: readonly Index[],
  inside: readonly Coordinate[],
  named?: Pick<Count, 'at' | 'definition'>,
): Expression {
  const open = inside.filter(({ at, size }) => !staysWithin(at, size));
  if (open.length === 0) return number(over.reduce((product, { size }) => product * size, 1));
  const places = [...new Set(indicesOf(open.map(({ at }) => at)))].filter((one) => !over.includes(one));
  const own = { at: places.map(plain), definition: { places, over, inside: open } };
  return { kind: 'count', over, inside: open, ...own, ...named };
}

/** The value of a coordinate as a number, from 0: as many as there are places before it. */
export function ordinal(at: Affine): Expression {
  if (at.terms.size === 0) return number(at.constant);
  const size = bounds(at).max + 1;
  const before: Index = { name: 'n', size };
  return count([before], [{ at: plus(at, times(-1, plain(before)), -1), size }]);
}

/** The coordinate whose value a count is, if it counts the places before one. */
export function ordinalOf({ over, inside }: Count): Affine | undefined {
  const [before, ...others] = over;
  const [range, ...more] = inside;
  if (before === undefined || range === undefined || others.length > 0 || more.length > 0) return undefined;
  const at = plus(range.at, plain(before), 1);
  return range.at.terms.get(before) === -1 && range.size === before.size && bounds(at).max < before.size
    ? at
    : undefined;
}
