import { expect } from 'vitest';
import { forward, loss } from '../../generator/reference/interpreter.ts';
import type { Network } from '../../generator/spec/network.ts';
import { load } from '../execution/load.ts';
import { loadWasm } from './loadWasm.ts';
import { bounds, inFloat32, largestDifference, type Numbers, outcomeOf, tensors } from './rounding.ts';

/**
 * Requires that the wasm module of a spec gives what the reference (output and loss) and the float64 module of the fast
 * form (all tensors) give, but for the roundings of float32; without the input's gradient, which is planned otherwise, too.
 */
export async function expectFewRoundings(
  spec: unknown,
  sample: Numbers & { readonly network: Network },
): Promise<void> {
  const numbers = inFloat32(sample);
  const { network } = sample;
  const { expected, allowed } = bounds(await load(spec, { form: 'fast', inputGradient: true }), numbers, network);
  const found = outcomeOf((await loadWasm(spec)).createModel(), numbers);
  const place = JSON.stringify(spec);
  for (const tensor of tensors)
    expect(largestDifference(found[tensor], expected[tensor]), `${tensor} of ${place}`).toBeLessThanOrEqual(
      allowed[tensor],
    );
  const lean = (await loadWasm(spec, { inputGradient: false })).createModel();
  lean.parameters.set(numbers.parameters);
  lean.forward(numbers.input);
  lean.backward(numbers.given);
  expect(
    largestDifference(Array.from(lean.gradients), expected.gradients),
    `gradients without the input's of ${place}`,
  ).toBeLessThanOrEqual(allowed.gradients);
  const { parameters, input, given } = numbers;
  const output = Array.from(forward(network, parameters, input));
  expect(largestDifference(found.output, output), `output of ${place}`).toBeLessThanOrEqual(allowed.output);
  if (network.loss === undefined) return;
  const expectedLoss = loss(network, parameters, input, given);
  expect(Math.abs(found.loss[0]! - expectedLoss), `loss of ${place}`).toBeLessThanOrEqual(allowed.loss);
}
