import { type Affine, bounds, type Index, indicesOf, plain, plus, sameAffine, staysWithin, times } from './affine.ts';
import type { FunctionName } from './functionName.ts';
import type { Read } from './place.ts';
import type { Tensor } from './tensor.ts';

export type { Read };

/**
 * The right-hand side of an equation. One rule holds everywhere: a term that reads outside its tensor does not exist.
 * A sum gains nothing from it, a maximum never meets it, a count does not count it. That is all padding.
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | Read
  | { readonly kind: 'plus'; readonly terms: readonly Expression[] }
  | { readonly kind: 'times'; readonly factors: readonly Expression[] }
  | Divide
  | { readonly kind: 'call'; readonly name: FunctionName; readonly argument: Expression }
  | Where
  | Sum
  | Max
  | ArgMax
  | LogSumExp
  | Count
  | Address;

export interface Divide {
  readonly kind: 'divide';
  readonly dividend: Expression;
  readonly divisor: Expression;
}

/** The Iverson bracket, generalised: one value where the condition holds, another elsewhere. */
export interface Where {
  readonly kind: 'where';
  readonly condition: Condition;
  readonly yes: Expression;
  readonly no: Expression;
}

export interface Sum {
  readonly kind: 'sum';
  readonly over: readonly Index[];
  readonly body: Expression;
}

/** The largest value. */
export interface Max {
  readonly kind: 'max';
  readonly over: readonly Index[];
  readonly body: Expression;
  /** Who gets the gradient: the first winner, or every place equal to the maximum. */
  readonly ties: 'first' | 'all';
}

/** The place, row-major within `over`, of the first value equal to the maximum. */
export interface ArgMax {
  readonly kind: 'argmax';
  readonly over: readonly Index[];
  readonly body: Expression;
  readonly maximum: Read;
}

/** log Σ exp body. What would overflow is subtracted from the body, by whoever writes it, and never added again. */
export interface LogSumExp {
  readonly kind: 'logSumExp';
  readonly over: readonly Index[];
  readonly body: Expression;
}

/** How many places over `over` keep every coordinate inside its axis. */
export interface Count {
  readonly kind: 'count';
  readonly over: readonly Index[];
  readonly inside: readonly Coordinate[];
  /** N[at] of N[places] = Σ_over [0 ≤ inside < size]: the same as it was defined, for readers. */
  readonly at: readonly Affine[];
  readonly definition: CountDefinition;
}

export interface CountDefinition {
  readonly places: readonly Index[];
  readonly over: readonly Index[];
  readonly inside: readonly Coordinate[];
}

/** How far a winner's place moves a read in memory: Σ strides·place. */
export interface Address {
  readonly kind: 'address';
  readonly winner: Read;
  /** Sizes of the window, which the winner counts row by row. */
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
}

/** A coordinate and the size of the axis that it must lie in. */
export interface Coordinate {
  readonly at: Affine;
  readonly size: number;
}

export type Sign = '>' | '<' | '=' | '≠';

export type Condition =
  | { readonly kind: 'compare'; readonly sign: Sign; readonly left: Expression; readonly right: Expression }
  /** The winner stored in `winner` is the window's place `at`, counted row-major over `sizes`. */
  | {
      readonly kind: 'winner';
      readonly winner: Read;
      readonly at: readonly Affine[];
      readonly sizes: readonly number[];
    }
  | { readonly kind: 'within'; readonly coordinate: Coordinate };

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

const isNumber = (e: Expression, value: number): boolean => e.kind === 'number' && e.value === value;

/** Sum; drops zeros, flattens, joins brackets of one condition: [c]·a + [¬c]·b = c ? a : b. */
export function add(...summands: readonly Expression[]): Expression {
  const terms: Expression[] = [];
  for (const summand of summands.flatMap((e) => (e.kind === 'plus' ? e.terms : [e]))) {
    if (isNumber(summand, 0)) continue;
    const partner = summand.kind === 'where' ? terms.findIndex((term) => sharesCondition(term, summand)) : -1;
    if (partner < 0) terms.push(summand);
    else terms[partner] = joinBranches(terms[partner] as Where, summand as Where);
  }
  if (terms.length === 0) return zero;
  return terms.length === 1 ? (terms[0] as Expression) : { kind: 'plus', terms };
}

function sharesCondition(term: Expression, other: Expression): boolean {
  return term.kind === 'where' && other.kind === 'where' && sameCondition(term.condition, other.condition);
}

