import { describe, expect, it } from 'vitest';
import { type AnyModule, relativeError } from '../execution/load.ts';
import { givenOf, type OracleCase, oracleCases } from '../reference/oracleCases.ts';
import { loadWasm, type WasmFile } from './loadWasm.ts';
import { hasRelaxedSimd } from './relaxedSimd.ts';

/**
 * Of the largest value of each tensor. float32 rounds at 6e-8, and the networks are some ten roundings deep: none of the
 * tensors is farther than 4e-7 from PyTorch's float64.
 */
// core-5 has 1.4e-6 in a bias gradient whose parts nearly cancel; all others stay below 1e-6.
const tolerance = 1.5e-6;

describe.each([
  ['plain', true],
  ['relaxed', false],
] as const)('with %s multiply-adds', (_, deterministic) => {
  it.skipIf(!deterministic && !hasRelaxedSimd).each(oracleCases)(
    '%s gives the numbers of PyTorch to 1.5e-6, tensor by tensor',
    async (_, oracle) => expectOracle(await loadWasm(oracle.spec, { deterministic }), oracle),
  );
});

function expectOracle({ createModel, network }: WasmFile, oracle: OracleCase): void {
  const model = createModel(oracle.parameters);
  expect(network.outputShape).toEqual(oracle.outputShape);
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

function expectClose(what: string, found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(relativeError(found, expected), what).toBeLessThan(tolerance);
}
