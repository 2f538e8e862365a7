import { loadModule } from '../../generator/check/module.ts';
import { initialWeights } from '../../generator/exchange/weights/initialWeights.ts';
import { stages } from '../../generator/pipeline.ts';
import { macsOf } from '../../generator/schedule/cost.ts';
import { productsIn } from '../measures/products.ts';
import type { NetworkSpec } from './network.ts';
import type { PlainNetwork } from './plainNetwork.ts';

/*
 * Networks of any layers, such as N4 to N6. The plain networks have writers of their own here, which share no line with
 * longhand; for these, what everyone is compared with is longhand's `fast` form, after a check against its reference
 * interpreter, and PyTorch and ONNX Runtime compute what `longhand export` gives them.
 */

/** How many numbers an output has. */
export function generalOutput(spec: NetworkSpec): number {
  return shaped(spec)
    .shapes.at(-1)!
    .reduce((all, size) => all * size, 1);
}

/** The numbers that `initialize` gives, with small biases instead of zeros, so that a lost bias shows in the output. */
export function generalParameters(spec: NetworkSpec, between: (low: number, high: number) => number): number[] {
  const network = shaped(spec);
  const initial = initialWeights(network);
  return Array.from(initial, (value) => Math.fround(value === 0 ? between(-0.1, 0.1) : value));
}

/** The `fast` form of a network. */
export function generatedNetwork(spec: NetworkSpec, initial: ArrayLike<number>): PlainNetwork {
  const options = { form: 'fast' as const };
  const network = shaped(spec);
  const program = stages.equations(network, options);
  const model = loadModule(stages.print(network, program, stages.plan(program, options))).createModel();
  model.parameters.set(initial);
  return {
    parameters: model.parameters as Float64Array,
    gradients: model.gradients as Float64Array,
    forward: (input) => model.forward(input) as Float64Array,
    backward: (target) => model.backward(target) as number,
    step: (rate) => model.step(rate),
  };
}

/** Multiply-accumulates of one forward pass, padding counted, as is usual. */
export function generalMacs(spec: NetworkSpec): number {
  return macsOf(stages.equations(shaped(spec), { form: 'wasm' }));
}

/** Multiply-adds that must be done: those outside of images and behind places that lost a pool are not. */
export function neededMacs(spec: NetworkSpec): { readonly forward: number; readonly step: number } {
  const { forward, backward } = stages.equations(shaped(spec), { form: 'wasm' });
  const macs = (equations: typeof forward): number => equations.reduce((sum, one) => sum + productsIn(one), 0);
  return { forward: macs(forward), step: macs(forward) + macs(backward) };
}

function shaped(spec: NetworkSpec) {
  return stages.shape(stages.parse(structuredClone(spec)));
}
