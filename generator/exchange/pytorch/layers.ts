import type { ActivationName, ActivationNumbers } from '../../layers/options.ts';
import type { LayerKind } from '../../layers/registry.ts';
import { type WindowOptions, windowExtent } from '../../layers/windows.ts';
import type { Layer, Shape } from '../../spec/network.ts';
import { refuse } from '../refuse.ts';

type OptionsOf<K extends LayerKind> = Extract<Layer, { readonly type: K }>['options'];

/** A layer in Python: what `__init__` makes, and the expression of `forward`, whose images are channels first. */
export interface TorchLayer {
  readonly module?: string;
  /** `x` is the first input; `inputs` are all of them. */
  readonly call: (x: string, inputs: readonly string[]) => string;
  /** How a parameter of the spec becomes the module's: its name there, and the permutation of axes. */
  readonly parameters?: Readonly<
    Record<string, { readonly name: string; readonly axes?: readonly number[]; readonly isBuffer?: true }>
  >;
}

interface Facts {
  readonly name: string;
  readonly module: string;
  readonly inputs: readonly Shape[];
  readonly output: Shape;
}

type Writer<K extends LayerKind> = (options: OptionsOf<K>, facts: Facts) => TorchLayer;

/** The layers that PyTorch's modules say in a line. */
export const torchLayers: { readonly [K in LayerKind]?: Writer<K> } = {
  conv2d: (o, facts) => {
    if (o.flipKernel) refuse(facts.name, 'flipKernel', 'a kernel that is not flipped');
    const channels = facts.inputs[0]![2]!;
    const window = { size: o.kernelSize, strides: o.strides, padding: o.padding, dilation: o.dilationRate };
    const extra = [
      `stride=${tuple(o.strides)}`,
      `dilation=${tuple(o.dilationRate)}`,
      `groups=${o.groups}`,
      `bias=${bool(o.useBias)}`,
    ];
    return windowed(
      facts,
      `nn.Conv2d(${channels}, ${o.filters}, ${tuple(o.kernelSize)}, ${extra.join(', ')})`,
      window,
      [3, 2, 0, 1],
      o.useBias,
    );
  },
  depthwiseConv2d: (o, facts) => {
    const channels = facts.inputs[0]![2]!;
    const window = { size: o.kernelSize, strides: o.strides, padding: o.padding, dilation: o.dilationRate };
    const extra = [
      `stride=${tuple(o.strides)}`,
      `dilation=${tuple(o.dilationRate)}`,
      `groups=${channels}`,
      `bias=${bool(o.useBias)}`,
    ];
    // [kh, kw, in, m] → [in, m, kh, kw], of which the loader makes [in·m, 1, kh, kw].
    return windowed(
      facts,
      `nn.Conv2d(${channels}, ${channels * o.depthMultiplier}, ${tuple(o.kernelSize)}, ${extra.join(', ')})`,
      window,
      [2, 3, 0, 1],
      o.useBias,
    );
  },
  dense: (o, facts) => ({
    module: `nn.Linear(${facts.inputs[0]![0]}, ${o.units}, bias=${bool(o.useBias)})`,
    call: (x) => `self.${facts.module}(${x})`,
    parameters: { kernel: { name: 'weight', axes: [1, 0] }, ...(o.useBias ? { bias: { name: 'bias' } } : {}) },
  }),
  maxPooling2d: (o, facts) => {
    const window = { size: o.poolSize, strides: o.strides ?? o.poolSize, padding: o.padding, dilation: o.dilationRate };
    if (o.ceilMode) refuse(facts.name, 'ceilMode', 'a pool without it');
    const pads = padsOf(facts, window);
    const call = `F.max_pool2d(${'{}'}, ${tuple(o.poolSize)}, ${tuple(window.strides)}, dilation=${tuple(o.dilationRate)})`;
    return { call: (x) => call.replace('{}', padded(x, pads, "float('-inf')")) };
  },
  averagePooling2d: (o, facts) => {
    const window = { size: o.poolSize, strides: o.strides ?? o.poolSize, padding: o.padding, dilation: o.dilationRate };
    if (o.ceilMode || o.dilationRate.some((step) => step !== 1))
      refuse(facts.name, 'ceilMode or dilation', 'a pool without them');
    const pads = padsOf(facts, window);
    const pool = (x: string) =>
      `F.avg_pool2d(${padded(x, pads, '0.0')}, ${tuple(o.poolSize)}, ${tuple(window.strides)})`;
    const isPadded = pads.some((pad) => pad > 0) && !o.countIncludePad;
    // Only real places count: the sum over all, by the share of real ones.
    return { call: (x) => (isPadded ? `(${pool(x)} / ${pool(`torch.ones_like(${x})`)})` : pool(x)) };
  },
  globalAveragePooling2d: () => ({ call: (x) => `${x}.mean((2, 3))` }),
  globalMaxPooling2d: () => ({ call: (x) => `${x}.amax((2, 3))` }),
  batchNormalization: (o, { module, inputs }) => ({
    module: `nn.BatchNorm${inputs[0]!.length === 3 ? '2' : '1'}d(${inputs[0]!.at(-1)}, eps=${o.epsilon}).eval()`,
    call: (x) => `self.${module}(${x})`,
    parameters: {
      gamma: { name: 'weight' },
      beta: { name: 'bias' },
      movingMean: { name: 'running_mean', isBuffer: true },
      movingVariance: { name: 'running_var', isBuffer: true },
    },
  }),
  flatten: (_, { inputs }) => ({
    call: (x) => (inputs[0]!.length === 3 ? `${x}.permute(0, 2, 3, 1).flatten(1)` : `${x}.flatten(1)`),
  }),
  activation: () => ({ call: (x) => x }),
  zeroPadding2d: (o) => ({ call: (x) => padded(x, [...o.padding[1], ...o.padding[0]], '0.0') }),
  upSampling2d: (o) => ({
    call: (x) =>
      o.interpolation === 'nearest'
        ? `F.interpolate(${x}, scale_factor=${tuple(o.size)}, mode='nearest')`
        : `F.interpolate(${x}, scale_factor=${tuple(o.size)}, mode='bilinear', align_corners=False)`,
  }),
  add: (_, facts) => merged(facts, ' + '),
  multiply: (_, facts) => merged(facts, ' * '),
  subtract: (_, facts) => merged(facts, ' - '),
  concatenate: (o, { name, inputs }) => {
    if (o.axis !== -1 && o.axis !== inputs[0]!.length) refuse(name, `axis ${o.axis}`, 'the channels');
    return { call: (_x, all) => `torch.cat((${all.join(', ')}), 1)` };
  },
};

