import type { GenerateOptions } from '../../generator/index.ts';
import { load, relativeError } from '../execution/load.ts';
import type { WasmModel } from '../wasm/loadWasm.ts';

/** What trains on many samples, in every form. */
export type Model = Pick<WasmModel, 'forward' | 'forwardBatch' | 'backward' | 'trainBatch' | 'initialize'> & {
  readonly parameters: Float32Array | Float64Array;
  readonly gradients: Float32Array | Float64Array;
  readonly inputGradient: Float32Array | Float64Array;
};

export async function modelOf(spec: object, options: GenerateOptions): Promise<Model> {
  const { createModel } = await load(spec, { inputGradient: true, ...options });
  const model = createModel() as unknown as Model;
  model.initialize(3);
  return model;
}

/** All that a model says of a sample. */
export function answers(model: Model, input: readonly number[], target: readonly number[]): readonly number[][] {
  model.gradients.fill(0);
  const output = [...model.forward(input)];
  model.backward(target);
  return [output, [...model.gradients], [...model.inputGradient]];
}

/** The worst of some answers, each relative to its largest. */
export const worst = (found: readonly number[][], expected: readonly number[][]): number =>
  Math.max(...found.map((numbers, n) => relativeError(numbers, expected[n]!)));
