import type { Layer, LossName, Network, Shape } from '../../generator/spec/network.ts';

/** A layer as it stands in a spec file. */
export type RawLayer = { readonly type: Layer['type'] } & Readonly<Record<string, unknown>>;

/** A spec as it stands in its file. */
export interface RawNetwork {
  readonly name: string;
  readonly input: Shape;
  readonly layers: readonly RawLayer[];
  readonly loss?: LossName;
}

const activationDefaults = { activation: 'linear' };
const convDefaults = { strides: 1, padding: 'valid', useBias: true, ...activationDefaults };
const pairOptions = ['kernelSize', 'strides', 'dilationRate', 'poolSize', 'size'];

const defaults: { readonly [K in Layer['type']]: Readonly<Record<string, unknown>> } = {
  conv2d: { ...convDefaults, dilationRate: 1, groups: 1, flipKernel: false },
  conv2dTranspose: convDefaults,
  depthwiseConv2d: { ...convDefaults, dilationRate: 1, depthMultiplier: 1 },
  dense: { useBias: true, ...activationDefaults },
  maxPooling2d: { poolSize: 2, padding: 'valid', ties: 'first' },
  averagePooling2d: { poolSize: 2, padding: 'valid' },
  globalAveragePooling2d: {},
  globalMaxPooling2d: {},
  batchNormalization: { epsilon: 1e-3 },
  flatten: {},
  reshape: {},
  activation: {},
  zeroPadding2d: {},
  upSampling2d: { size: 2 },
  add: {},
  multiply: {},
  concatenate: {},
};

/** The network of a spec that is known to be right: the reference's tests do not lean on the generator's parser. */
export function normalize(spec: RawNetwork): Network {
  const layers: Layer[] = [];
  const counts = new Map<string, number>();
  for (const raw of spec.layers) {
    const number = (counts.get(raw.type) ?? 0) + 1;
    counts.set(raw.type, number);
    layers.push(normalizeLayer(raw, `${raw.type}${number}`, layers.at(-1)?.name ?? 'input'));
  }
  return { name: spec.name, input: spec.input, layers, loss: spec.loss, optimizer: { type: 'sgd' } };
}

function normalizeLayer(raw: RawLayer, defaultName: string, before: string): Layer {
  const { type, name = defaultName, inputs = [before], ...given } = raw;
  const options: Record<string, unknown> = { ...defaults[type], ...given };
  for (const option of pairOptions) {
    const value = options[option];
    if (typeof value === 'number') options[option] = [value, value];
  }
  return { type, name, inputs, options } as unknown as Layer;
}

/** A network of the given layers without a loss. */
export function networkOf(input: Shape, ...layers: readonly RawLayer[]): Network {
  return normalize({ name: 'case', input, layers });
}
