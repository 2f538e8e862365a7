import { type Hdf5Group, readHdf5 } from '../hdf5/hdf5.ts';
import { refuse } from '../refuse.ts';
import type { WeightTensor } from '../weights/tensors.ts';
import { readZip } from '../zip.ts';
import { type KerasLayer, type KerasModel, readConfig } from './model.ts';

/** A model that `model.save('name.h5')` wrote: the configuration as an attribute, the weights by layer. */
export function readH5(bytes: Uint8Array): KerasModel {
  const root = readHdf5(bytes);
  const text = root.attribute('model_config')?.[0];
  if (typeof text !== 'string')
    return refuse('', 'weights without a model', 'a whole model: model.save, not save_weights');
  const version = String(root.attribute('keras_version')?.[0] ?? '2');
  const weights = root.at('model_weights') ?? root;
  return { ...readConfig(marked(parse(text), version)), weightsOf: ({ name }) => weightsIn(weights, name) };
}

function weightsIn(weights: Hdf5Group, name: string): readonly WeightTensor[] {
  const group = weights.at(name);
  const names = group?.attribute('weight_names') ?? [];
  return names.map(
    (path) => group!.at(String(path))?.tensor() ?? refuse(`'${name}'`, 'a weight that is missing', String(path)),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse('', 'a configuration that is no JSON', 'a whole model');
  }
}

/** Notes for the layers whether Keras 3 wrote them: hard_sigmoid is another function since. */
export function marked(config: unknown, version: string): unknown {
  if (!version.startsWith('3')) return config;
  const text = JSON.stringify(config, (key, value) =>
    key === 'config' && typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value, keras_version_is_3: true }
      : value,
  );
  return JSON.parse(text);
}

/** A model that Keras 3's `model.save('name.keras')` wrote: a zip archive of config.json and model.weights.h5. */
export function readKeras(bytes: Uint8Array): KerasModel {
  const entries = new Map(readZip(bytes).map((entry) => [entry.name, entry]));
  const config = entries.get('config.json');
  const weights = entries.get('model.weights.h5');
  if (config === undefined || weights === undefined)
    return refuse('', 'another archive', 'config.json and model.weights.h5');
  const metadata = entries.get('metadata.json');
  const version =
    metadata === undefined
      ? '3'
      : String((parse(textOf(metadata)) as { keras_version?: unknown } | null)?.keras_version ?? '3');
  const root = readHdf5(weights.bytes());
  const { layers, output } = readConfig(marked(parse(textOf(config)), version));
  const places = placesOf(layers, root);
  return { layers, output, weightsOf: (layer) => variablesIn(places.get(layer.name), root) };
}

function textOf(entry: { bytes(): Uint8Array }): string {
  return new TextDecoder().decode(entry.bytes());
}

/** Where each layer's variables stand: under its own name, or under its class's, numbered where there are several. */
function placesOf(layers: readonly KerasLayer[], root: Hdf5Group): ReadonlyMap<string, string> {
  const folder = ['layers', '_layer_checkpoint_dependencies'].find((name) => root.at(name) !== undefined) ?? 'layers';
  const there = new Set(root.at(folder)?.names ?? []);
  const used = new Map<string, number>();
  return new Map(
    layers.map(({ kind, name }) => {
      const stem = snakeCase(kind);
      const count = used.get(stem) ?? 0;
      used.set(stem, count + 1);
      const numbered = count === 0 ? stem : `${stem}_${count}`;
      // A name is a layer's own only where every layer goes by its name.
      const byName = layers.every((layer) => layer.kind === 'InputLayer' || there.has(layer.name));
      return [name, `${folder}/${byName ? name : numbered}`];
    }),
  );
}

/** As `keras.src.utils.naming.to_snake_case` does: Conv2DTranspose → conv2d_transpose. */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

function variablesIn(path: string | undefined, root: Hdf5Group): readonly WeightTensor[] {
  const group = path === undefined ? undefined : root.at(`${path}/vars`);
  if (group === undefined) return [];
  return [...group.names].sort((a, b) => Number(a) - Number(b)).map((name) => group.at(name)!.tensor());
}
