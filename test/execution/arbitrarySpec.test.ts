import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { losses } from '../../generator/layers/losses/registry.ts';
import { activationNames } from '../../generator/layers/options.ts';
import { layers } from '../../generator/layers/registry.ts';
import { stages } from '../../generator/pipeline.ts';
import { layerShapes } from '../../generator/reference/interpreter.ts';
import type { Layer, Network } from '../../generator/spec/network.ts';
import { arbitrarySpec } from './arbitrarySpec.ts';
import { pairOf } from './windows.ts';

const specs = fc.sample(arbitrarySpec, { numRuns: 3000, seed: 1 });
const networks = specs.map((spec) => stages.parse(spec));
const all = networks.flatMap(({ layers }) => layers);

/** A layer with the shapes of what it reads. */
interface Seen {
  readonly layer: Layer;
  readonly inputs: readonly (readonly number[])[];
  readonly position: number;
  readonly network: Network;
}

const seen: readonly Seen[] = networks.flatMap((network) => {
  const shapes = layerShapes(network);
  return network.layers.map((layer, position) => {
    return { layer, network, position, inputs: layer.inputs.map((name) => shapes.get(name)!) };
  });
});

const readersOf = (network: Network, name: string): number =>
  network.layers.filter(({ inputs }) => inputs.includes(name)).length;

/** What random networks must not miss; each is met in at least one of 250. */
const features: Readonly<Record<string, (one: Seen) => boolean>> = {
  'a value that several layers read': ({ layer, network }) => readersOf(network, layer.name) > 1,
  'a layer that reads one value twice': ({ layer }) => new Set(layer.inputs).size < layer.inputs.length,
  'a layer that uses the weights of another': ({ layer }) => layer.weightsOf !== undefined,
  'an unused branch': ({ layer, network, position }) =>
    position < network.layers.length - 1 && readersOf(network, layer.name) === 0,
  'a residual sum': ({ layer }) => layer.type === 'add' && new Set(layer.inputs).size > 1,
  'a product of different values': ({ layer }) => layer.type === 'multiply' && new Set(layer.inputs).size > 1,
  'a product of one value alone': ({ layer }) => layer.type === 'multiply' && new Set(layer.inputs).size === 1,
  'three values side by side': ({ layer }) => layer.type === 'concatenate' && layer.inputs.length === 3,
  'images of different channels side by side': ({ layer, inputs }) =>
    layer.type === 'concatenate' && inputs[0]!.length === 3 && new Set(inputs.map((shape) => shape.at(-1))).size > 1,
  'the input read again later': ({ layer, position }) => position > 0 && layer.inputs.includes('input'),
  'a vector that becomes an image': ({ layer, inputs }) =>
    layer.type === 'reshape' && inputs[0]!.length === 1 && layer.options.shape.length === 3,
  'a vector that is normalized': ({ layer, inputs }) => layer.type === 'batchNormalization' && inputs[0]!.length === 1,
  'groups that divide the channels': ({ layer }) => layer.type === 'conv2d' && layer.options.groups > 1,
  'a transposed convolution with gaps': ({ layer }) =>
    layer.type === 'conv2dTranspose' && layer.options.strides[0] > layer.options.kernelSize[0],
  'a stride that does not divide': ({ layer, inputs }) =>
    layer.type === 'conv2d' && inputs[0]![0]! % pairOf(layer.options.strides)[0] !== 0,
  'softmax along the channels of an image': ({ layer, inputs }) =>
    layer.type === 'activation' && layer.options.activation.endsWith('oftmax') && inputs[0]!.length === 3,
};

describe('random networks', () => {
  it('have no tensor without a number', () => {
    const empty = networks.filter((network) => [...layerShapes(network).values()].some((shape) => shape.includes(0)));
    expect(empty).toEqual([]);
  });

  it.each(Object.keys(features))('have %s', (feature) => {
    expect(seen.filter(features[feature]!).length).toBeGreaterThan(networks.length / 250);
  });

  it('have layers of every kind, with and without each option', () => {
    const given = specs.flatMap(
      ({ layers }) => layers as readonly object[] as readonly Readonly<Record<string, unknown>>[],
    );
    for (const [kind, { options }] of Object.entries(layers)) {
      const ofKind = given.filter(({ type }) => type === kind);
      expect(ofKind.length, kind).toBeGreaterThan(10);
      for (const [option, schema] of Object.entries(options.shape)) {
        const set = ofKind.filter((layer) => option in layer).length;
        expect(set, `${kind} with ${option}`).toBeGreaterThan(0);
        // By default there are 32 groups, more than channels in so small an image.
        if (kind === 'groupNormalization' && option === 'groups') continue;
        if (schema.safeParse(undefined).success) expect(set, `${kind} without ${option}`).toBeLessThan(ofKind.length);
      }
    }
  });

  it('have every activation, padding and loss', () => {
    const activations = all.flatMap(({ options }) => ('activation' in options ? options.activation : []));
    expect([...new Set(activations)].sort()).toEqual([...activationNames].sort());
    const paddings = all.flatMap(({ type, options }) =>
      'padding' in options ? `${type} ${typeof options.padding === 'string' ? options.padding : 'explicit'}` : [],
    );
    // Six kinds with three each, four along a sequence with causal as well, zeroPadding2d and padding2d.
    expect(new Set(paddings).size).toBe(36);
    const drawn = new Set(networks.flatMap(({ loss }) => (loss === undefined ? [] : loss)));
    expect([...drawn].sort()).toEqual(Object.keys(losses).sort());
  });
});
