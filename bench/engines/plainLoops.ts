import { plainNetwork } from '../core/plainNetwork.ts';
import { SAMPLE_COUNT } from '../core/samples.ts';
import type { Engine, Task } from './engine.ts';

/** The reference itself: nested loops in TypeScript. */
export async function load({ spec, samples }: Task): Promise<Engine> {
  const model = plainNetwork(spec, samples.parameters);
  const inputs = samples.inputs.map((input) => Float64Array.from(input));
  const targets = samples.targets.map((target) => Float64Array.from(target));
  return {
    version: `Node ${process.version}`,
    reset: () => model.parameters.set(samples.parameters),
    forward(batch, calls) {
      for (let k = 0; k < batch * calls; k++) model.forward(inputs[k & (SAMPLE_COUNT - 1)]!);
    },
    step(batch, calls, rate) {
      let sample = 0;
      for (let k = 0; k < calls; k++) {
        for (let n = 0; n < batch; n++) {
          model.forward(inputs[sample]!);
          model.backward(targets[sample]!);
          sample = (sample + 1) & (SAMPLE_COUNT - 1);
        }
        model.step(rate / batch);
      }
    },
    output: (first, batch) => inputs.slice(first, first + batch).flatMap((input) => [...model.forward(input)]),
    parameters: () => model.parameters,
    another: () => plainNetwork(spec, samples.parameters),
  };
}