function tuple(sizes: readonly number[]): string {
  return `(${sizes.join(', ')})`;
}

function bool(value: boolean): string {
  return value ? 'True' : 'False';
}

/** left, right, top, bottom. */
function padsOf({ inputs }: Facts, window: WindowOptions): readonly number[] {
  return ([1, 0] as const).flatMap((axis) => {
    const { before, after } = windowExtent(inputs[0]![axis]!, axis, window);
    return [before, after];
  });
}

function padded(x: string, pads: readonly number[], value: string): string {
  return pads.every((pad) => pad === 0) ? x : `F.pad(${x}, ${tuple(pads)}, value=${value})`;
}

function windowed(
  facts: Facts,
  module: string,
  window: WindowOptions,
  axes: readonly number[],
  useBias: boolean,
): TorchLayer {
  const pads = padsOf(facts, window);
  const bias = useBias ? { bias: { name: 'bias' } } : {};
  return {
    module,
    call: (x) => `self.${facts.module}(${padded(x, pads, '0.0')})`,
    parameters: { kernel: { name: 'weight', axes }, ...bias },
  };
}

function merged({ name, inputs, output }: Facts, operator: string): TorchLayer {
  if (inputs.some((shape) => shape.join() !== output.join()))
    refuse(name, 'inputs that are repeated', 'inputs of one shape');
  return { call: (_, all) => all.join(operator) };
}

/** Activations as functions of an expression; `dim` is the axis of the channels. */
export const torchActivations: { readonly [K in ActivationName]?: (x: string, numbers: ActivationNumbers) => string } =
  {
    linear: (x) => x,
    relu: (x, { maxValue }) => (maxValue === undefined ? `F.relu(${x})` : `${x}.clamp(0, ${maxValue})`),
    relu6: (x) => `F.relu6(${x})`,
    leakyRelu: (x, { alpha = 0.2 }) => `F.leaky_relu(${x}, ${alpha})`,
    elu: (x, { alpha = 1 }) => `F.elu(${x}, ${alpha})`,
    celu: (x, { alpha = 1 }) => `F.celu(${x}, ${alpha})`,
    selu: (x) => `F.selu(${x})`,
    sigmoid: (x) => `torch.sigmoid(${x})`,
    tanh: (x) => `torch.tanh(${x})`,
    atan: (x) => `torch.atan(${x})`,
    softplus: (x) => `F.softplus(${x})`,
    softsign: (x) => `F.softsign(${x})`,
    silu: (x) => `F.silu(${x})`,
    gelu: (x) => `F.gelu(${x})`,
    geluTanh: (x) => `F.gelu(${x}, approximate='tanh')`,
    mish: (x) => `F.mish(${x})`,
    logSigmoid: (x) => `F.logsigmoid(${x})`,
    hardSigmoid: (x, { alpha, beta }) =>
      alpha === undefined && beta === undefined
        ? `F.hardsigmoid(${x})`
        : `(${alpha ?? 1 / 6} * ${x} + ${beta ?? 0.5}).clamp(0, 1)`,
    hardSwish: (x) => `F.hardswish(${x})`,
    exp: (x) => `torch.exp(${x})`,
    erf: (x) => `torch.erf(${x})`,
    abs: (x) => `torch.abs(${x})`,
    clip: (x, { minValue, maxValue }) => `${x}.clamp(${minValue ?? 'None'}, ${maxValue ?? 'None'})`,
    softmax: (x) => `torch.softmax(${x}, 1)`,
    logSoftmax: (x) => `torch.log_softmax(${x}, 1)`,
  };
