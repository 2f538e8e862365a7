import { type Evaluation, evaluate, evaluatedLoss } from '../../generator/reference/interpreter.ts';
import type { Network } from '../../generator/spec/network.ts';
import type { Sample } from './sample.ts';

const step = 2 ** -20;

type Numbers = { readonly [K in keyof Sample]: K extends 'network' ? Network : readonly number[] };

/**
 * The size of terms that may cancel in a gradient: what the loss hands back, divided by the lengths of the vectors that
 * layers make as long as 1. The gradient of x/‖x‖ is what is left of dy/‖x‖ when its part along x is taken away: all of it
 * where x is one number, or several that are always equal.
 */
export function steepestOf({ network, parameters, input, given }: Numbers): number {
  const evaluation = evaluate(network, parameters, input);
  const factors = network.layers.map(({ type, name, inputs }) => {
    if (type !== 'unitNormalization') return 1;
    const [y, x] = [name, inputs[0]!].map((one) => evaluation.outputs.get(one)!.values);
    return Math.max(1, largest(Array.from(y!, (value, n) => (value === 0 ? 0 : value / x![n]!))));
  });
  return factors.reduce((product, factor) => product * factor, steepestLoss(network, evaluation, given));
}

/**
 * The largest |∂L/∂output|, by differences of the reference; without a loss the largest that `backward` is given. A loss
 * that is a relative error hands back the reciprocal of a target, a cosine that of a length.
 */
function steepestLoss(network: Network, evaluation: Evaluation, given: readonly number[]): number {
  if (network.loss === undefined) return largest(given);
  if (network.loss === 'cosineProximity') return 1 / shortestRow(evaluation.output);
  const last = network.layers.at(-1)!.name;
  const count = evaluation.output.values.length;
  const moved = (tensors: Evaluation['outputs'], at: number, by: number): Evaluation['outputs'] =>
    new Map(
      Array.from(tensors, ([name, { shape, values }]) => {
        // A cross-entropy reads what stands before the last activation: in this layer, or in one that this one reshapes.
        const isMoved = values.length === count && (name === last || tensors === evaluation.preActivations);
        return [name, { shape, values: isMoved ? values.with(at, values[at]! + by) : values }] as const;
      }),
    );
  const lossAt = (at: number, by: number): number => {
    const outputs = moved(evaluation.outputs, at, by);
    const preActivations = moved(evaluation.preActivations, at, by);
    return evaluatedLoss(network, { ...evaluation, outputs, preActivations }, given);
  };
  return largest(Array.from({ length: count }, (_, at) => (lossAt(at, step) - lossAt(at, -step)) / (2 * step)));
}

function shortestRow({ shape, values }: Evaluation['output']): number {
  const length = shape.at(-1)!;
  const rows = Array.from({ length: values.length / length }, (_, row) =>
    Math.hypot(...values.slice(row * length, (row + 1) * length)),
  );
  return Math.max(Math.sqrt(1e-7), Math.min(...rows));
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
