import {
  type Affine,
  evaluateAffine,
  forEachPlace,
  index,
  type Place,
  type WinnerDigit,
  winnersIn,
} from '../equations/affine.ts';
import { type Equation, equation, type Home } from '../equations/equation.ts';
import { type Condition, type Expression, entryAt, type Read, read } from '../equations/expression.ts';
import type { Names } from '../equations/names.ts';
import { slidingForm } from '../equations/slide.ts';
import { isDifferentiable, offsetOf, sizeOf, storageOf, type Tensor } from '../equations/tensor.ts';
import {
  addScalars,
  type Element,
  multiplyScalars,
  type Scalar,
  type Statement,
  type Test,
  zeroScalar,
} from './scalar.ts';

/** The equations that add up to one tensor, written out: one statement for each element. */
export interface Block {
  readonly target: Tensor;
  readonly equations: readonly Equation[];
  readonly statements: readonly Statement[];
}

/**
 * Writes equations out. A term that reads outside its tensor is left out; so is one that is multiplied by an element
 * that no equation adds to. All passes of a program go through one unroller, so that they share their elements.
 */
export class Unroller {
  readonly #names: Names;
  readonly #elements = new Map<Tensor, Element[]>();
  readonly #assigned = new Set<Element>();
  readonly #addresses = new Map<string, Equation>();
  readonly #pendingAddresses: Equation[] = [];
  #home: Home = { layer: '', pass: 'forward' };

  /**
   * @param given tensors whose numbers come from outside, although an equation could assign them
   * @param names those of what the unroller adds
   */
  constructor(given: readonly Tensor[], names: Names) {
    this.#names = names;
    for (const tensor of given) for (const element of this.elementsOf(tensor)) this.#assigned.add(element);
  }

  elementsOf(tensor: Tensor): readonly Element[] {
    const storage = storageOf(tensor);
    const known =
      this.#elements.get(storage) ??
      Array.from({ length: sizeOf(storage) }, (_, offset) => ({ tensor: storage, offset }));
    this.#elements.set(storage, known);
    return known;
  }

  /** Blocks in the order of the last equation that adds to each tensor. */
  unroll(equations: readonly Equation[]): Block[] {
    const byTarget = new Map<Tensor, Equation[]>();
    for (const one of equations) {
      const target = storageOf(one.target);
      const siblings = byTarget.get(target) ?? [];
      byTarget.delete(target);
      byTarget.set(target, [...siblings, one]);
    }
    return [...byTarget].flatMap(([target, siblings]) => {
      const block = this.#block(target, siblings);
      const addresses = this.#pendingAddresses.splice(0).map((one) => this.#block(one.target, [one]));
      return [...addresses, block];
    });
  }

