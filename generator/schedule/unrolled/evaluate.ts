import { add, divide, isZero, multiply, zero } from '../../code/arithmetic.ts';
import { type Contender, type Int, sumOf, type Test, type Value, variableSum } from '../../code/code.ts';
import { evaluateAffine, forEachPlace, type Place, winnersIn } from '../../equations/affine.ts';
import type { Home } from '../../equations/equation.ts';
import { type Condition, type Entry, type Expression, entryAt, type Read } from '../../equations/expression.ts';
import type { Names } from '../../equations/names.ts';
import { offsetOf, storageOf, type Tensor } from '../../equations/tensor.ts';
import { Addresses } from './addresses.ts';
import type { Element } from './element.ts';
import { Elements } from './elements.ts';

/**
 * What an expression becomes at one place. A term that reads outside its tensor does not exist; one that is multiplied
 * by an element that no equation adds to is 0.
 */
export class Evaluator {
  readonly elements: Elements;
  readonly addresses: Addresses;
  #home: Home = { layer: '', pass: 'forward' };

  /**
   * @param given tensors whose numbers come from outside, although an equation could define them
   * @param names those of the addresses that are added
   */
  constructor(given: readonly Tensor[], names: Names) {
    this.elements = new Elements(given);
    this.addresses = new Addresses(names);
  }

  /** From here on expressions are evaluated for this layer and pass. */
  enter(home: Home): void {
    this.#home = home;
  }

  /** The value at a place; undefined where the term does not exist. */
  value(e: Expression, place: Place): Value | undefined {
    switch (e.kind) {
      case 'number':
        return e;
      case 'read':
        return this.#read(e, place);
      case 'entry':
        return { kind: 'number', value: entryValue(e, place) };
      case 'plus': {
        const terms = this.#existing(e.terms, place);
        return terms.length === 0 ? undefined : add(terms);
      }
      case 'times': {
        const factors = this.#existing(e.factors, place);
        return factors.length < e.factors.length ? undefined : multiply(factors);
      }
      case 'divide': {
        const dividend = this.value(e.dividend, place);
        const divisor = this.value(e.divisor, place);
        return dividend && divisor && divide(dividend, divisor);
      }
      case 'call': {
        const argument = this.value(e.argument, place);
        return argument && { kind: 'call', name: e.name, argument };
      }
      case 'where':
        return this.#choose(e.condition, e.yes, e.no, place);
      case 'count':
        return { kind: 'number', value: count(e, place) };
      case 'sum':
        return add(this.#candidates(e, place).map(({ value }) => value));
      case 'max':
        return { kind: 'max', candidates: this.#contenders(e, place) };
      case 'argmax':
      case 'address':
      case 'logSumExp':
        throw new Error(`${e.kind} stands alone in an equation of integers, or is split before it is written out`);
    }
  }

  /** The integer at a place that an equation defines. */
  integer(e: Expression, place: Place): Int {
    if (e.kind === 'argmax') {
      const maximum = this.#read(e.maximum, place);
      if (maximum !== undefined) return { kind: 'argmax', candidates: this.#contenders(e, place), maximum };
    }
    const winner = e.kind === 'address' ? this.#element(e.winner, place) : undefined;
    if (e.kind !== 'address' || winner === undefined) throw new Error(`${e.kind} is no integer`);
    return { kind: 'address', winner, sizes: e.sizes, strides: e.strides };
  }

  #existing(children: readonly Expression[], place: Place): Value[] {
    return children.flatMap((child) => this.value(child, place) ?? []);
  }

  #read(read: Read, place: Place): Value | undefined {
    if (read.at.some((coordinate) => winnersIn(coordinate).length > 0)) return this.#readAtWinner(read, place);
    const element = this.#element(read, place);
    if (element === undefined) return undefined;
    return this.elements.isNothing(element) ? zero : { kind: 'local', local: element };
  }

  #element({ tensor, at }: Read, place: Place): Element | undefined {
    const coordinates = at.map((coordinate) => evaluateAffine(coordinate, place));
    const offset = offsetOf(tensor.shape, coordinates);
    return offset === undefined ? undefined : this.elements.of(tensor)[offset];
  }

  #readAtWinner(read: Read, place: Place): Value | undefined {
    const moved = this.addresses.follow(read, place, this.#home);
    const address = moved && this.#element(moved.address, place);
    if (moved === undefined || address === undefined) return undefined;
    return { kind: 'load', array: storageOf(read.tensor), at: sumOf(moved.constant, [[address, 1]]) };
  }

  #choose(condition: Condition, yes: Expression, no: Expression, place: Place): Value | undefined {
    const decided = this.#decide(condition, place);
    if (decided === true) return this.value(yes, place);
    const otherwise = this.value(no, place) ?? zero;
    if (decided === false || decided === undefined) return otherwise;
    const then = this.value(yes, place) ?? zero;
    if (isZero(then) && isZero(otherwise)) return zero;
    return { kind: 'select', test: decided, yes: then, no: otherwise };
  }

  /** True or false where the place alone decides; undefined where the condition reads outside. */
  #decide(condition: Condition, place: Place): boolean | undefined | Test {
    if (condition.kind === 'within') {
      const value = evaluateAffine(condition.coordinate.at, place);
      return value >= 0 && value < condition.coordinate.size;
    }
    if (condition.kind === 'winner') {
      const winner = this.#element(condition.winner, place);
      const at = condition.at.map((coordinate) => evaluateAffine(coordinate, place));
      const offset = offsetOf(condition.sizes, at);
      if (winner === undefined || offset === undefined) return undefined;
      return { kind: 'equal', left: variableSum(winner), right: sumOf(offset) };
    }
    const left = this.value(condition.left, place);
    const right = this.value(condition.right, place);
    return left && right && { kind: 'compare', sign: condition.sign, left, right };
  }

  #contenders(e: Extract<Expression, { kind: 'max' | 'argmax' }>, place: Place): readonly Contender[] {
    const found = this.#candidates(e, place);
    if (found.length === 0) throw new Error('a maximum over no term at all');
    return found;
  }

  /** The values of what is reduced, each with its number among all places. */
  #candidates(e: Extract<Expression, { kind: 'sum' | 'max' | 'argmax' }>, place: Place): readonly Contender[] {
    const found: Contender[] = [];
    let number = 0;
    const note = (inner: Place): void => {
      const value = this.value(e.body, inner);
      if (value !== undefined) found.push({ value, place: number });
      number++;
    };
    forEachPlace(e.over, note, place);
    return found;
  }
}

function entryValue({ matrix, at: [row, column] }: Entry, place: Place): number {
  return entryAt(matrix, evaluateAffine(row, place), evaluateAffine(column, place));
}

/** How many places keep every coordinate inside its axis. */
function count({ over, inside }: Extract<Expression, { kind: 'count' }>, place: Place): number {
  let real = 0;
  const note = (inner: Place): void => {
    const coordinates = inside.map(({ at, size }) => ({ value: evaluateAffine(at, inner), size }));
    if (coordinates.every(({ value, size }) => value >= 0 && value < size)) real++;
  };
  forEachPlace(over, note, place);
  return real;
}
