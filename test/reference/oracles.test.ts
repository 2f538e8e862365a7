import { describe, expect, it } from 'vitest';
import { type Differences, finiteDifferences } from '../../generator/reference/finiteDifferences.ts';
import { forward, layerShapes, loss, parameterCount } from '../../generator/reference/interpreter.ts';
import { expectClose, largest } from './expectClose.ts';
import { normalize } from './normalize.ts';
import { givenOf, oracleCases } from './oracleCases.ts';

describe.each(oracleCases)('the reference on %s', (_, oracle) => {
  const network = normalize(oracle.spec);
  const { parameters, input } = oracle;
  const given = givenOf(oracle);

  it('has the parameters and the output shape of PyTorch', () => {
    expect(parameterCount(network)).toBe(parameters.length);
    expect(layerShapes(network).get(network.layers.at(-1)!.name)).toEqual(oracle.outputShape);
  });

  it('computes the output of PyTorch', () => {
    expectClose(forward(network, parameters, input), oracle.output, 1e-12);
  });

  it.runIf(network.loss !== undefined)('computes the loss of PyTorch', () => {
    expectClose([loss(network, parameters, input, given)], [oracle.loss!], 1e-12);
  });

  it('has finite differences equal to the gradients of PyTorch', () => {
    const found = finiteDifferences(network, parameters, input, given);
    expectEqualSlopes(found.gradients, oracle.gradients);
    expectEqualSlopes(found.inputGradient, oracle.inputGradient);
  });
});

/** Fails unless the differences equal the gradients; the few with a kink within a few steps are left out. */
function expectEqualSlopes({ values, errors }: Differences, gradients: readonly number[]): void {
  const scale = largest(gradients);
  const isSmooth = (_: number, slot: number): boolean => errors[slot]! < 1e-7 * scale;
  const smooth = values.filter(isSmooth);
  expect(smooth.length).toBeGreaterThan(0.8 * gradients.length);
  expectClose(smooth, gradients.filter(isSmooth), 1e-8);
}
