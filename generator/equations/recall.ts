import { pairsOf } from '../lists.ts';
import { type Affine, type Index, plain, plainIndex, sameAffine } from './affine.ts';
import type { Equation } from './equation.ts';
import { type Expression, read } from './expression.ts';
import { mapParts } from './rewrite.ts';

/**
 * Replaces every sub-expression that the forward pass has already stored by a read of it: exp(z − l) by a, tanh z by
 * a. So a derivative needs one formula, written in its argument, and the backward pass computes nothing twice.
 */
export function recall(e: Expression, definitions: readonly Equation[]): Expression {
  const inner = recallInside(e, definitions);
  if (inner.kind !== 'call' && inner.kind !== 'plus') return inner;
  for (const definition of definitions) {
    const binding = new Map<Index, Affine>();
    if (definition.value.kind === inner.kind && matches(definition.value, inner, binding)) {
      const at = definition.at.map((coordinate) => boundTo(coordinate, binding));
      if (at.every((coordinate) => coordinate !== undefined)) return read(definition.target, at);
    }
  }
  return inner;
}

function boundTo(coordinate: Affine, binding: ReadonlyMap<Index, Affine>): Affine | undefined {
  const index = plainIndex(coordinate);
  return index === undefined ? coordinate : binding.get(index);
}

function recallInside(e: Expression, definitions: readonly Equation[]): Expression {
  // What a maximum or a logarithm of a sum is taken of stays as it is defined.
  if (e.kind === 'max' || e.kind === 'argmax' || e.kind === 'logSumExp') return e;
  return mapParts(
    e,
    (part) => recall(part, definitions),
    (at) => at,
  );
}

/** A definition can be recalled if it is a scalar formula at a plain place; sums would cost more to compare than to keep. */
export function isRecallable({ value, at }: Equation): boolean {
  const isPlain = at.every((coordinate) => coordinate.terms.size === 0 || plainIndex(coordinate) !== undefined);
  return isPlain && (value.kind === 'call' || value.kind === 'plus') && isScalar(value);
}

function isScalar(e: Expression): boolean {
  switch (e.kind) {
    case 'number':
    case 'read':
    case 'entry':
      return true;
    case 'plus':
      return e.terms.every(isScalar);
    case 'times':
      return e.factors.every(isScalar);
    case 'call':
      return isScalar(e.argument);
    case 'divide':
    case 'where':
    case 'sum':
    case 'max':
    case 'argmax':
    case 'logSumExp':
    case 'count':
    case 'address':
      return false;
  }
}

/** One-way matching: binds the pattern's indices to coordinates of the subject. */
function matches(pattern: Expression, subject: Expression, binding: Map<Index, Affine>): boolean {
  if (pattern.kind === 'number') return subject.kind === 'number' && pattern.value === subject.value;
  if (pattern.kind === 'read') {
    return (
      subject.kind === 'read' &&
      pattern.tensor === subject.tensor &&
      pairsOf(pattern.at, subject.at).every(([coordinate, to]) => bind(coordinate, to, binding))
    );
  }
  if (pattern.kind === 'call') {
    return (
      subject.kind === 'call' && pattern.name === subject.name && matches(pattern.argument, subject.argument, binding)
    );
  }
  if (pattern.kind === 'plus') return subject.kind === 'plus' && matchesAll(pattern.terms, subject.terms, binding);
  if (pattern.kind === 'times') {
    return subject.kind === 'times' && matchesAll(pattern.factors, subject.factors, binding);
  }
  return false;
}

function matchesAll(
  patterns: readonly Expression[],
  subjects: readonly Expression[],
  binding: Map<Index, Affine>,
): boolean {
  return (
    patterns.length === subjects.length &&
    pairsOf(patterns, subjects).every(([pattern, subject]) => matches(pattern, subject, binding))
  );
}

function bind(coordinate: Affine, to: Affine, binding: Map<Index, Affine>): boolean {
  const index = plainIndex(coordinate);
  if (index === undefined) return sameAffine(coordinate, to);
  const bound = binding.get(index);
  if (bound !== undefined) return sameAffine(bound, to);
  const whole = plainIndex(to);
  if (whole !== undefined && whole.size !== index.size) return false;
  binding.set(index, to);
  return true;
}

/** The definition's value where the tensor is read, or undefined if the tensor is not defined by one plain equation. */
export function bindIndices(definition: Equation, at: readonly Affine[]): ReadonlyMap<Index, Affine> | undefined {
  const binding = new Map<Index, Affine>();
  const fits = definition.at.every((coordinate, axis) =>
    bind(coordinate, at[axis] ?? plain({ name: '', size: 0 }), binding),
  );
  return fits ? binding : undefined;
}
