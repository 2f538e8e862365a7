import type { Sign } from '../equations/expression.ts';
import type { FunctionName } from '../equations/functionName.ts';
import type { Tensor } from '../equations/tensor.ts';

/** One number of a tensor. An element is one object, however often it is read. */
export interface Element {
  /** The tensor that holds it; never a view. */
  readonly tensor: Tensor;
  /** Row-major position. */
  readonly offset: number;
}

/** A formula without indices: what an expression becomes at one place. */
export type Scalar =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'element'; readonly element: Element }
  | { readonly kind: 'plus'; readonly terms: readonly Scalar[] }
  | { readonly kind: 'times'; readonly factors: readonly Scalar[] }
  | { readonly kind: 'divide'; readonly dividend: Scalar; readonly divisor: Scalar }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly argument: Scalar }
  | { readonly kind: 'where'; readonly test: Test; readonly yes: Scalar; readonly no: Scalar }
  | { readonly kind: 'max'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'argmax'; readonly candidates: readonly Candidate[]; readonly maximum: Scalar }
  /** The element `address` places after `constant`, known at run time. */
  | { readonly kind: 'dynamic'; readonly tensor: Tensor; readonly constant: number; readonly address: Scalar }
  | {
      readonly kind: 'address';
      readonly winner: Scalar;
      readonly sizes: readonly number[];
      readonly strides: readonly number[];
    };

export interface Test {
  readonly sign: Sign;
  readonly left: Scalar;
  readonly right: Scalar;
}

/** A place of a window, counted row-major, and its value. */
export interface Candidate {
  readonly place: number;
  readonly value: Scalar;
}

/** target = value. */
export interface Statement {
  readonly target: Element;
  readonly value: Scalar;
}

export const zeroScalar: Scalar = { kind: 'number', value: 0 };

const isZero = (s: Scalar): boolean => s.kind === 'number' && s.value === 0;

export function addScalars(summands: readonly Scalar[]): Scalar {
  const terms = summands.flatMap((s) => (s.kind === 'plus' ? s.terms : [s])).filter((s) => !isZero(s));
  if (terms.length === 0) return zeroScalar;
  return terms.length === 1 ? (terms[0] as Scalar) : { kind: 'plus', terms };
}

export function multiplyScalars(operands: readonly Scalar[]): Scalar {
  if (operands.some(isZero)) return zeroScalar;
  const factors = operands
    .flatMap((s) => (s.kind === 'times' ? s.factors : [s]))
    .filter((s) => !(s.kind === 'number' && s.value === 1));
  if (factors.length === 0) return { kind: 'number', value: 1 };
  return factors.length === 1 ? (factors[0] as Scalar) : { kind: 'times', factors };
}

/** The formulas directly inside a formula, in reading order. */
export function childrenOf(s: Scalar): readonly Scalar[] {
  switch (s.kind) {
    case 'number':
    case 'element':
      return [];
    case 'plus':
      return s.terms;
    case 'times':
      return s.factors;
    case 'divide':
      return [s.dividend, s.divisor];
    case 'call':
      return [s.argument];
    case 'where':
      return [s.test.left, s.test.right, s.yes, s.no];
    case 'max':
      return s.candidates.map(({ value }) => value);
    case 'argmax':
      return [...s.candidates.map(({ value }) => value), s.maximum];
    case 'dynamic':
      return [s.address];
    case 'address':
      return [s.winner];
  }
}

/** Calls `visit` for every element read, as often as it is read. */
export function forEachRead(s: Scalar, visit: (element: Element) => void): void {
  if (s.kind === 'element') visit(s.element);
  for (const child of childrenOf(s)) forEachRead(child, visit);
}

/** Calls `visit` for every tensor of which any element may be read. */
export function forEachDynamic(s: Scalar, visit: (tensor: Tensor) => void): void {
  if (s.kind === 'dynamic') visit(s.tensor);
  for (const child of childrenOf(s)) forEachDynamic(child, visit);
}

/** Arithmetic of a formula: additions (with subtractions), multiplications (with divisions). */
export interface Operations {
  readonly additions: number;
  readonly multiplications: number;
}

export function countOperations(s: Scalar): Operations {
  let { additions, multiplications } = ownOperations(s);
  for (const child of childrenOf(s)) {
    const inner = countOperations(child);
    additions += inner.additions;
    multiplications += inner.multiplications;
  }
  return { additions, multiplications };
}

function ownOperations(s: Scalar): Operations {
  switch (s.kind) {
    case 'plus':
      return { additions: s.terms.length - 1, multiplications: 0 };
    case 'times':
      return {
        additions: 0,
        multiplications: s.factors.filter((f) => !(f.kind === 'number' && f.value === -1)).length - 1,
      };
    case 'divide':
      return { additions: 0, multiplications: 1 };
    case 'number':
    case 'element':
    case 'call':
    case 'where':
    case 'max':
    case 'argmax':
    case 'dynamic':
    case 'address':
      return { additions: 0, multiplications: 0 };
  }
}
