import { type Evaluation, evaluate, evaluatedLoss } from '../../generator/reference/interpreter.ts';
import type { Network } from '../../generator/spec/network.ts';
import type { Sample } from './sample.ts';

const step = 2 ** -20;

/**
 * The largest |∂L/∂output|, by differences of the reference; without a loss the largest that `backward` is given. A loss
 * that is a relative error hands back the reciprocal of a target: the size of terms that may cancel in a gradient.
 */
export function steepestOf({
  network,
  parameters,
  input,
  given,
}: { readonly [K in keyof Sample]: K extends 'network' ? Network : readonly number[] }): number {
  if (network.loss === undefined) return largest(given);
  const evaluation = evaluate(network, parameters, input);
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

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
