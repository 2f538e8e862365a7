import { describe, expect, it } from 'vitest';
import { layerOracles } from '../reference/layerOracles.ts';
import { givenOf } from '../reference/oracleCases.ts';
import { load, relativeError } from './load.ts';

/** wasm computes in float32; a value or a gradient here is some ten roundings of 6e-8 deep. */
const tolerances = { unrolled: 1e-12, fast: 1e-12, wasm: 2e-6 };

describe.each(['unrolled', 'fast', 'wasm'] as const)('in the form %s', (form) => {
  it.each(layerOracles)('%s gives the numbers of PyTorch', async (_, oracle) => {
    const { createModel, network } = await load(oracle.spec, { inputGradient: true, form });
    const model = createModel(oracle.parameters);
    expect(network.outputShape).toEqual(oracle.outputShape);
    const agrees = (found: ArrayLike<number>, expected: ArrayLike<number>) =>
      expect(relativeError(found, expected, 1e-3)).toBeLessThan(tolerances[form]);
    agrees(model.forward(oracle.input), oracle.output);
    const found = model.backward(givenOf(oracle));
    if (oracle.loss !== undefined) agrees([found], [oracle.loss]);
    agrees(model.gradients, oracle.gradients);
    agrees(model.inputGradient, oracle.inputGradient);
  });
});
