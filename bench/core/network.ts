/** What the peers need to know of a benchmark network: its layers, each with its shapes. */

export type Activation = 'relu' | 'tanh' | 'atan' | 'softmax';
export type Loss = 'squaredError' | 'categoricalCrossentropy';

/** The part of the spec format that the benchmark networks use. */
export interface NetworkSpec {
  readonly name: string;
  readonly input: Dimensions;
  readonly layers: readonly LayerSpec[];
  readonly loss: Loss;
}

export type LayerSpec =
  | { type: 'conv2d'; filters: number; kernelSize: number; padding?: 'same'; activation: Activation }
  | { type: 'maxPooling2d'; poolSize: number }
  | { type: 'flatten' }
  | { type: 'dense'; units: number; activation: Activation };

/** Height, width, channels. */
export type Dimensions = readonly [number, number, number];

/**
 * One layer with its shapes. A dense layer is a 1×1 convolution of a 1×1 image, so the C writers
 * need only these two kinds; `type` keeps the spec's name for the peers that do make a difference.
 */
export type Stage = Convolution | Pool;

export interface Convolution {
  readonly type: 'conv2d' | 'dense';
  readonly input: Dimensions;
  readonly output: Dimensions;
  /** Height and width of the kernel. */
  readonly size: number;
  /** Rows and columns of zeros on every side. */
  readonly pad: number;
  readonly activation: Activation;
}

export interface Pool {
  readonly type: 'maxPooling2d';
  readonly input: Dimensions;
  readonly output: Dimensions;
  readonly size: number;
  readonly pad: 0;
}

/** Whether everyone here can write the network: layers in a row, of the four kinds and with no other options. */
export function isPlain({ layers }: NetworkSpec): boolean {
  const known: Readonly<Record<string, readonly string[]>> = {
    conv2d: ['type', 'filters', 'kernelSize', 'padding', 'activation'],
    maxPooling2d: ['type', 'poolSize'],
    flatten: ['type'],
    dense: ['type', 'units', 'activation'],
  };
  const isKnown = (layer: LayerSpec): boolean =>
    Object.entries(layer).every(([option, value]) => known[layer.type]?.includes(option) && typeof value !== 'object');
  return layers.every(isKnown);
}

/** Gives every layer its shapes; flatten only renames places, so it makes no stage. A network that is not plain has none. */
export function stagesOf(spec: NetworkSpec): Stage[] {
  if (!isPlain(spec)) return [];
  const stages: Stage[] = [];
  let input = spec.input;
  for (const layer of spec.layers) {
    if (layer.type === 'flatten') {
      input = [1, 1, length(input)];
      continue;
    }
    const stage = stageOf(layer, input);
    stages.push(stage);
    input = stage.output;
  }
  return stages;
}

function stageOf(layer: Exclude<LayerSpec, { type: 'flatten' }>, input: Dimensions): Stage {
  const [height, width, channels] = input;
  switch (layer.type) {
    case 'conv2d': {
      const { type, kernelSize: size, activation } = layer;
      const pad = layer.padding === 'same' ? (size - 1) / 2 : 0;
      const lost = size - 1 - 2 * pad;
      return { type, input, output: [height - lost, width - lost, layer.filters], size, pad, activation };
    }
    case 'maxPooling2d': {
      const { type, poolSize: size } = layer;
      return { type, input, output: [Math.floor(height / size), Math.floor(width / size), channels], size, pad: 0 };
    }
    case 'dense': {
      const { type, activation } = layer;
      return { type, input, output: [1, 1, layer.units], size: 1, pad: 0, activation };
    }
  }
}

export function isPool(stage: Stage): stage is Pool {
  return stage.type === 'maxPooling2d';
}

/** How many numbers a tensor holds. */
export function length(dimensions: Dimensions): number {
  return dimensions[0] * dimensions[1] * dimensions[2];
}

/** How many weights, without biases, a convolution has. */
export function kernelLength(stage: Convolution): number {
  return stage.size ** 2 * stage.input[2] * stage.output[2];
}

/** Multiply-accumulates of one forward pass, padding counted, as is usual. */
export function macsOf(spec: NetworkSpec): number {
  return stagesOf(spec)
    .filter((stage) => !isPool(stage))
    .reduce((total, stage) => total + (kernelLength(stage) / stage.output[2]) * length(stage.output), 0);
}

/** The same network with tanh in the place of atan, for those who have no atan. */
export function withoutAtan(spec: NetworkSpec): NetworkSpec {
  const layers = spec.layers.map((layer) =>
    'activation' in layer && layer.activation === 'atan' ? { ...layer, activation: 'tanh' as const } : layer,
  );
  return { ...spec, layers };
}
