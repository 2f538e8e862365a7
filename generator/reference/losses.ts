import type { Network } from '../spec/network.ts';
import { type ActivationName, logSoftmax, mapRows, softplus } from './activations.ts';
import type { Tensor } from './tensor.ts';

export type LossName = NonNullable<Network['loss']>;

/** What a loss reads: the output y, and the z whose activation y is. */
export interface LossInput {
  readonly y: Tensor;
  readonly z: Tensor;
  readonly activation: ActivationName;
}

/** The options of all losses; each reads its own. */
export interface LossOptions {
  readonly reduction?: 'sum' | 'mean';
  readonly weights?: readonly number[] | undefined;
  readonly delta?: number;
  readonly squared?: boolean;
  readonly zeroOne?: boolean;
  readonly epsilon?: number | undefined;
  readonly fromLogits?: boolean;
  readonly fromProbabilities?: boolean | undefined;
  readonly labelSmoothing?: number;
  readonly classWeights?: readonly number[] | undefined;
  readonly ignoreClass?: number | undefined;
}

// biome-ignore lint/suspicious/noApproximativeNumericConstant: prove reads this text, and knows log 2 by its digits
const logOfTwo = 0.6931471805599453;

type Target = ArrayLike<number>;
type Loss = (input: LossInput, target: Target, options: LossOptions) => number;

/**
 * Each takes an output of any shape, and a target of as many numbers, or a class number for each of its places.
 *
 * The cross-entropies are computed from z and never from y: y = softmax(z) or sigmoid(z) underflows to 0, or rounds to
 * 1, where log y and log(1 − y) are still ordinary numbers.
 */
