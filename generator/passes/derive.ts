import { type Index, plain } from '../equations/affine.ts';
import { collectTerms } from '../equations/collect.ts';
import { type BatchStatistics, type Equation, equation } from '../equations/equation.ts';
import {
  add,
  call,
  compare,
  divide,
  type Expression,
  type Max,
  multiply,
  negate,
  one,
  type Read,
  read,
  subtract,
  type Where,
  where,
  zero,
} from '../equations/expression.ts';
import { derivatives } from '../equations/functions.ts';
import { type Names, withLetter } from '../equations/names.ts';
import { namesBeside } from '../equations/namesIn.ts';
import { isRecallable, recall } from '../equations/recall.ts';
import { sameExpression, sameRead } from '../equations/sameExpression.ts';
import { renewBinders } from '../equations/substitute.ts';
import { isDifferentiable, storageOf, type Tensor, view } from '../equations/tensor.ts';
import { readsOf } from '../equations/visit.ts';
import type { Pass } from './pass.ts';

/** A backward pass, and the forward pass with the winners that it needs. */
export interface Derivation {
  readonly forward: readonly Equation[];
  readonly backward: readonly Equation[];
  readonly gradientOf: ReadonlyMap<Tensor, Tensor>;
}

/** The backward pass of a program that is to have one. */
export const derive: Pass<'program'> = {
  name: 'derive',
  does: 'every read in an equation gives a term of a gradient, by one rule',
  gives: 'program',
  rewrite: 't[i] = f(s[g(i)])   →   ds[g(i)] += dt[i]·∂f/∂s[g(i)], for all i',
  run(program) {
    const { forward, backward, wanted, loss, output, statistics } = program;
    if (wanted === undefined) return program;
    const names = program.names.copy();
    const derived = deriveBackward([...forward, ...backward], loss ?? output, wanted, names, statistics);
    const inputGradient = wanted.has(program.input)
      ? (derived.gradientOf.get(program.input) ?? noGradient(program.input))
      : undefined;
    return {
      ...program,
      names,
      forward: derived.forward.filter(({ pass }) => pass === 'forward'),
      backward: [...derived.forward.filter(({ pass }) => pass === 'loss'), ...derived.backward],
      outputGradient: loss ? undefined : derived.gradientOf.get(output),
      gradients: new Map([...derived.gradientOf].filter(([tensor]) => tensor.role === 'parameter')),
      inputGradient,
    };
  },
};

/** The gradient of what the loss does not depend on, behind a function whose derivative is 0: nothing is added to it. */
function noGradient({ name, shape }: Tensor): Tensor {
  return { name: `d${name}`, shape, role: 'gradient' };
}

/**
 * The backward pass of any forward equations, as terms that are scattered, by one rule: every read r of a tensor s in an equation t[at] = value
 * gives ds[r] += dt[at]·∂value/∂r, over the equation's indices and the reductions above r (reverse accumulation;
 * Griewank and Walther, "Evaluating Derivatives", ch. 3).
 *
 * @param forward equations in an order in which each tensor is complete before it is read
 * @param loss the scalar to differentiate, or the output whose gradient the caller gives
 * @param wanted tensors whose gradients are asked for
 * @param statistics what is normalised by a batch: its gradient has a share of the batch's beside those of its own sample
 */
export function deriveBackward(
  forward: readonly Equation[],
  loss: Tensor,
  wanted: ReadonlySet<Tensor>,
  names: Names = namesBeside(forward),
  statistics: readonly BatchStatistics[] = [],
): Derivation {
  const derivator = new Derivator(forward, wanted, names);
  if (loss.role !== 'loss') derivator.gradient(loss);
  const backward = [
    ...statistics.flatMap((one) => derivator.shareOf(one)),
    ...[...forward].reverse().flatMap((source) => derivator.termsOf(source, source.target === loss)),
  ];
  const { gradientOf, winners } = derivator;
  return { forward: withWinners(forward, winners), backward, gradientOf };
}

