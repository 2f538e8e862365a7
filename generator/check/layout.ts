import { givensOf, layerShapes, parameterCount, parameterShapes } from '../reference/interpreter.ts';
import { elementCount } from '../reference/tensor.ts';
import { hasLoss } from '../spec/losses.ts';
import type { Network, Shape } from '../spec/network.ts';
import type { GeneratedModule } from './module.ts';

/** Where a module's `network` says something else than the spec: one sentence each. */
export function layoutFaults(network: Network, found: GeneratedModule['network']): readonly string[] {
  const shapes = layerShapes(network);
  const expected = {
    name: network.name,
    inputShape: network.inputs === undefined ? network.input : undefined,
    outputShape: network.outputs === undefined ? shapes.get(network.layers.at(-1)!.name) : undefined,
    inputs: network.inputs?.map(({ name, shape, offset }) => ({ name, shape, offset })),
    outputs: outputsOf(network, shapes),
    parameterCount: parameterCount(network),
    parameters: parameterShapes(network).map(({ name, shape, offset }) => ({ name, shape, offset })),
  };
  return Object.entries(expected).flatMap(([key, value]) => {
    const here = JSON.stringify(found[key as keyof typeof expected]);
    const wanted = JSON.stringify(value);
    return here === wanted ? [] : [`network.${key}: found ${here}; expected ${wanted}`];
  });
}

/** The named outputs: their places in the flat output, and how many numbers their targets have. */
function outputsOf(network: Network, shapes: ReadonlyMap<string, Shape>): GeneratedModule['network']['outputs'] {
  if (network.outputs === undefined) return undefined;
  const targets = [...givensOf(network)];
  const trains = hasLoss(network);
  let next = 0;
  return network.outputs.map(({ name, loss }) => {
    const shape = shapes.get(name)!;
    const offset = next;
    next += elementCount(shape);
    const target = !trains ? elementCount(shape) : loss === undefined ? 0 : targets.shift()!.count;
    return { name, shape, offset, target };
  });
}