const losses: { readonly [K in LossName]: Loss } = {
  // ½ Σ (y − t)²
  squaredError: ({ y }, target, o) => reduced(y, o, (value, k) => 0.5 * square(value - target[k]!)),
  // (1/n) Σ (y − t)²
  meanSquaredError: ({ y }, target, o) => reduced(y, o, (value, k) => square(value - target[k]!)),
  meanAbsoluteError: ({ y }, target, o) => reduced(y, o, (value, k) => absolute(value - target[k]!)),
  meanAbsolutePercentageError: ({ y }, target, o) =>
    100 * reduced(y, o, (value, k) => absolute(value - target[k]!) / atLeast(smallest, absolute(target[k]!))),
  meanSquaredLogarithmicError: ({ y }, target, o) =>
    reduced(y, o, (value, k) =>
      square(Math.log1p(atLeast(smallest, value)) - Math.log1p(atLeast(smallest, target[k]!))),
    ),
  huber: ({ y }, target, o) =>
    reduced(y, o, (value, k) => {
      const [d, delta] = [value - target[k]!, o.delta!];
      // Both limits are asked for, wherever d lies: `prove` lets a module ask for no other.
      const [isAbove, isBelow] = [d > delta, d < -delta];
      if (isAbove) return delta * (d - delta / 2);
      return isBelow ? -delta * (d + delta / 2) : 0.5 * square(d);
    }),
  // log cosh d, which overflows, as d + log(1 + exp(−2d)) − log 2
  logCosh: ({ y }, target, o) =>
    reduced(y, o, (value, k) => {
      const d = Math.abs(value - target[k]!);
      return d < 1 ? -0.5 * Math.log1p(-(Math.tanh(d) ** 2)) : d + softplus(-2 * d) - logOfTwo;
    }),
  hinge,
  squaredHinge: (input, target, o) => hinge(input, target, { ...o, squared: true }),
  poisson: ({ y }, target, o) => reduced(y, o, (value, k) => value - target[k]! * Math.log(value + o.epsilon!)),
  // −(t·log p + (1 − t)·log(1 − p)), where −log p = softplus(−z) and −log(1 − p) = softplus(z)
  binaryCrossentropy({ y, z, activation }, target, o) {
    const { epsilon } = o;
    if (epsilon !== undefined && !o.fromLogits) {
      return reduced(y, o, (p, k) => {
        const [t, yes, no] = [target[k]!, Math.log(p + epsilon), Math.log(1 - p + epsilon)];
        return -weighted(t, yes) - weighted(1 - t, no);
      });
    }
    if (o.fromProbabilities) {
      return reduced(y, o, (value, k) => {
        const [t, yes, no] = [target[k]!, Math.log(probability(value)), Math.log(probability(1 - value))];
        return -weighted(t, yes) - weighted(1 - t, no);
      });
    }
    if (!o.fromLogits) expectActivation('binaryCrossentropy', activation, ['sigmoid']);
    return reduced(o.fromLogits ? y : z, o, (u, k) => {
      const t = target[k]!;
      return weighted(t, softplus(-u)) + weighted(1 - t, softplus(u));
    });
  },
  // −Σ t·log y
  categoricalCrossentropy(input, target, o) {
    const logs = logProbabilities('categoricalCrossentropy', input, o);
    const classes = input.y.shape.at(-1)!;
    const s = o.labelSmoothing!;
    let [total, weight] = [0, 0];
    for (let k = 0; k < logs.length; k++) {
      const w = o.classWeights === undefined ? 1 : o.classWeights[k % classes]!;
      const t = w * (s === 0 ? target[k]! : (1 - s) * target[k]! + s / classes);
      total -= weighted(t, logs[k]!);
      weight += t;
    }
    if (o.reduction === 'sum') return total;
    // Without weights the targets of a place add up to 1.
    return o.classWeights === undefined ? total / (logs.length / classes) : weight > 0 ? total / weight : 0;
  },
  sparseCategoricalCrossentropy: (input, target, o) =>
    ofClasses(input.y, logProbabilities('sparseCategoricalCrossentropy', input, o), target, o),
  negativeLogLikelihood: ({ y }, target, o) => ofClasses(y, y.values, target, o),
  categoricalHinge: ({ y }, target, o) =>
    ofPlaces(y, target, o, (row, t) => {
      let [own, others] = [0, (1 - t[0]!) * row[0]!];
      for (let c = 0; c < row.length; c++) {
        own += t[c]! * row[c]!;
        others = Math.max(others, (1 - t[c]!) * row[c]!);
      }
      return Math.max(1 + others - own, 0);
    }),
  // Σ t·log(t/y)
  kullbackLeiblerDivergence: ({ y }, target, o) =>
    ofPlaces(y, target, o, (row, t) =>
      sum(row, (value, c) => weighted(t[c]!, Math.log(between(t[c]!, 1) / between(value, 1)))),
    ),
  // −Σ t·y/(‖t‖·‖y‖)
  cosineProximity: ({ y }, target, o) =>
    ofPlaces(y, target, o, (row, t) => {
      const inner = sum(row, (value, c) => value * t[c]!);
      return -inner / (lengthOf(t) * lengthOf(row));
    }),
  cosineDistance: ({ y }, target, { weights, ...o }) =>
    ofPlaces(y, target, o, (row, t, place) => (weights?.[place] ?? 1) * (1 - sum(row, (value, c) => value * t[c]!))),
};

function hinge({ y }: LossInput, target: Target, o: LossOptions): number {
  return reduced(y, o, (value, k) => {
    const margin = Math.max(1 - (o.zeroOne ? 2 * target[k]! - 1 : target[k]!) * value, 0);
    return o.squared ? square(margin) : margin;
  });
}

/** Keras' epsilon, which keeps what is divided by, or taken a logarithm of, away from 0. */
const smallest = 1e-7;

/** A bound itself is u: the gradient passes there. */
function atLeast(least: number, u: number): number {
  return u < least ? least : u;
}

/** Both limits are asked for, wherever u lies: `prove` lets a module ask for no other. */
function between(u: number, most: number): number {
  const [isAbove, isBelow] = [u > most, u < smallest];
  return isAbove ? most : isBelow ? smallest : u;
}

function probability(u: number): number {
  return between(u, 1 - smallest);
}

