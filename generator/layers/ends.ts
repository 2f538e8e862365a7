import type { Layer, Network } from '../spec/network.ts';

/**
 * A network whose outputs have names, as one with a flat output: further layers lay the outputs one after the other. So all
 * that follows a spec knows one output.
 */
export function joinOutputs(network: Network): Network {
  if (network.outputs === undefined) return network;
  const names = new Set(network.layers.map(({ name }) => name));
  const fresh = (wanted: string): string => {
    let name = wanted;
    while (names.has(name) || name === 'input' || network.inputs?.some((one) => one.name === name)) name += '_';
    names.add(name);
    return name;
  };
  const flat = network.outputs.map(
    ({ name }): Layer => ({ type: 'flatten', name: fresh(`${name}_flat`), inputs: [name], options: {} }),
  );
  const inputs = flat.map(({ name }) => name);
  const joined: Layer[] =
    flat.length < 2 ? [] : [{ type: 'concatenate', name: fresh('outputs'), inputs, options: { axis: -1 } }];
  return { ...network, layers: [...network.layers, ...flat, ...joined] };
}

/** The layers that the spec lists: without those that lay its outputs one after the other. */
export function listedLayers({ layers, outputs }: Network): readonly Layer[] {
  if (outputs === undefined) return layers;
  return layers.slice(0, -(outputs.length + (outputs.length < 2 ? 0 : 1)));
}
