import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SAMPLE_COUNT } from '../core/samples.ts';
import type { Engine, Task } from './engine.ts';

type Numbers = Float64Array | Float32Array;

/** What a generated module exports, of which a predictor has only the first two members. */
interface Generated {
  createModel(): {
    readonly parameters: Numbers;
    forward(input: ArrayLike<number>): Numbers;
    backward(target: ArrayLike<number>): number;
    step(rate: number): void;
    forwardBatch(inputs: Numbers, count: number, outputs: Numbers): Numbers;
    trainBatch(inputs: Numbers, targets: Numbers, count: number, rate: number): number;
  };
}
type Model = ReturnType<Generated['createModel']>;

/** One step, in a function of its own as in anybody's program: a loop that is entered once is compiled while it runs. */
function train(model: Model, input: Numbers, target: Numbers, rate: number): void {
  model.forward(input);
  model.backward(target);
  model.step(rate);
}

/** The generated modules, loaded as a user who commits the file and imports it. A batch is one call. */
export async function load({ samples, directory }: Task): Promise<Engine> {
  const trainerFile = pathToFileURL(join(directory, 'trainer.mjs')).href;
  const predictorFile = pathToFileURL(join(directory, 'predictor.mjs')).href;
  // Who only predicts would take the module without training.
  const predictor = ((await import(predictorFile)) as Generated).createModel();
  let trainer: Model | undefined;
  const trained = async (): Promise<Model> => (trainer ??= ((await import(trainerFile)) as Generated).createModel());
  // The form decides how wide its numbers are.
  const { from } = predictor.parameters.constructor as typeof Float64Array;
  const numbers = (rows: readonly (readonly number[])[]) =>
    rows.map((row) => from.call(predictor.parameters.constructor, row));
  const inputs = numbers(samples.inputs);
  const targets = numbers(samples.targets);
  const [allInputs, allTargets] = numbers([samples.inputs.flat(), samples.targets.flat()]) as [Numbers, Numbers];
  const rowsOf = (all: Numbers, first: number, batch: number): Numbers => {
    const size = all.length / SAMPLE_COUNT;
    return all.subarray(first * size, (first + batch) * size);
  };
  const outputsOf = new Map<number, Numbers>();
  const outputs = (batch: number): Numbers => {
    const known = outputsOf.get(batch) ?? allTargets.slice(0, (batch * allTargets.length) / SAMPLE_COUNT);
    outputsOf.set(batch, known);
    return known;
  };
  return {
    version: 'this checkout',
    modules: [predictorFile, trainerFile],
    async reset() {
      predictor.parameters.set(samples.parameters);
      (await trained()).parameters.set(samples.parameters);
    },
    async forward(batch, calls) {
      if (batch > 1) {
        const model = await trained();
        for (let k = 0; k < calls; k++) {
          const first = (k * batch) & (SAMPLE_COUNT - 1);
          model.forwardBatch(rowsOf(allInputs, first, batch), batch, outputs(batch));
        }
        return;
      }
      for (let k = 0; k < calls; k++) predictor.forward(inputs[k & (SAMPLE_COUNT - 1)]!);
    },
    async step(batch, calls, rate) {
      const model = await trained();
      let sample = 0;
      for (let k = 0; k < calls; k++) {
        if (batch === 1) {
          train(model, inputs[sample]!, targets[sample]!, rate);
        } else {
          model.trainBatch(rowsOf(allInputs, sample, batch), rowsOf(allTargets, sample, batch), batch, rate);
        }
        sample = (sample + batch) & (SAMPLE_COUNT - 1);
      }
    },
    output: (first, batch) => inputs.slice(first, first + batch).flatMap((input) => [...predictor.forward(input)]),
    parameters: async () => (await trained()).parameters,
    another: async () => ((await import(trainerFile)) as Generated).createModel(),
  };
}
