import { describe, expect, it } from 'vitest';
import { relativeError } from '../execution/load.ts';
import { everyForm } from './everyForm.ts';
import { readExpected, readSpec } from './readCase.ts';

/** A sample, and what PyTorch computes of it in float64. */
interface Computed {
  readonly x: readonly number[];
  readonly parameters: readonly number[];
  /** Of a network with a loss. */
  readonly target?: readonly number[];
  /** ∂L/∂output, of a network without one. */
  readonly outputGradient?: readonly number[];
  readonly expected: {
    readonly output: readonly number[];
    readonly loss?: number;
    readonly gradients: readonly number[];
    readonly inputGradient: readonly number[];
  };
}

/** Networks that other tools got wrong. */
const names = [
  '16-leftover-stride',
  '18-depthwise-mult-dilation-stride',
  '19a-transpose-kernel-smaller-than-stride',
  '20a-avgpool-asymmetric',
  '22-se-block',
  '23-reuse-output',
  '28c-segmentation-ce',
  '40-last-pool-without-loss',
] as const;

/** Of the largest value of each tensor: some ten roundings deep in either precision. */
const toleranceOf = { unrolled: 1e-14, fast: 1e-14, wasm: 1e-6 } as const;

describe.each(everyForm)('in the form $form', ({ form, load }) => {
  it.each(names)('%s gives the numbers of PyTorch', async (name) => {
    const { x, parameters, target, outputGradient, expected } = readExpected<Computed>(name);
    const model = (await load(readSpec(name))).createModel(parameters);
    const errors = {
      output: relativeError(model.forward(x), expected.output),
      loss: relativeError([model.backward(target ?? outputGradient ?? []) ?? 0], [expected.loss ?? 0]),
      gradients: relativeError(model.gradients, expected.gradients),
      inputGradient: relativeError(model.inputGradient, expected.inputGradient),
    };
    const wrong = Object.entries(errors).filter(([, error]) => !(error <= toleranceOf[form]));
    expect(wrong).toEqual([]);
  });
});
