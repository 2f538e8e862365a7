import { describe, expect, it } from 'vitest';
import { givenOf, oracleCases } from '../reference/oracleCases.ts';
import { forms } from './forms.ts';
import { load, relativeError } from './load.ts';

describe.each(forms)('in the form %s', (form) => {
  it.each(oracleCases)('%s gives the numbers of PyTorch to 1e-12', async (_, oracle) => {
    const { createModel, network } = await load(oracle.spec, { inputGradient: true, form });
    const model = createModel(oracle.parameters);
    expect(network.outputShape).toEqual(oracle.outputShape);
    expect(relativeError(model.forward(oracle.input), oracle.output)).toBeLessThan(1e-12);
    const loss = model.backward(givenOf(oracle));
    if (oracle.loss === undefined) expect(loss).toBeUndefined();
    else expect(relativeError([loss], [oracle.loss])).toBeLessThan(1e-12);
    expect(relativeError(model.gradients, oracle.gradients)).toBeLessThan(1e-12);
    expect(relativeError(model.inputGradient, oracle.inputGradient)).toBeLessThan(1e-12);
  });
});
