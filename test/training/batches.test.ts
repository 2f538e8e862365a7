import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { everyForm } from '../cases/everyForm.ts';
import { relativeError } from '../execution/load.ts';

/** Some steps of `trainBatch`, by PyTorch: see batches.py. */
interface Case {
  readonly what: string;
  readonly spec: object;
  readonly seed: number;
  readonly rate: number;
  readonly count: number;
  readonly parameters: readonly number[];
  readonly steps: readonly {
    readonly inputs: readonly number[];
    readonly targets: readonly number[];
    readonly loss: number;
    /** After the step, moving averages included. */
    readonly parameters: readonly number[];
    /** Of the first sample, after the step. */
    readonly output: readonly number[];
  }[];
}

interface Model {
  readonly parameters: Float64Array | Float32Array;
  initialize(seed: number): void;
  forward(input: readonly number[]): ArrayLike<number>;
  trainBatch(inputs: readonly number[], targets: readonly number[], count: number, rate: number): number;
}

const cases: readonly Case[] = JSON.parse(readFileSync(new URL('batches.json', import.meta.url), 'utf8'));

const toleranceOf = { unrolled: 1e-12, fast: 1e-12, wasm: 2e-5 } as const;

describe.each(everyForm)('in the form $form', ({ form, load }) => {
  it.each(cases)('batches train as in PyTorch: $what', async ({ spec, seed, rate, count, parameters, steps }) => {
    const model = (await load(spec)).createModel() as unknown as Model;
    model.initialize(seed);
    model.parameters.set(parameters);
    for (const { inputs, targets, loss, parameters: after, output } of steps) {
      const found = model.trainBatch(inputs, targets, count, rate);
      expect(relativeError([found], [loss])).toBeLessThan(toleranceOf[form]);
      expect(relativeError(model.parameters, after)).toBeLessThan(toleranceOf[form]);
      const single = inputs.slice(0, inputs.length / count);
      expect(relativeError(model.forward(single), output)).toBeLessThan(toleranceOf[form]);
    }
  });
});
