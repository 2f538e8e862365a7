import type { Affine, Index } from '../../generator/equations/affine.ts';
import type { Equation } from '../../generator/equations/equation.ts';
import type { Condition, Expression, Read } from '../../generator/equations/expression.ts';
import type { FunctionName } from '../../generator/equations/functionName.ts';
import { offsetOf, sizeOf, storageOf, type Tensor } from '../../generator/equations/tensor.ts';

type Place = ReadonlyMap<Index, number>;

/** The functions that these tests use. */
const functions: Readonly<Partial<Record<FunctionName, (u: number) => number>>> = {
  square: (u) => u * u,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  relu: (u) => Math.max(u, 0),
  tanh: Math.tanh,
};

/**
 * Equations read as they are printed and run naively: what a rewrite must leave as it is. A tensor starts at 0; a term that
 * reads outside does not exist.
 *
 * @param values the numbers of what no equation computes; those of the targets are put in
 */
export function interpret(equations: readonly Equation[], values: Map<Tensor, number[]>): Map<Tensor, number[]> {
  for (const { target, at, over, value } of equations) {
    const storage = storageOf(target);
    const numbers = values.get(storage) ?? Array(sizeOf(storage)).fill(0);
    values.set(storage, numbers);
    for (const place of placesOf(over, new Map())) {
      const coordinates = at.map((coordinate) => evaluate(coordinate, place, values));
      const offset = coordinates.includes(undefined) ? undefined : offsetOf(target.shape, coordinates as number[]);
      if (offset !== undefined) numbers[offset]! += formulaAt(value, place, values) ?? 0;
    }
  }
  return values;
}

function placesOf(over: readonly Index[], base: Place): Place[] {
  return over.reduce<Place[]>(
    (all, one) => all.flatMap((place) => Array.from({ length: one.size }, (_, n) => new Map(place).set(one, n))),
    [base],
  );
}

/** A coordinate's value; undefined at the winner of a window that does not exist. */
function evaluate({ constant, terms }: Affine, place: Place, values: Map<Tensor, number[]>): number | undefined {
  let value = constant;
  for (const [one, factor] of terms) {
    const at = one.winner === undefined ? place.get(one) : digitOf(one.winner, place, values);
    if (at === undefined && one.winner === undefined) throw new Error(`index ${one.name} has no value`);
    if (at === undefined) return undefined;
    value += factor * at;
  }
  return value;
}

function digitOf({ read, sizes, axis }: NonNullable<Index['winner']>, place: Place, values: Map<Tensor, number[]>) {
  const winner = numberAt(read, place, values);
  if (winner === undefined) return undefined;
  const below = sizes.slice(axis + 1).reduce((product, size) => product * size, 1);
  return Math.floor(winner / below) % sizes[axis]!;
}

function numberAt({ tensor, at }: Read, place: Place, values: Map<Tensor, number[]>): number | undefined {
  const coordinates = at.map((coordinate) => evaluate(coordinate, place, values));
  if (coordinates.includes(undefined)) return undefined;
  const offset = offsetOf(tensor.shape, coordinates as number[]);
  // What nobody has computed yet is 0.
  return offset === undefined ? undefined : (values.get(storageOf(tensor))?.[offset] ?? 0);
}

/** A formula's value at a place; undefined where it does not exist. */
function formulaAt(e: Expression, place: Place, values: Map<Tensor, number[]>): number | undefined {
  const recur = (child: Expression): number | undefined => formulaAt(child, place, values);
  const existing = (children: readonly Expression[]): number[] => children.flatMap((child) => recur(child) ?? []);
  switch (e.kind) {
    case 'number':
      return e.value;
    case 'read':
      return numberAt(e, place, values);
    case 'entry': {
      const [row, column] = e.at.map((coordinate) => evaluate(coordinate, place, values)!);
      return e.matrix.rows[row!]![column!];
    }
    case 'plus':
      return existing(e.terms).reduce((sum, term) => sum + term, 0);
    case 'times': {
      const factors = existing(e.factors);
      return factors.length < e.factors.length ? undefined : factors.reduce((product, one) => product * one, 1);
    }
    case 'divide': {
      const [dividend, divisor] = [recur(e.dividend), recur(e.divisor)];
      return dividend === undefined || divisor === undefined ? undefined : dividend / divisor;
    }
    case 'call': {
      const argument = recur(e.argument);
      return argument === undefined ? undefined : functions[e.name]!(argument);
    }
    case 'where': {
      const holds = decide(e.condition, place, values);
      return holds === undefined ? undefined : recur(holds ? e.yes : e.no);
    }
    case 'count':
      return placesOf(e.over, place).filter((inner) =>
        e.inside.every(({ at, size }) => isInside(evaluate(at, inner, values), size)),
      ).length;
    case 'address':
      throw new Error('an address is no formula to be read');
    default:
      return reduce(e, place, values);
  }
}

function isInside(value: number | undefined, size: number): boolean {
  return value !== undefined && value >= 0 && value < size;
}

function reduce(
  e: Extract<Expression, { kind: 'sum' | 'max' | 'argmax' | 'logSumExp' }>,
  place: Place,
  values: Map<Tensor, number[]>,
): number | undefined {
  const terms = placesOf(e.over, place).map((inner) => formulaAt(e.body, inner, values));
  const found = terms.filter((term) => term !== undefined);
  switch (e.kind) {
    case 'sum':
      return found.reduce((sum, term) => sum + term, 0);
    case 'max':
      return Math.max(...found);
    case 'argmax':
      return terms.indexOf(Math.max(...found));
    case 'logSumExp':
      return Math.log(found.reduce((sum, term) => sum + Math.exp(term), 0));
  }
}

function decide(condition: Condition, place: Place, values: Map<Tensor, number[]>): boolean | undefined {
  if (condition.kind === 'within')
    return isInside(evaluate(condition.coordinate.at, place, values), condition.coordinate.size);
  if (condition.kind === 'winner') {
    const winner = numberAt(condition.winner, place, values);
    const at = condition.at.map((coordinate) => evaluate(coordinate, place, values)!);
    return winner === undefined ? undefined : winner === offsetOf(condition.sizes, at);
  }
  const [left, right] = [formulaAt(condition.left, place, values), formulaAt(condition.right, place, values)];
  if (left === undefined || right === undefined) return undefined;
  switch (condition.sign) {
    case '=':
      return left === right;
    case '≠':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
  }
}
