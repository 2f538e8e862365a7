import type { ActivationName, ActivationNumbers } from '../../../layers/options.ts';
import { digestOf } from '../../../spec/digest.ts';
import type { Layer, Shape, ShapedNetwork } from '../../../spec/network.ts';
import { refuse, refuseNamedEnds } from '../../refuse.ts';
import { splitWeights } from '../../weights/fit.ts';
import { writeNumbers } from '../../weights/numberTypes.ts';
import { slotsOf } from '../../weights/slots.ts';
import { kerasActivations } from './activations.ts';
import { type KerasNode, type KerasPart, kerasRules } from './layers.ts';
import { printKeras } from './printKeras.ts';

interface WrittenFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/**
 * A network as a Python file that builds it in Keras and takes its weights from a .safetensors file, and as a layers model
 * of TensorFlow.js: model.json with its weights beside it.
 *
 * @throws SpecError for what Keras has no layer for
 */
export function exportKeras(network: ShapedNetwork, weights: Float64Array): readonly WrittenFile[] {
  refuseNamedEnds(network, 'a Keras model');
  const nodes = nodesOf(network);
  const { name } = network;
  return [
    { path: `${name}_keras.py`, content: printKeras(network, nodes) },
    { path: 'model.json', content: `${JSON.stringify(tfjsModel(network, nodes), undefined, 1)}\n` },
    { path: 'weights.bin', content: weightsFile(network, nodes, weights) },
  ];
}

/** The layers of the spec in Keras' own, each with its activation behind it; the last part has the layer's name. */
export function nodesOf(network: ShapedNetwork): readonly KerasNode[] {
  const shapes = new Map<string, Shape>([
    ['input', network.input],
    ...network.layers.map(({ name }, n) => [name, network.shapes[n]!] as const),
  ]);
  const used = new Set(network.layers.map(({ name }) => name));
  const between = (name: string): string => {
    let own = name;
    while (used.has(own)) own += '_';
    used.add(own);
    return own;
  };
  return network.layers.flatMap((layer) => {
    const parts = partsOf(
      layer,
      layer.inputs.map((input) => shapes.get(input)!),
    );
    const names = parts.map((_, n) => (n === parts.length - 1 ? layer.name : between(`${layer.name}_${n + 1}`)));
    return parts.map((part, n): KerasNode => {
      return {
        ...part,
        name: names[n]!,
        inputs: n === 0 ? layer.inputs : [names[n - 1]!],
        owner: layer.weightsOf ?? layer.name,
        trainable: layer.trainable !== false,
      };
    });
  });
}

function partsOf({ type, name, options, weightsOf }: Layer, inputs: readonly Shape[]): readonly KerasPart[] {
  if (weightsOf !== undefined) refuse(name, `the weights of ${weightsOf}`, 'weights of its own');
  const rule =
    kerasRules[type] ?? refuse(name, `a layer ${type}, which Keras has not`, Object.keys(kerasRules).join(', '));
  // The options belong to the type that they stand beside.
  const parts = (rule as (options: Layer['options'], facts: object) => readonly KerasPart[])(options, { name, inputs });
  const isActivated = 'activation' in options && options.activation !== 'linear';
  const all = isActivated ? [...parts, ...activationOf(name, options.activation, options)] : parts;
  return all.length > 0 ? all : [{ kind: 'Activation', config: { activation: 'linear' } }];
}

function activationOf(name: string, activation: ActivationName, numbers: ActivationNumbers): readonly KerasPart[] {
  const expected = `one that Keras has: ${Object.keys(kerasActivations).join(', ')}`;
  return (
    kerasActivations[activation]?.(numbers) ?? refuse(name, `the activation ${activation} with these numbers`, expected)
  );
}

/** A model.json of TensorFlow.js (https://www.tensorflow.org/js/guide/save_load). */
function tfjsModel(network: ShapedNetwork, nodes: readonly KerasNode[]): object {
  const input = {
    class_name: 'InputLayer',
    name: 'input',
    inbound_nodes: [],
    config: { batch_input_shape: [null, ...network.input], dtype: 'float32', name: 'input' },
  };
  const layers = nodes.map((node) => ({
    class_name: node.kind,
    name: node.name,
    inbound_nodes: [node.inputs.map((one) => [one, 0, 0, {}])],
    config: { name: node.name, ...(node.trainable ? {} : { trainable: false }), ...tfjsConfig(node) },
  }));
  const config = {
    name: network.name,
    layers: [input, ...layers],
    input_layers: [['input', 0, 0]],
    output_layers: [[network.layers.at(-1)!.name, 0, 0]],
  };
  const weights = entriesOf(network, nodes).map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  return {
    format: 'layers-model',
    generatedBy: 'longhand',
    userDefinedMetadata: { 'longhand.spec': digestOf(network) },
    modelTopology: { keras_version: '2.15.0', backend: 'tensorflow', model_config: { class_name: 'Model', config } },
    weightsManifest: [{ paths: ['weights.bin'], weights }],
  };
}

/** TensorFlow.js has the names of Keras 2, and groups alone where there are several. */
function tfjsConfig({ config }: KerasNode): object {
  const { negative_slope, groups, ...rest } = config;
  return {
    ...rest,
    ...(negative_slope === undefined ? {} : { alpha: negative_slope }),
    ...(groups === undefined || groups === 1 ? {} : { groups }),
  };
}

const kerasNames: Readonly<Record<string, string>> = { movingMean: 'moving_mean', movingVariance: 'moving_variance' };

function entriesOf(network: ShapedNetwork, nodes: readonly KerasNode[]) {
  const slots = new Map(slotsOf(network).map((slot) => [slot.name, slot]));
  return nodes.flatMap((node) =>
    (node.takes ?? []).map((kind) => {
      const key = `${node.owner}/${kind}`;
      const prefix = node.kind === 'DepthwiseConv2D' && kind === 'kernel' ? 'depthwise_' : '';
      return {
        key,
        name: `${node.name}/${prefix}${kerasNames[kind] ?? kind}`,
        shape: node.shapes?.[kind] ?? slots.get(key as never)!.shape,
      };
    }),
  );
}

function weightsFile(network: ShapedNetwork, nodes: readonly KerasNode[], weights: Float64Array): Uint8Array {
  const values = new Map<string, ArrayLike<number>>(
    splitWeights(slotsOf(network), weights).map((one) => [one.name, one.values]),
  );
  return Buffer.concat(entriesOf(network, nodes).map(({ key }) => writeNumbers(values.get(key)!, 'F32')));
}
