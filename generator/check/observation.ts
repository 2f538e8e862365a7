import type { Numbers, TrainingModel } from './module.ts';
import type { Sample } from './sample.ts';

/** What a generated model computes for one sample. */
export interface Observation {
  readonly output: Numbers;
  /** Nothing where the network has no loss. */
  readonly loss: number | undefined;
  readonly gradients: Numbers;
  readonly inputGradient: Numbers | undefined;
}

/** One training pass over a sample, from gradients of 0. */
export function observe(model: TrainingModel, { parameters, input, given }: Sample): Observation {
  model.parameters.set(parameters);
  model.gradients.fill(0);
  const output = model.forward(input).slice();
  const loss = model.backward(given);
  const gradients = model.gradients.slice();
  return { output, loss, gradients, inputGradient: model.inputGradient?.slice() };
}