  #block(target: Tensor, equations: readonly Equation[]): Block {
    const elements = this.elementsOf(target);
    const sums: Scalar[][] = elements.map(() => []);
    // The terms of a sum stand in the order in which the picture slides.
    for (const { target: shown, at, over, value, layer, pass } of equations.map(slidingForm)) {
      this.#home = { layer, pass };
      forEachPlace(over, (place) => {
        const offset = offsetOf(
          shown.shape,
          at.map((coordinate) => evaluateAffine(coordinate, place)),
        );
        const term = offset === undefined ? undefined : this.#evaluate(value, place);
        if (offset !== undefined && term !== undefined && !isZero(term)) sums[offset]?.push(term);
      });
    }
    const statements: Statement[] = [];
    for (const [offset, terms] of sums.entries()) {
      const element = elements[offset] as Element;
      if (terms.length === 0 && target.role !== 'loss') continue;
      statements.push({ target: element, value: addScalars(terms) });
      this.#assigned.add(element);
    }
    return { target, equations, statements };
  }

  /** The formula at a place; undefined where the term does not exist. */
  #evaluate(e: Expression, place: Place): Scalar | undefined {
    switch (e.kind) {
      case 'number':
        return e;
      case 'read':
        return this.#read(e, place);
      case 'entry': {
        const [row, column] = e.at.map((coordinate) => evaluateAffine(coordinate, place)) as [number, number];
        return { kind: 'number', value: entryAt(e.matrix, row, column) };
      }
      case 'plus': {
        const terms = this.#existing(e.terms, place);
        return terms.length === 0 ? undefined : addScalars(terms);
      }
      case 'times': {
        const factors = this.#existing(e.factors, place);
        return factors.length < e.factors.length ? undefined : multiplyScalars(factors);
      }
      case 'divide': {
        const dividend = this.#evaluate(e.dividend, place);
        const divisor = this.#evaluate(e.divisor, place);
        return dividend && divisor && divideScalars(dividend, divisor);
      }
      case 'call': {
        const argument = this.#evaluate(e.argument, place);
        return argument && { kind: 'call', name: e.name, argument };
      }
      case 'where':
        return this.#choose(e.condition, e.yes, e.no, place);
      case 'address': {
        const winner = this.#read(e.winner, place);
        return winner && { kind: 'address', winner, sizes: e.sizes, strides: e.strides };
      }
      case 'count':
        return { kind: 'number', value: this.#count(e, place) };
      case 'sum':
      case 'max':
      case 'argmax':
        return this.#reduce(e, place);
      case 'logSumExp':
        throw new Error('log Σ exp is split before it is written out');
    }
  }

  #existing(children: readonly Expression[], place: Place): Scalar[] {
    return children.flatMap((child) => this.#evaluate(child, place) ?? []);
  }

  /** A read at a winner's place: the winner's address is a small tensor of its own, computed once for each window. */
  #readAtWinner({ tensor, at }: Read, place: Place): Scalar | undefined {
    const coordinates = at.map((coordinate) => evaluateAffine(coordinate, place));
    for (const [axis, coordinate] of at.entries()) {
      const range = winnersIn(coordinate).map(([one, coefficient]) => coefficient * (one.size - 1));
      const low = (coordinates[axis] as number) + range.reduce((sum, reach) => sum + Math.min(reach, 0), 0);
      const high = (coordinates[axis] as number) + range.reduce((sum, reach) => sum + Math.max(reach, 0), 0);
      const [before, after] = tensor.border?.[axis] ?? [0, 0];
      if (high < before || low >= (tensor.shape[axis] as number) - after) return undefined;
      if (low < 0 || high >= (tensor.shape[axis] as number)) throw new Error(`${tensor.name} needs a wider border`);
    }
    const constant = coordinates.reduce((sum, coordinate, axis) => sum + coordinate * strideOf(tensor, axis), 0);
    const address = this.#addressOf(tensor, at, place);
    return address && { kind: 'dynamic', tensor: storageOf(tensor), constant, address };
  }

  #addressOf(tensor: Tensor, at: readonly Affine[], place: Place): Scalar | undefined {
    const moves = at.flatMap((coordinate, axis) =>
      winnersIn(coordinate).map(([one, coefficient]) => ({
        digit: one.winner as WinnerDigit,
        stride: coefficient * strideOf(tensor, axis),
      })),
    );
    const { read: winner, sizes } = (moves[0] as (typeof moves)[number]).digit;
    const strides = sizes.map((_, axis) =>
      moves.reduce((sum, { digit, stride }) => sum + (digit.axis === axis ? stride : 0), 0),
    );
    const key = `${winner.tensor.name} ${strides.join()}`;
    const known = this.#addresses.get(key) ?? this.#newAddress(winner, sizes, strides);
    this.#addresses.set(key, known);
    return this.#read(read(known.target, winner.at), place);
  }

  #newAddress(winner: Read, sizes: readonly number[], strides: readonly number[]): Equation {
    const letters = ['i', 'j', 'c'];
    const at = winner.tensor.shape.map((size, axis) => index(letters[axis] ?? 'n', size));
    const target: Tensor = {
      name: this.#names.fresh(`r${this.#addresses.size + 1}`),
      shape: winner.tensor.shape,
      role: 'address',
    };
    const value: Expression = { kind: 'address', winner: read(winner.tensor, at), sizes, strides };
    const one = equation(target, at, value, this.#home);
    this.#pendingAddresses.push(one);
    return one;
  }

  #read({ tensor, at }: Read, place: Place): Scalar | undefined {
    if (at.some((coordinate) => winnersIn(coordinate).length > 0))
      return this.#readAtWinner({ kind: 'read', tensor, at }, place);
    const offset = offsetOf(
      tensor.shape,
      at.map((coordinate) => evaluateAffine(coordinate, place)),
    );
    if (offset === undefined) return undefined;
    const element = this.elementsOf(tensor)[offset] as Element;
    const { role } = element.tensor;
    const isComputed = role === 'gradient' || (isDifferentiable(element.tensor) && role === 'value');
    return isComputed && !this.#assigned.has(element) ? zeroScalar : { kind: 'element', element };
  }

  #choose(condition: Condition, yes: Expression, no: Expression, place: Place): Scalar | undefined {
    const decided = this.#decide(condition, place);
    if (decided === true) return this.#evaluate(yes, place);
    const otherwise = this.#evaluate(no, place) ?? zeroScalar;
    if (decided === false || decided === undefined) return otherwise;
    const then = this.#evaluate(yes, place) ?? zeroScalar;
    if (isZero(then) && isZero(otherwise)) return zeroScalar;
    return { kind: 'where', test: decided, yes: then, no: otherwise };
  }

  /** True or false where the place alone decides; undefined where the condition reads outside. */
  #decide(condition: Condition, place: Place): boolean | undefined | Test {
    if (condition.kind === 'within') {
      const value = evaluateAffine(condition.coordinate.at, place);
      return value >= 0 && value < condition.coordinate.size;
    }
    if (condition.kind === 'winner') {
      const left = this.#read(condition.winner, place);
      const offset = offsetOf(
        condition.sizes,
        condition.at.map((at) => evaluateAffine(at, place)),
      );
      return left && offset !== undefined ? { sign: '=', left, right: { kind: 'number', value: offset } } : undefined;
    }
    const left = this.#evaluate(condition.left, place);
    const right = this.#evaluate(condition.right, place);
    return left && right && { sign: condition.sign, left, right };
  }

  #reduce(e: Extract<Expression, { kind: 'sum' | 'max' | 'argmax' }>, place: Place): Scalar | undefined {
    const found: { place: number; value: Scalar }[] = [];
    let position = 0;
    forEachPlace(
      e.over,
      (inner) => {
        const value = this.#evaluate(e.body, inner);
        if (value !== undefined) found.push({ place: position, value });
        position++;
      },
      place,
    );
    const values = found.map(({ value }) => value);
    if (e.kind === 'sum') return values.length === 0 ? zeroScalar : addScalars(values);
    if (values.length === 0) throw new Error('a maximum over no term at all');
    if (e.kind === 'max') return { kind: 'max', candidates: found };
    return { kind: 'argmax', candidates: found, maximum: this.#read(e.maximum, place) as Scalar };
  }

  #count({ over, inside }: Extract<Expression, { kind: 'count' }>, place: Place): number {
    let real = 0;
    forEachPlace(
      over,
      (inner) => {
        const coordinates = inside.map(({ at, size }) => ({ value: evaluateAffine(at, inner), size }));
        if (coordinates.every(({ value, size }) => value >= 0 && value < size)) real++;
      },
      place,
    );
    return real;
  }
}

/** Elements between neighbours along an axis. */
function strideOf({ shape }: Tensor, axis: number): number {
  return shape.slice(axis + 1).reduce((product, size) => product * size, 1);
}

/** What is known to be 0 adds nothing; but it exists, so that a function of it has its value: softplus(−0) is log 2. */
function isZero(s: Scalar): boolean {
  return s.kind === 'number' && s.value === 0;
}

function divideScalars(dividend: Scalar, divisor: Scalar): Scalar {
  const isTrivial = isZero(dividend) || (divisor.kind === 'number' && divisor.value === 1);
  return isTrivial ? dividend : { kind: 'divide', dividend, divisor };
}