function lengthOf(row: Float64Array): number {
  return Math.sqrt(atLeast(smallest, sum(row, square)));
}

/** The sum of a value of each row along the last axis, or their mean. */
function ofPlaces(
  { shape, values }: Tensor,
  target: Target,
  o: LossOptions,
  value: (row: Float64Array, target: Float64Array, place: number) => number,
): number {
  const length = shape.at(-1)!;
  const places = values.length / length;
  const targets = Float64Array.from(target);
  let total = 0;
  for (let place = 0; place < places; place++) {
    const [start, end] = [place * length, (place + 1) * length];
    total += value(values.subarray(start, end), targets.subarray(start, end), place);
  }
  return o.reduction === 'mean' ? total / places : total;
}

/** Whether a target is a class number for each place. */
export function takesClasses(name: LossName): boolean {
  return name === 'sparseCategoricalCrossentropy' || name === 'negativeLogLikelihood';
}

/** The loss of an output; throws a RangeError when the target has not as many numbers as the output, or as its places. */
export function lossOf(name: LossName, input: LossInput, target: Target, options: LossOptions): number {
  const { shape, values } = input.y;
  const expected = takesClasses(name) ? values.length / shape.at(-1)! : values.length;
  if (target.length !== expected) throw new RangeError(`target: expected ${expected} numbers, found ${target.length}`);
  return losses[name](input, target, options);
}

function expectActivation(loss: LossName, found: ActivationName, expected: readonly ActivationName[]): void {
  if (!expected.includes(found)) {
    throw new Error(`${loss}: expected a last activation of ${expected.join(' or ')}, found ${found}`);
  }
}

/** log p of every class: from z, which softmax or nothing was applied to, or y where it is that already. */
function logProbabilities(name: LossName, { y, z, activation }: LossInput, o: LossOptions): Float64Array {
  if (o.fromLogits) return mapRows(y, logSoftmax);
  if (o.fromProbabilities) {
    return mapRows(y, (row) => {
      const total = sum(row, (value) => value);
      return row.map((value) => Math.log(probability(value / total)));
    });
  }
  expectActivation(name, activation, ['softmax', 'logSoftmax']);
  return activation === 'softmax' ? mapRows(z, logSoftmax) : y.values;
}

/** −Σ w[t]·log p[t] over the places, or that divided by Σ w[t]; places of the ignored class do not count. */
function ofClasses(y: Tensor, logs: Float64Array, target: Target, o: LossOptions): number {
  const classes = y.shape.at(-1)!;
  let [total, weight] = [0, 0];
  for (let place = 0; place < target.length; place++) {
    for (let c = 0; c < classes; c++) {
      if (c === o.ignoreClass || target[place] !== c) continue;
      const w = o.classWeights === undefined ? 1 : o.classWeights[c]!;
      total -= w * logs[place * classes + c]!;
      weight += w;
    }
  }
  if (o.reduction === 'sum') return total;
  return weight > 0 ? total / weight : 0;
}

/** The sum of a term for each number, each times its weight, or that divided by how many there are. */
function reduced({ values }: Tensor, o: LossOptions, term: (value: number, index: number) => number): number {
  const total = sum(values, (value, k) => (o.weights === undefined ? term(value, k) : o.weights[k]! * term(value, k)));
  return o.reduction === 'mean' ? total / values.length : total;
}

/** |d|, whose derivative at 0 is 0. */
function absolute(d: number): number {
  return d > 0 ? d : d < 0 ? -d : 0 * d;
}

function sum(values: Float64Array, term: (value: number, index: number) => number): number {
  let total = 0;
  for (let k = 0; k < values.length; k++) total += term(values[k]!, k);
  return total;
}

/** 0 of a logarithm counts nothing, even where that is infinite: 0·log 0 = 0. */
function weighted(weight: number, logarithm: number): number {
  return weight === 0 ? 0 : weight * logarithm;
}

function square(value: number): number {
  return value * value;
}
