import { describe, expect, it } from 'vitest';
import { type AnyModule, relativeError } from '../execution/load.ts';
import { givenOf, type OracleCase, oracleCases } from '../reference/oracleCases.ts';
import { loadWasm, type WasmFile } from './loadWasm.ts';
import { hasRelaxedSimd } from './relaxedSimd.ts';

/**
 * Of the largest value of each tensor. float32 rounds at 6e-8, and the networks are some ten roundings deep: none of the
 * tensors is farther than 4e-7 from PyTorch's float64.
 */
const tolerance = 1e-6;

/**
 * Parts whose absolute values add up to fifteen times the largest place of this gradient cancel in it (by PyTorch), so their
 * roundings of 6e-8 are fifteen times as large as elsewhere: 0.9e-6 to 1.6e-6 in the orders of terms that were tried.
 */
const cancelling = { network: 'core-5', tensor: 'gradient of conv2d1/bias', tolerance: 2e-6 };

describe.each([
  ['plain', true],
  ['relaxed', false],
] as const)('with %s multiply-adds', (_, deterministic) => {
  it.skipIf(!deterministic && !hasRelaxedSimd).each(oracleCases)(
    '%s gives the numbers of PyTorch to 1e-6, tensor by tensor',
    async (_, oracle) => expectOracle(await loadWasm(oracle.spec, { deterministic }), oracle),
  );
});

function expectOracle({ createModel, network }: WasmFile, oracle: OracleCase): void {
  const model = createModel(oracle.parameters);
  expect(network.outputShape).toEqual(oracle.outputShape);
  const expectClose = (tensor: string, found: ArrayLike<number>, expected: ArrayLike<number>): void => {
    const cancels = network.name === cancelling.network && tensor === cancelling.tensor;
    expect(relativeError(found, expected), tensor).toBeLessThan(cancels ? cancelling.tolerance : tolerance);
  };
  expectClose('output', model.forward(oracle.input), oracle.output);
  const loss = model.backward(givenOf(oracle));
  if (oracle.loss === undefined) expect(loss).toBeUndefined();
  else expectClose('loss', [loss], [oracle.loss]);
  for (const [name, found, expected] of parametersOf(network, model.gradients, oracle.gradients)) {
    expectClose(`gradient of ${name}`, found, expected);
  }
  expectClose('gradient of the input', model.inputGradient, oracle.inputGradient);
}

/** The part of each parameter in two flat arrays. */
function parametersOf(
  { parameters }: AnyModule['network'],
  found: Float32Array,
  expected: readonly number[],
): (readonly [string, ArrayLike<number>, ArrayLike<number>])[] {
  return parameters.map(({ name, shape, offset }) => {
    const end = offset + shape.reduce((product, size) => product * size, 1);
    return [name, found.slice(offset, end), expected.slice(offset, end)];
  });
}
