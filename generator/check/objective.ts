import { forward, loss } from '../reference/interpreter.ts';
import { hasLoss } from '../spec/losses.ts';
import type { Network } from '../spec/network.ts';
import type { TrainingModel } from './module.ts';
import type { Sample } from './sample.ts';

/**
 * The number whose gradient `backward` computes, by the reference interpreter: the loss, or Σ ∂L/∂output·output for a
 * network without one.
 */
export function referenceObjective(network: Network, { parameters, input, given }: Sample): number {
  if (hasLoss(network)) return loss(network, parameters, input, given);
  return dot(given, forward(network, parameters, input));
}

/** The same number by a generated model, whose `gradients` it spoils. */
export function generatedObjective(model: TrainingModel, { parameters, input, given }: Sample): number {
  model.parameters.set(parameters);
  const output = model.forward(input);
  return model.backward(given) ?? dot(given, output);
}

/** Σ aₙ·bₙ */
function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n]! * b[n]!;
  return sum;
}
