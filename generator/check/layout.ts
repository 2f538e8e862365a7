import { layerShapes, parameterCount, parameterShapes } from '../reference/interpreter.ts';
import type { Network } from '../spec/network.ts';
import type { GeneratedModule } from './module.ts';

/** Where a module's `network` says something else than the spec: one sentence each. */
export function layoutFaults(network: Network, found: GeneratedModule['network']): readonly string[] {
  const expected = {
    name: network.name,
    inputShape: network.input,
    outputShape: layerShapes(network).get(network.layers.at(-1)!.name),
    parameterCount: parameterCount(network),
    parameters: parameterShapes(network).map(({ name, shape, offset }) => ({ name, shape, offset })),
  };
  return Object.entries(expected).flatMap(([key, value]) => {
    const here = JSON.stringify(found[key as keyof typeof expected]);
    const wanted = JSON.stringify(value);
    return here === wanted ? [] : [`network.${key}: found ${here}; expected ${wanted}`];
  });
}
