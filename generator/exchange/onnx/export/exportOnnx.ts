import { listedLayers } from '../../../layers/ends.ts';
import type { ActivationNumbers } from '../../../layers/options.ts';
import { inputShapesOf } from '../../../spec/inputs.ts';
import type { Layer, ShapedNetwork } from '../../../spec/network.ts';
import { refuse } from '../../refuse.ts';
import { splitWeights } from '../../weights/fit.ts';
import { slotsOf } from '../../weights/slots.ts';
import { activationWriters } from './activations.ts';
import { GraphWriter } from './graph.ts';
import { firstOf, LayerIo, lastOf, type Names } from './io.ts';
import { layerWriters } from './layers.ts';

export interface ExportOptions {
  /** Channels last as the spec has them, or first. */
  readonly layout?: 'nhwc' | 'nchw';
}

/**
 * A network with its weights as an ONNX model of opset 17: inputs and outputs `[N, …]` as the spec has them, by its names;
 * without names the input is `input`, and the output has the name of the last layer. Inside, images are channels first, as
 * ONNX's operators want them.
 *
 * @param weights the flat array of the network's parameters; they become float32
 * @throws SpecError where opset 17 has no operators for a layer or option
 */
export function exportOnnx(
  network: ShapedNetwork,
  weights: Float64Array,
  { layout = 'nhwc' }: ExportOptions = {},
): Uint8Array {
  const graph = new GraphWriter();
  const known = new Map(
    inputShapesOf(network).map(([name, shape]) => [name, inputNames(name, shape, layout)] as const),
  );
  const inputs = [...known].map(([name, { shape }]) => ({ name, dims: dimsIn(layout, shape) }));
  const parameters = parametersOf(network, weights);
  const layers = listedLayers(network);
  for (const [position, layer] of layers.entries()) {
    const inputs = layer.inputs.map((name) => known.get(name)!);
    const io = new LayerIo(
      graph,
      layer.name,
      inputs,
      network.shapes[position]!,
      parameters.get(layer.weightsOf ?? layer.name) ?? new Map(),
    );
    write(layer, io);
    known.set(layer.name, activated(graph, layer, io.result));
  }
  const names = network.outputs?.map(({ name }) => name) ?? [layers.at(-1)!.name];
  const outputs = names.map((name) => {
    const result = known.get(name)!;
    const isFirst = layout === 'nchw' && result.shape.length > 1;
    const from = isFirst ? firstOf(graph, result) : lastOf(graph, result);
    return { name, dims: dimsIn(layout, result.shape), from };
  });
  return graph.model({ name: network.name, inputs, outputs, metadata: { 'longhand.layout': layout } });
}

function inputNames(name: string, shape: readonly number[], layout: 'nhwc' | 'nchw'): Names {
  if (shape.length === 1) return { shape, first: name, last: name };
  return { shape, [layout === 'nchw' ? 'first' : 'last']: name };
}

function dimsIn(layout: 'nhwc' | 'nchw', shape: readonly number[]): readonly number[] {
  return layout === 'nchw' && shape.length > 1 ? [shape.at(-1)!, ...shape.slice(0, -1)] : shape;
}

function write(layer: Layer, io: LayerIo): void {
  const writer = layerWriters[layer.type];
  if (writer === undefined) refuse(layer.name, `a layer ${layer.type}`, 'layers that can be written as ONNX');
  // The options belong to the type that they stand beside.
  (writer as (options: Layer['options'], io: LayerIo) => void)(layer.options, io);
}

/** The activation behind a layer, in the order in which the layer's result is there. */
function activated(graph: GraphWriter, { options }: Layer, names: Names): Names {
  if (!('activation' in options) || options.activation === 'linear') return names;
  const numbers: ActivationNumbers = options;
  const isFirst = names.first !== undefined && names.shape.length > 1;
  const name = activationWriters[options.activation](
    graph,
    (isFirst ? names.first : names.last)!,
    numbers,
    isFirst ? 1 : -1,
  );
  if (names.shape.length === 1) return { shape: names.shape, first: name, last: name };
  return { shape: names.shape, [isFirst ? 'first' : 'last']: name };
}

function parametersOf(network: ShapedNetwork, weights: Float64Array) {
  const byLayer = new Map<
    string,
    Map<string, { readonly shape: readonly number[]; readonly values: ArrayLike<number> }>
  >();
  for (const { name, shape, values } of splitWeights(slotsOf(network), weights)) {
    const [layer = '', kind = ''] = name.split('/');
    const own = byLayer.get(layer) ?? new Map();
    own.set(kind, { shape, values });
    byLayer.set(layer, own);
  }
  return byLayer;
}