/** Hands out the tensors of gradients and winners, and writes what each equation adds to gradients. */
class Derivator {
  readonly gradientOf = new Map<Tensor, Tensor>();
  readonly winners = new Map<Equation, Tensor>();
  readonly #names: Names;
  readonly #relevant: ReadonlySet<Tensor>;
  readonly #definitions: readonly Equation[];

  constructor(forward: readonly Equation[], wanted: ReadonlySet<Tensor>, names: Names) {
    this.#names = names;
    this.#relevant = dependents(forward, wanted);
    this.#definitions = forward.filter(isRecallable);
  }

  gradient(tensor: Tensor): Tensor {
    const storage = storageOf(tensor);
    const known = this.gradientOf.get(storage) ?? {
      name: this.#names.fresh(`d${storage.name}`),
      shape: storage.shape,
      role: 'gradient' as const,
    };
    this.gradientOf.set(storage, known);
    return tensor === storage ? known : view(known, tensor.shape);
  }

  /** What a batch adds to the gradient of what it normalises. */
  shareOf({ normal, at, share, layer }: BatchStatistics): readonly Equation[] {
    return this.#relevant.has(normal) ? [equation(this.gradient(normal), at, share, { pass: 'backward', layer })] : [];
  }

  /** The terms that an equation's reads add to gradients; none where nobody asks for that of its target. */
  termsOf(source: Equation, isLast: boolean): readonly Equation[] {
    const { target, at } = source;
    if (!isDifferentiable(target) && target.role !== 'loss') return [];
    if (!isLast && !this.gradientOf.has(storageOf(target))) return [];
    const start = target.role === 'loss' ? one : read(this.gradient(target), at);
    const winnerOf = (other: Equation): Tensor => this.#winnerOf(other);
    const found = partials(source, start, winnerOf).filter(({ read: r }) => this.#relevant.has(storageOf(r.tensor)));
    const locals = mergePartials(partials(source, one, winnerOf));
    return parametersFirst(mergePartials(found)).map((partial) => {
      const local = locals.find((other) => sameRead(other.read, partial.read))?.factor ?? partial.factor;
      return this.#term(source, partial, local);
    });
  }

  #term(source: Equation, { read: r, over, factor }: Partial, local: Expression): Equation {
    const bound = new Set([...source.over, ...over]);
    const value = collectTerms(recall(renewBinders(factor, bound), this.#definitions));
    const scatter: Equation = {
      ...equation(this.gradient(r.tensor), r.at, value, { pass: 'backward', layer: source.layer }),
      over: [...bound],
    };
    const because = { source, read: r, local: recall(local, this.#definitions), scatter, gathered: scatter };
    return { ...scatter, because: [because] };
  }

  #winnerOf(source: Equation): Tensor {
    const known = this.winners.get(source) ?? winnerTensor(source, this.#names);
    this.winners.set(source, known);
    return known;
  }
}

/** Tensors from which a wanted one can be reached: the only ones whose gradients matter. */
function dependents(forward: readonly Equation[], wanted: ReadonlySet<Tensor>): ReadonlySet<Tensor> {
  const relevant = new Set(wanted);
  for (const { target, value } of forward) {
    if (readsOf(value).some(({ tensor }) => relevant.has(storageOf(tensor)))) relevant.add(storageOf(target));
  }
  return relevant;
}

interface Partial {
  readonly read: Read;
  /** Indices of the reductions above the read. */
  readonly over: readonly Index[];
  /** The target's gradient times ∂value/∂read. */
  readonly factor: Expression;
}

type WinnerOf = (source: Equation) => Tensor;

function partials(source: Equation, start: Expression, winnerOf: WinnerOf): Partial[] {
  const walk = (e: Expression, factor: Expression, over: readonly Index[]): Partial[] => {
    if (e.kind === 'read') return isDifferentiable(e.tensor) ? [{ read: e, over, factor }] : [];
    const inner = 'over' in e ? [...over, ...e.over] : over;
    return branches(e, factor, source, winnerOf).flatMap(([child, next]) => walk(child, next, inner));
  };
  return walk(source.value, start, []);
}

/** The operands of an expression that a derivative goes on to, each with dt·∂t/∂operand where `factor` is dt·∂t/∂e. */
function branches(
  e: Exclude<Expression, Read>,
  factor: Expression,
  source: Equation,
  winnerOf: WinnerOf,
): readonly (readonly [Expression, Expression])[] {
  switch (e.kind) {
    case 'number':
    case 'entry':
    case 'argmax':
    case 'count':
    case 'address':
      return [];
    case 'plus':
      return e.terms.map((term) => [term, factor]);
    case 'times':
      return e.factors.map((f, position) => [f, multiply(factor, ...e.factors.toSpliced(position, 1))]);
    case 'divide':
      return [
        [e.dividend, divide(factor, e.divisor)],
        [e.divisor, negate(divide(multiply(factor, e.dividend), call('square', e.divisor)))],
      ];
    case 'call':
      return [[e.argument, multiply(factor, derivatives[e.name](e.argument))]];
    case 'where':
      if (onlySparesInfinity(e)) return [[e.yes, factor]];
      return [
        [e.yes, where(e.condition, factor, zero)],
        [e.no, where(e.condition, zero, factor)],
      ];
    case 'sum':
      return [[e.body, factor]];
    case 'max':
      return [[e.body, multiply(factor, winnerBracket(source, e, winnerOf))]];
    case 'logSumExp':
      // ∂ log Σ exp u / ∂u = exp(u − log Σ exp u)
      return [[e.body, multiply(factor, call('exp', subtract(e.body, read(source.target, source.at))))]];
  }
}

/**
 * (a − b)·[a ≠ b] is a − b: the bracket keeps 0·∞ out of a sum. A derivative, whose other factors are finite, does without.
 */
function onlySparesInfinity({ condition, yes, no }: Where): boolean {
  if (condition.kind !== 'compare' || condition.sign !== '≠' || no.kind !== 'number' || no.value !== 0) return false;
  const difference = subtract(condition.left, condition.right);
  return yes.kind === 'times' && yes.factors.some((factor) => sameExpression(factor, difference));
}

/** Who gets a maximum's gradient: [k = (p,q)] for the first winner, [x = y] for every place equal to the maximum. */
function winnerBracket(source: Equation, { over, body, ties }: Max, winnerOf: WinnerOf): Expression {
  if (ties === 'all') return where(compare(body, '=', read(source.target, source.at)), one, zero);
  const winner = read(winnerOf(source), source.at);
  return where({ kind: 'winner', winner, at: over.map(plain), sizes: over.map(({ size }) => size) }, one, zero);
}

function winnerTensor({ target }: Equation, names: Names): Tensor {
  return { name: names.fresh(withLetter('k', target.name)), shape: target.shape, role: 'winner' };
}

function withWinners(forward: readonly Equation[], winners: ReadonlyMap<Equation, Tensor>): readonly Equation[] {
  return forward.flatMap((source) => {
    const winner = winners.get(source);
    if (winner === undefined || source.value.kind !== 'max') return [source];
    const { over, body } = source.value;
    const maximum = read(source.target, source.at);
    return [source, { ...source, target: winner, value: { kind: 'argmax', over, body, maximum } }];
  });
}

/** Adds up the partials of one element: ½(y − t)·(y − t) reads y twice and has one derivative. */
function mergePartials(found: readonly Partial[]): Partial[] {
  const merged: Partial[] = [];
  for (const partial of found) {
    const twin = merged.findIndex(
      ({ read: r, over }) =>
        sameRead(r, partial.read) &&
        over.length === partial.over.length &&
        over.every((one) => partial.over.includes(one)),
    );
    const known = merged[twin];
    if (known === undefined) merged.push(partial);
    else merged[twin] = { ...known, factor: add(known.factor, partial.factor) };
  }
  return merged;
}

/** A parameter's gradient is read right after the dz that it comes from. */
function parametersFirst(found: readonly Partial[]): Partial[] {
  const isParameter = ({ read: r }: Partial): boolean => r.tensor.role === 'parameter';
  return [...found.filter(isParameter), ...found.filter((partial) => !isParameter(partial))];
}
