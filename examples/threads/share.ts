import { type Arrays, type Shared, shareOf } from './shared.ts';

/** What a share of a step needs of a generated model. */
export interface Model {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
  clearGradients(): void;
  backwardBatch(inputs: Float32Array, targets: Float32Array, count: number): number;
}

/** One thread's part of a step: the gradients of its samples, added up, from the shared parameters. */
export function workOnShare(model: Model, thread: number, total: number, arrays: Arrays, shared: Shared): void {
  const { inputSize, targetSize } = shared;
  const [start, end] = shareOf(thread, shared.threads, total);
  model.clearGradients();
  arrays.losses[thread] = 0;
  if (end > start) {
    model.parameters.set(arrays.parameters);
    const inputs = arrays.inputs.subarray(start * inputSize, end * inputSize);
    const targets = arrays.targets.subarray(start * targetSize, end * targetSize);
    arrays.losses[thread] = model.backwardBatch(inputs, targets, end - start);
  }
  arrays.gradients[thread]?.set(model.gradients);
}
