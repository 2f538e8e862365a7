import type { LayerKind } from '../../../layers/registry.ts';
import type { Layer, Padding, Shape } from '../../../spec/network.ts';
import { refuse } from '../../refuse.ts';

/** A layer of Keras: its class, its options by Keras' names, and the parameters that it takes, in Keras' order. */
export interface KerasPart {
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly takes?: readonly string[];
  /** The shape that Keras has a parameter in, where it is another. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
}

/** A layer of the Keras model. */
export interface KerasNode extends KerasPart {
  readonly name: string;
  readonly inputs: readonly string[];
  /** The layer of the spec whose parameters it takes. */
  readonly owner: string;
  readonly trainable: boolean;
}

type OptionsOf<K extends LayerKind> = Extract<Layer, { readonly type: K }>['options'];

interface Facts {
  readonly name: string;
  readonly inputs: readonly Shape[];
}

type Rule<K extends LayerKind> = (options: OptionsOf<K>, facts: Facts) => readonly KerasPart[];

/** The layers that Keras has too, one or several behind each other. An activation is put behind by the caller. */
export const kerasRules: { readonly [K in LayerKind]?: Rule<K> } = {
  conv2d: (o, facts) => [
    ...border(o.padding),
    {
      kind: 'Conv2D',
      config: {
        filters: o.filters,
        kernel_size: o.kernelSize,
        ...windowConfig(o),
        groups: o.groups,
        use_bias: o.useBias,
      },
      takes: kernelAnd(facts, o),
    },
  ],
  conv1d: (o, facts) => {
    const { padding } = o;
    const isNamed = typeof padding === 'string';
    const before: readonly KerasPart[] = isNamed ? [] : [{ kind: 'ZeroPadding1D', config: { padding } }];
    const config = {
      filters: o.filters,
      kernel_size: [o.kernelSize],
      strides: [o.strides],
      dilation_rate: [o.dilationRate],
    };
    const more = { padding: isNamed ? padding : 'valid', groups: o.groups, use_bias: o.useBias };
    return [...before, { kind: 'Conv1D', config: { ...config, ...more }, takes: kernelAnd(facts, o) }];
  },
  depthwiseConv2d: (o, facts) => [
    ...border(o.padding),
    {
      kind: 'DepthwiseConv2D',
      config: {
        kernel_size: o.kernelSize,
        ...windowConfig(o),
        depth_multiplier: o.depthMultiplier,
        use_bias: o.useBias,
      },
      takes: kernelAnd(facts, o),
    },
  ],
  conv2dTranspose: (o, { name }) => {
    if (typeof o.padding !== 'string' || o.groups !== 1 || o.outputPadding !== undefined) {
      return refuse(name, 'padding in numbers, outputPadding or groups', "padding 'valid' or 'same' alone");
    }
    const config = {
      filters: o.filters,
      kernel_size: o.kernelSize,
      strides: o.strides,
      padding: o.padding,
      dilation_rate: o.dilationRate,
    };
    return [
      {
        kind: 'Conv2DTranspose',
        config: { ...config, use_bias: o.useBias },
        takes: o.useBias ? ['kernel', 'bias'] : ['kernel'],
      },
    ];
  },
  dense: (o) => [
    {
      kind: 'Dense',
      config: { units: o.units, use_bias: o.useBias },
      takes: o.useBias ? ['kernel', 'bias'] : ['kernel'],
    },
  ],
  maxPooling2d: (o, facts) => pool('MaxPooling2D', o, facts),
  averagePooling2d: (o, facts) => pool('AveragePooling2D', o, facts),
  maxPooling1d: (o, facts) => pool('MaxPooling1D', o, facts),
  averagePooling1d: (o, facts) => pool('AveragePooling1D', o, facts),
  globalAveragePooling2d: () => plain('GlobalAveragePooling2D'),
  globalMaxPooling2d: () => plain('GlobalMaxPooling2D'),
  globalAveragePooling1d: () => plain('GlobalAveragePooling1D'),
  globalMaxPooling1d: () => plain('GlobalMaxPooling1D'),
  batchNormalization: (o) => [
    {
      kind: 'BatchNormalization',
      config: { axis: -1, epsilon: o.epsilon, ...(o.momentum !== undefined && { momentum: o.momentum }) },
      takes: ['gamma', 'beta', 'movingMean', 'movingVariance'],
    },
  ],
  layerNormalization: (o) => [
    { kind: 'LayerNormalization', config: { axis: -1, epsilon: o.epsilon }, takes: ['gamma', 'beta'] },
  ],
  groupNormalization: (o) => [
    {
      kind: 'GroupNormalization',
      config: { groups: o.groups, axis: -1, epsilon: o.epsilon },
      takes: ['gamma', 'beta'],
    },
  ],
  instanceNormalization: (o, { inputs }) => [
    {
      kind: 'GroupNormalization',
      config: { groups: inputs[0]!.at(-1), axis: -1, epsilon: o.epsilon },
      takes: ['gamma', 'beta'],
    },
  ],
  prelu: (o, { inputs }) => {
    const places = inputs[0]!.slice(0, -1);
    const shared = o.perPlace || places.length === 0 ? null : places.map((_, axis) => axis + 1);
    const shape = o.perPlace ? inputs[0]! : [...places.map(() => 1), inputs[0]!.at(-1)!];
    return [{ kind: 'PReLU', config: { shared_axes: shared }, takes: ['alpha'], shapes: { alpha: shape } }];
  },
  unitNormalization: (o, { name }) =>
    o.order === 2 ? plain('UnitNormalization', { axis: o.axis }) : refuse(name, 'order 1', 'order 2, as Keras has it'),
  rescaling: (o) => plain('Rescaling', { scale: o.scale, offset: o.offset }),
  activation: () => [],
  flatten: () => plain('Flatten'),
  reshape: (o) => plain('Reshape', { target_shape: o.shape }),
  permute: (o) => plain('Permute', { dims: o.dims }),
  zeroPadding2d: (o) => plain('ZeroPadding2D', { padding: o.padding }),
  cropping2d: (o) => plain('Cropping2D', { cropping: o.cropping }),
  upSampling2d: (o, { name }) => {
    checkCubic(name, o);
    return plain('UpSampling2D', { size: o.size, interpolation: o.interpolation });
  },
  resizing: (o, { name }) => {
    if (o.coordinates !== 'halfPixel')
      return refuse(name, `coordinates ${o.coordinates}`, 'halfPixel, as Keras has it');
    checkCubic(name, o);
    return plain('Resizing', { height: o.height, width: o.width, interpolation: o.interpolation });
  },
  add: (_, facts) => merge('Add', facts),
  subtract: (_, facts) => merge('Subtract', facts),
  multiply: (_, facts) => merge('Multiply', facts),
  average: (_, facts) => merge('Average', facts),
  maximum: (_, facts) => merge('Maximum', facts),
  minimum: (_, facts) => merge('Minimum', facts),
  dot: () => plain('Dot', { axes: 1 }),
  concatenate: (o) => plain('Concatenate', { axis: o.axis }),
};

function plain(kind: string, config: KerasPart['config'] = {}): readonly KerasPart[] {
  return [{ kind, config }];
}

/** Keras' cubic has no options. */
function checkCubic(
  name: string,
  o: { readonly cubicCoefficient?: number | undefined; readonly excludeOutside?: boolean | undefined },
): void {
  if ((o.cubicCoefficient ?? -0.5) !== -0.5 || o.excludeOutside === false) {
    refuse(name, 'another cubic than that of Keras', 'cubicCoefficient −0.5 and excludeOutside true');
  }
}

/** Keras repeats inputs of as many axes; others would have to be reshaped. */
function merge(kind: string, { name, inputs }: Facts): readonly KerasPart[] {
  if (inputs.every((shape) => shape.length === inputs[0]!.length)) return plain(kind);
  return refuse(name, 'inputs with different numbers of axes', 'a reshape in front');
}

/** Padding in numbers is a layer of its own in Keras. */
function border(padding: Padding): readonly KerasPart[] {
  return typeof padding === 'string' ? [] : plain('ZeroPadding2D', { padding });
}

interface Window {
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dilationRate: readonly number[];
}

function windowConfig({ strides, padding, dilationRate }: Window): KerasPart['config'] {
  return { strides, padding: typeof padding === 'string' ? padding : 'valid', dilation_rate: dilationRate };
}

function kernelAnd(
  { name }: Facts,
  o: { readonly useBias: boolean; readonly flipKernel?: boolean },
): readonly string[] {
  if (o.flipKernel === true) return refuse(name, 'flipKernel', 'a kernel that is not rotated: Keras has none');
  return o.useBias ? ['kernel', 'bias'] : ['kernel'];
}

interface Pool {
  readonly poolSize: number | readonly number[];
  readonly strides?: number | readonly number[] | undefined;
  readonly padding: unknown;
  readonly dilationRate: number | readonly number[];
  readonly ceilMode: boolean;
  readonly countIncludePad?: boolean;
}

function pool(kind: string, o: Pool, { name }: Facts): readonly KerasPart[] {
  const isDilated = [o.dilationRate].flat().some((step) => step !== 1);
  if (
    typeof o.padding !== 'string' ||
    o.padding === 'causal' ||
    isDilated ||
    o.ceilMode ||
    o.countIncludePad === true
  ) {
    return refuse(
      name,
      'padding in numbers, dilation, ceilMode or countIncludePad',
      "a pool with padding 'valid' or 'same'",
    );
  }
  const list = (value: number | readonly number[]) => [value].flat();
  return plain(kind, { pool_size: list(o.poolSize), strides: list(o.strides ?? o.poolSize), padding: o.padding });
}
