import type { Layer, Padding, Shape, Size } from '../spec/network.ts';
import { slides } from './slide.ts';
import { elementCount, place, type Tensor, zeros } from './tensor.ts';

type LayerKind = Layer['type'];
type OptionsOf<K extends LayerKind> = Extract<Layer, { type: K }>['options'];

/** A parameter of a layer: its own name, without the layer's. */
export interface ParameterShape {
  readonly name: string;
  readonly shape: Shape;
}

/** What the reference knows of a layer kind. */
export interface LayerRule<Options> {
  /** The shape of the output, and of z. */
  shape(options: Options, inputs: readonly Shape[]): Shape;
  /** The parameters in the order in which they lie in the flat array. */
  parameters(options: Options, inputs: readonly Shape[]): readonly ParameterShape[];
  /** z, from which the interpreter computes the layer's output by its activation, where it has one. */
  forward(options: Options, inputs: readonly Tensor[], parameters: readonly Tensor[]): Tensor;
}

/** The layer kinds, one naive rule each; a kind that is missing here does not compile. */
export const layerRules: { readonly [K in LayerKind]: LayerRule<OptionsOf<K>> } = {
  conv2d: { shape: conv2dShape, parameters: conv2dParameters, forward: conv2d },
  maxPooling2d: { shape: poolShape, parameters: () => [], forward: maxPooling2d },
  averagePooling2d: { shape: poolShape, parameters: () => [], forward: averagePooling2d },
  flatten: {
    shape: (_, [input]) => [elementCount(input!)],
    parameters: () => [],
    forward: (_, [x]) => ({ shape: [x!.values.length], values: x!.values }),
  },
  dense: { shape: denseShape, parameters: denseParameters, forward: dense },
  activation: { shape: (_, [input]) => input!, parameters: () => [], forward: (_, [x]) => x! },
};

/** The rule of a layer, for the options of that layer. */
export function ruleOf(layer: Layer): LayerRule<Layer['options']> {
  // TypeScript cannot see that the rule and the options belong to the same kind; the table's type has said so.
  return layerRules[layer.type] as LayerRule<Layer['options']>;
}

/** Groups are 1 until the layer has the option. */
type Conv2dOptions = OptionsOf<'conv2d'> & { readonly groups?: number };

function conv2dSlides(options: Conv2dOptions, image: Shape) {
  return slides(image, { ...options, size: options.kernelSize });
}

function conv2dShape(options: Conv2dOptions, [image]: readonly Shape[]): Shape {
  return [...conv2dSlides(options, image!).map(({ outputSize }) => outputSize), options.filters];
}

function conv2dParameters(options: Conv2dOptions, [image]: readonly Shape[]): readonly ParameterShape[] {
  const { kernelSize, filters, groups = 1, useBias } = options;
  const kernel = { name: 'kernel', shape: [...kernelSize, image![2]! / groups, filters] };
  return useBias ? [kernel, { name: 'bias', shape: [filters] }] : [kernel];
}

/** z[i,j,o] = b[o] + Σ_{p,q,c} W[p,q,c,o]·x[i·stride + p·dilation − before, …, c], over the real places of x. */
function conv2d(options: Conv2dOptions, [x]: readonly Tensor[], [kernel, bias]: readonly Tensor[]): Tensor {
  const z = zeros(conv2dShape(options, [x!.shape]));
  const [height, width, filters] = z.shape as [number, number, number];
  const before = conv2dSlides(options, x!.shape).map((slide) => slide.before);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const top = i * options.strides[0] - before[0]!;
      const left = j * options.strides[1] - before[1]!;
      for (let o = 0; o < filters; o++) {
        z.values[place(z.shape, i, j, o)] = (bias?.values[o] ?? 0) + correlate(options, x!, kernel!, top, left, o);
      }
    }
  }
  return z;
}