function joinBranches(a: Where, b: Where): Expression {
  return where(a.condition, add(a.yes, b.yes), add(a.no, b.no));
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
  const bracket = all.findIndex(isBracket);
  if (bracket >= 0 && all.length > 1) {
    const { condition, yes, no } = all[bracket] as Where;
    return where(condition, multiply(...all.toSpliced(bracket, 1, yes)), multiply(...all.toSpliced(bracket, 1, no)));
  }
  const fraction = all.findIndex((e) => e.kind === 'divide' && isNumber(e.dividend, 1));
  if (fraction >= 0 && all.length > 1) {
    return divide(multiply(...all.toSpliced(fraction, 1)), (all[fraction] as Divide).divisor);
  }
  if (all.length === 0) return one;
  return all.length === 1 ? (all[0] as Expression) : { kind: 'times', factors: all };
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
  return at.map((coordinate, axis) => ({ at: coordinate, size: tensor.shape[axis] as number }));
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

/** The expression with every coordinate rewritten, those of bound indices too. */
export function mapCoordinates(e: Expression, change: (at: Affine) => Affine): Expression {
  return mapParts(e, (part) => mapCoordinates(part, change), change);
}

/** The expression with its direct parts and its own coordinates rewritten, and simplified again. */
export function mapParts(
  e: Expression,
  part: (e: Expression) => Expression,
  coordinate: (at: Affine) => Affine,
): Expression {
  const changedRead = (r: Read): Read => ({ ...r, at: r.at.map(coordinate) });
  const changedInside = ({ at, size }: Coordinate): Coordinate => ({ at: coordinate(at), size });
  switch (e.kind) {
    case 'number':
      return e;
    case 'read':
      return changedRead(e);
    case 'plus':
      return add(...e.terms.map(part));
    case 'times':
      return multiply(...e.factors.map(part));
    case 'divide':
      return divide(part(e.dividend), part(e.divisor));
    case 'call':
      return call(e.name, part(e.argument));
    case 'where':
      return where(mapCondition(e.condition, part, changedRead, coordinate, changedInside), part(e.yes), part(e.no));
    case 'sum':
      return sumOver(e.over, part(e.body));
    case 'max':
    case 'logSumExp':
      return { ...e, body: part(e.body) };
    case 'argmax':
      return { ...e, body: part(e.body), maximum: changedRead(e.maximum) };
    case 'count':
      return count(e.over, e.inside.map(changedInside), { at: e.at.map(coordinate), definition: e.definition });
    case 'address':
      return { ...e, winner: changedRead(e.winner) };
  }
}

/** The expression with every read outside conditions replaced; a read for which `change` gives nothing becomes `otherwise`. */
export function mapReads(
  e: Expression,
  change: (r: Read) => Expression | undefined,
  otherwise: Expression = one,
): Expression {
  const recur = (child: Expression): Expression => mapReads(child, change, otherwise);
  switch (e.kind) {
    case 'read':
      return change(e) ?? otherwise;
    case 'plus':
      return add(...e.terms.map(recur));
    case 'times':
      return multiply(...e.factors.map(recur));
    case 'divide':
      return divide(recur(e.dividend), recur(e.divisor));
    case 'call':
      return call(e.name, recur(e.argument));
    case 'where':
      return where(e.condition, recur(e.yes), recur(e.no));
    case 'sum':
      return sumOver(e.over, recur(e.body));
    case 'number':
    case 'max':
    case 'argmax':
    case 'logSumExp':
    case 'count':
    case 'address':
      return e;
  }
}

function mapCondition(
  condition: Condition,
  recur: (e: Expression) => Expression,
  recurRead: (e: Read) => Read,
  change: (at: Affine) => Affine,
  recurInside: (inside: Coordinate) => Coordinate,
): Condition {
  switch (condition.kind) {
    case 'compare':
      return compare(recur(condition.left), condition.sign, recur(condition.right));
    case 'winner':
      return { ...condition, winner: recurRead(condition.winner), at: condition.at.map(change) };
    case 'within':
      return { kind: 'within', coordinate: recurInside(condition.coordinate) };
  }
}

/** Structural equality. */
export function sameExpression(a: Expression, b: Expression): boolean {
  return a === b || signature(a) === signature(b);
}

function sameCondition(a: Condition, b: Condition): boolean {
  return a === b || conditionSignature(a) === conditionSignature(b);
}

const identities = new WeakMap<object, number>();
let nextIdentity = 0;

function identityOf(object: object): number {
  const known = identities.get(object);
  if (known !== undefined) return known;
  identities.set(object, ++nextIdentity);
  return nextIdentity;
}

function affineSignature({ constant, terms }: Affine): string {
  const parts = [...terms].map(([one, coefficient]) => `${coefficient}#${identityOf(one)}`).sort();
  return [constant, ...parts].join('+');
}

function signature(e: Expression): string {
  switch (e.kind) {
    case 'number':
      return String(e.value);
    case 'read':
      return `@${identityOf(e.tensor)}[${e.at.map(affineSignature).join()}]`;
    case 'plus':
      return `(+ ${e.terms.map(signature).join(' ')})`;
    case 'times':
      return `(* ${e.factors.map(signature).join(' ')})`;
    case 'divide':
      return `(/ ${signature(e.dividend)} ${signature(e.divisor)})`;
    case 'call':
      return `(${e.name} ${signature(e.argument)})`;
    case 'where':
      return `(? ${conditionSignature(e.condition)} ${signature(e.yes)} ${signature(e.no)})`;
    case 'address':
      return `(address ${signature(e.winner)} ${e.strides.join()})`;
    case 'count':
      return `(count ${e.over.map(identityOf).join()} ${e.inside.map(({ at }) => affineSignature(at)).join()})`;
    case 'sum':
    case 'max':
    case 'argmax':
    case 'logSumExp':
      return `(${e.kind} ${e.over.map(identityOf).join()} ${signature(e.body)})`;
  }
}

function conditionSignature(condition: Condition): string {
  switch (condition.kind) {
    case 'compare':
      return `(${condition.sign} ${signature(condition.left)} ${signature(condition.right)})`;
    case 'winner':
      return `(winner ${signature(condition.winner)} ${condition.at.map(affineSignature).join()})`;
    case 'within':
      return `(within ${affineSignature(condition.coordinate.at)} ${condition.coordinate.size})`;
  }
}

/** Whether two reads are of the same element for every value of the indices. */
export function sameRead(a: Read, b: Read): boolean {
  return a.tensor === b.tensor && a.at.every((coordinate, axis) => sameAffine(coordinate, b.at[axis] as Affine));
}

/** Visits every read; `isAbsorbed` where it is a factor of what is summed, and so may be 0 instead of absent. */
export function forEachRead(e: Expression, isAbsorbed: boolean, visit: (r: Read, isAbsorbed: boolean) => void): void {
  switch (e.kind) {
    case 'number':
    case 'count':
      return;
    case 'read':
      visit(e, isAbsorbed);
      return;
    case 'plus':
      for (const term of e.terms) forEachRead(term, false, visit);
      return;
    case 'times': {
      for (const factor of e.factors) forEachRead(factor, isAbsorbed && factor.kind === 'read', visit);
      return;
    }
    case 'divide':
      forEachRead(e.dividend, isAbsorbed, visit);
      forEachRead(e.divisor, false, visit);
      return;
    case 'call':
      forEachRead(e.argument, false, visit);
      return;
    case 'where':
      if (e.condition.kind === 'compare') {
        forEachRead(e.condition.left, false, visit);
        forEachRead(e.condition.right, false, visit);
      } else if (e.condition.kind === 'winner') visit(e.condition.winner, false);
      forEachRead(e.yes, false, visit);
      forEachRead(e.no, false, visit);
      return;
    case 'sum':
      forEachRead(e.body, true, visit);
      return;
    case 'max':
    case 'logSumExp':
      forEachRead(e.body, false, visit);
      return;
    case 'argmax':
      forEachRead(e.body, false, visit);
      visit(e.maximum, false);
      return;
    case 'address':
      visit(e.winner, false);
  }
}

/** Visits the name of every scalar function. */
export function forEachCall(e: Expression, visit: (name: FunctionName) => void): void {
  if (e.kind === 'call') visit(e.name);
  for (const child of childrenOf(e)) forEachCall(child, visit);
}

/** The expressions directly inside an expression, those of its condition included. */
export function childrenOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'number':
    case 'read':
    case 'count':
      return [];
    case 'plus':
      return e.terms;
    case 'times':
      return e.factors;
    case 'divide':
      return [e.dividend, e.divisor];
    case 'call':
      return [e.argument];
    case 'where': {
      const { condition } = e;
      const asked =
        condition.kind === 'compare'
          ? [condition.left, condition.right]
          : condition.kind === 'winner'
            ? [condition.winner]
            : [];
      return [...asked, e.yes, e.no];
    }
    case 'sum':
    case 'max':
    case 'logSumExp':
      return [e.body];
    case 'argmax':
      return [e.body, e.maximum];
    case 'address':
      return [e.winner];
  }
}

/** Every read in an expression, conditions included. */
export function readsOf(e: Expression): Read[] {
  return e.kind === 'read' ? [e] : childrenOf(e).flatMap(readsOf);
}
