import type { Layer } from '../spec/network.ts';
import { erf, erfc } from './erf.ts';
import type { Tensor } from './tensor.ts';

/** The activations that a layer may name. */
export type ActivationName = Extract<Layer, { type: 'activation' }>['options']['activation'];

type LastAxisName = 'softmax' | 'logSoftmax';
type ScalarName = Exclude<ActivationName, LastAxisName>;

/** Slope of leakyRelu below 0 where the layer states none. */
const defaultAlpha = 0.2;

// Klambauer et al. 2017, "Self-normalizing neural networks": the fixed point for mean 0 and variance 1.
const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;

const twiceRootOfTwoOverPi = 1.5957691216057308;

/** The numbers that some activations take. */
export type ActivationNumbers = Pick<
  Extract<Layer, { type: 'activation' }>['options'],
  'alpha' | 'beta' | 'theta' | 'minValue' | 'maxValue'
>;

/**
 * Activations of one number each; all hand a NaN on.
 *
 * One that has two limits asks for both, wherever z lies: `prove` lets a module compare z only with what is asked here.
 */
const scalarActivations: { readonly [K in ScalarName]: (z: number, numbers: ActivationNumbers) => number } = {
  linear: (z) => z,
  relu: (z, { maxValue }) => (maxValue === undefined ? Math.max(z, 0) : between(0, z, maxValue)),
  relu6: (z) => between(0, z, 6),
  leakyRelu: (z, { alpha = defaultAlpha }) => (z > 0 ? z : alpha * z),
  elu: (z, { alpha = 1 }) => (z > 0 ? z : alpha * Math.expm1(z)),
  selu: (z) => seluScale * (z > 0 ? z : seluAlpha * Math.expm1(z)),
  sigmoid,
  tanh: (z) => Math.tanh(z),
  atan: (z) => Math.atan(z),
  softplus,
  softsign: (z) => z / (1 + Math.abs(z)),
  silu: (z) => z * sigmoid(z),
  // ½z·(1 + erf(z/√2)), written with erfc so that nothing cancels for negative z.
  gelu: (z) => 0.5 * z * erfc(-z / Math.SQRT2),
  hardSigmoid: (z, { alpha, beta }) =>
    alpha === undefined && beta === undefined ? hardSigmoid(z) : between(0, (alpha ?? 1 / 6) * z + (beta ?? 0.5), 1),
  hardSwish: (z) => z * hardSigmoid(z),
  celu: (z, { alpha = 1 }) => (z > 0 ? z : alpha * Math.expm1(z / alpha)),
  mish: (z) => z * Math.tanh(softplus(z)),
  // ½z·(1 + tanh v), written with the sigmoid so that nothing cancels for negative z.
  geluTanh: (z) => z * sigmoid(twiceRootOfTwoOverPi * (z + 0.044715 * z * z * z)),
  logSigmoid: (z) => -softplus(-z),
  thresholdedRelu: (z, { theta = 1 }) => (z > theta ? z : 0),
  hardShrink(z, { theta = 0.5 }) {
    const [isAbove, isBelow] = [z > theta, z < -theta];
    return isAbove || isBelow ? z : 0;
  },
  softShrink(z, { theta = 0.5 }) {
    const [isAbove, isBelow] = [z > theta, z < -theta];
    return isAbove ? z - theta : isBelow ? z + theta : 0;
  },
  clip(z, { minValue = -Infinity, maxValue = Infinity }) {
    // A bound itself is z: the gradient passes there.
    const [isBelow, isAbove] = [z < minValue, z > maxValue];
    return isBelow ? minValue : isAbove ? maxValue : z;
  },
  step: (z, { alpha = 0 }) => (z > 0 ? 1 : alpha),
  exp: (z) => Math.exp(z),
  erf,
  // 0·z rather than 0, so that a NaN is handed on.
  abs: (z) => (z > 0 ? z : z < 0 ? -z : 0 * z),
};

/** Activations of a whole row of numbers. */
const lastAxisActivations: { readonly [K in LastAxisName]: (row: Float64Array) => Float64Array } = {
  softmax,
  logSoftmax,
};

/**
 * The activation of every element of z, or of every row along its last axis; the shape stays.
 *
 * Formulas of the spec's activation list, each with the numbers that it takes.
 */
export function activate(name: ActivationName, numbers: ActivationNumbers, z: Tensor): Tensor {
  if (name === 'softmax' || name === 'logSoftmax')
    return { shape: z.shape, values: mapRows(z, lastAxisActivations[name]) };
  const apply = scalarActivations[name];
  const values = new Float64Array(z.values.length);
  for (let n = 0; n < values.length; n++) values[n] = apply(z.values[n]!, numbers);
  return { shape: z.shape, values };
}

/** 1/(1 + exp(−z)), with an exponential that never overflows. */
export function sigmoid(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return z >= 0 ? 1 / (1 + e) : e / (1 + e);
}

/** log(1 + exp(z)), with an exponential that never overflows. */
export function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

function hardSigmoid(z: number): number {
  return between(0, (z + 3) / 6, 1);
}

/** min(max(z, low), high), flat at both ends. */
function between(low: number, z: number, high: number): number {
  const [isLow, isHigh] = [z <= low, z >= high];
  return isLow ? low : isHigh ? high : z;
}

/** exp(zₖ)/Σⱼ exp(zⱼ), after subtracting the largest z so that no exponential overflows. */
export function softmax(row: Float64Array): Float64Array {
  const shift = largest(row);
  const result = new Float64Array(row.length);
  let sum = 0;
  for (let k = 0; k < row.length; k++) {
    result[k] = Math.exp(row[k]! - shift);
    sum += result[k]!;
  }
  for (let k = 0; k < row.length; k++) result[k]! /= sum;
  return result;
}

/**
 * zₖ − log Σⱼ exp(zⱼ), likewise; finite where the logarithm of softmax would be −∞. The largest term of the sum is e⁰ = 1,
 * beside which the others would lose their digits: the logarithm is log(1 + rest).
 */
export function logSoftmax(row: Float64Array): Float64Array {
  const shift = largest(row);
  let first = -1;
  for (let k = 0; k < row.length; k++) if (first < 0 && row[k]! === shift) first = k;
  const result = new Float64Array(row.length);
  let rest = 0;
  for (let k = 0; k < row.length; k++) rest += k === first ? 0 : Math.exp(row[k]! - shift);
  for (let k = 0; k < row.length; k++) result[k] = row[k]! - shift - Math.log1p(rest);
  return result;
}

/** One of the row's numbers, and no maximum of several: a softmax has no kink where two tie. A NaN is met again in the sum. */
function largest(row: Float64Array): number {
  let most = row[0]!;
  for (let k = 1; k < row.length; k++) if (row[k]! > most) most = row[k]!;
  return most;
}

/** `apply` on each row along the last axis, end to end. */
export function mapRows(z: Tensor, apply: (row: Float64Array) => Float64Array): Float64Array {
  const rowLength = z.shape.at(-1)!;
  const result = new Float64Array(z.values.length);
  for (let start = 0; start < result.length; start += rowLength) {
    const row = apply(z.values.subarray(start, start + rowLength));
    for (let k = 0; k < rowLength; k++) result[start + k] = row[k]!;
  }
  return result;
}