/** The kernel of filter o times the window of x that begins at [top, left], which may be a padded place. */
function correlate(options: Conv2dOptions, x: Tensor, kernel: Tensor, top: number, left: number, o: number): number {
  const { dilationRate, flipKernel, filters, groups = 1 } = options;
  const [kernelHeight, kernelWidth, channels] = kernel.shape as [number, number, number, number];
  const firstChannel = Math.floor(o / (filters / groups)) * channels;
  let sum = 0;
  for (let p = 0; p < kernelHeight; p++) {
    for (let q = 0; q < kernelWidth; q++) {
      const row = top + p * dilationRate[0];
      const column = left + q * dilationRate[1];
      if (!inside(x.shape, row, column)) continue;
      // The kernel rotated by 180° has at [p,q] what the kernel has as far from its other end.
      const u = flipKernel ? kernelHeight - 1 - p : p;
      const v = flipKernel ? kernelWidth - 1 - q : q;
      for (let c = 0; c < channels; c++) {
        const weight = kernel.values[place(kernel.shape, u, v, c, o)]!;
        sum += weight * x.values[place(x.shape, row, column, firstChannel + c)]!;
      }
    }
  }
  return sum;
}

function inside(image: Shape, row: number, column: number): boolean {
  return row >= 0 && row < image[0]! && column >= 0 && column < image[1]!;
}

interface PoolOptions {
  readonly poolSize: Size;
  readonly strides?: Size | undefined;
  readonly padding: Padding;
}

/** A pool's window; pools that state no strides do not overlap. */
function poolWindow({ poolSize, strides = poolSize, padding }: PoolOptions) {
  return { size: poolSize, strides, dilationRate: [1, 1], padding } as const;
}

function poolShape(options: PoolOptions, [image]: readonly Shape[]): Shape {
  return [...slides(image!, poolWindow(options)).map(({ outputSize }) => outputSize), image![2]!];
}

/** y[i,j,c] = the largest real place of the window; Math.max hands a NaN on. Ties matter to gradients only. */
function maxPooling2d(options: PoolOptions, [x]: readonly Tensor[]): Tensor {
  return pool(options, x!, (places) => Math.max(...places));
}

/** y[i,j,c] = the mean of the real places of the window. */
function averagePooling2d(options: PoolOptions, [x]: readonly Tensor[]): Tensor {
  return pool(options, x!, (places) => places.reduce((sum, value) => sum + value, 0) / places.length);
}

function pool(options: PoolOptions, x: Tensor, summarize: (places: readonly number[]) => number): Tensor {
  const y = zeros(poolShape(options, [x.shape]));
  const [height, width, channels] = y.shape as [number, number, number];
  const { size, strides } = poolWindow(options);
  const before = slides(x.shape, poolWindow(options)).map((slide) => slide.before);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      for (let c = 0; c < channels; c++) {
        const places = realPlaces(x, size, i * strides[0] - before[0]!, j * strides[1] - before[1]!, c);
        if (places.length === 0) throw new RangeError(`the pool window of [${i}, ${j}] lies wholly in padding`);
        y.values[place(y.shape, i, j, c)] = summarize(places);
      }
    }
  }
  return y;
}

/** The values of channel c under the window that begins at [top, left], without the padded places. */
function realPlaces(x: Tensor, [height, width]: Size, top: number, left: number, c: number): readonly number[] {
  const values: number[] = [];
  for (let row = top; row < top + height; row++) {
    for (let column = left; column < left + width; column++) {
      if (inside(x.shape, row, column)) values.push(x.values[place(x.shape, row, column, c)]!);
    }
  }
  return values;
}

function denseShape({ units }: OptionsOf<'dense'>): Shape {
  return [units];
}

function denseParameters(options: OptionsOf<'dense'>, [input]: readonly Shape[]): readonly ParameterShape[] {
  const kernel = { name: 'kernel', shape: [elementCount(input!), options.units] };
  return options.useBias ? [kernel, { name: 'bias', shape: [options.units] }] : [kernel];
}

/** z[o] = b[o] + Σ_c W[c,o]·x[c] */
function dense({ units }: OptionsOf<'dense'>, [x]: readonly Tensor[], [kernel, bias]: readonly Tensor[]): Tensor {
  const z = zeros([units]);
  for (let o = 0; o < units; o++) {
    let sum = bias?.values[o] ?? 0;
    for (let c = 0; c < x!.values.length; c++) sum += kernel!.values[place(kernel!.shape, c, o)]! * x!.values[c]!;
    z.values[o] = sum;
  }
  return z;
}
