import { cutBefore } from '../stamp.ts';
import {
  bool,
  type Facts,
  padded,
  subscript,
  type TorchLayer,
  tuple,
  type Window,
  type Writers,
  windowAlong,
  windowOf,
} from './writer.ts';

type Kinds =
  | 'conv2d'
  | 'conv1d'
  | 'depthwiseConv2d'
  | 'conv2dTranspose'
  | 'maxPooling2d'
  | 'maxPooling1d'
  | 'averagePooling2d'
  | 'averagePooling1d'
  | 'lpPooling2d'
  | 'lpPooling1d';

/** Layers with a window. */
export const windowWriters: Writers<Kinds> = {
  conv2d: (o, facts) => {
    const window = windowOf(facts.inputs[0]!, {
      size: o.kernelSize,
      strides: o.strides,
      padding: o.padding,
      dilation: o.dilationRate,
    });
    return convolution(facts, window, o.filters, o);
  },
  conv1d: (o, facts) => {
    const window = windowAlong(facts.inputs[0]!, {
      size: o.kernelSize,
      strides: o.strides,
      padding: o.padding,
      dilation: o.dilationRate,
    });
    return convolution(facts, window, o.filters, o);
  },
  depthwiseConv2d: (o, facts) => {
    const window = windowOf(facts.inputs[0]!, {
      size: o.kernelSize,
      strides: o.strides,
      padding: o.padding,
      dilation: o.dilationRate,
    });
    const channels = facts.inputs[0]!.at(-1)!;
    // [kh, kw, in, m] → [in, m, kh, kw], which is [in·m, 1, kh, kw].
    return {
      ...convolution(facts, window, channels * o.depthMultiplier, { ...o, groups: channels }),
      parameters: weights([2, 3, 0, 1], o.useBias),
    };
  },
  conv2dTranspose: (o, facts) => {
    const input = facts.inputs[0]!;
    const stamps = ([0, 1] as const).map((axis) => {
      const whole = (input[axis]! - 1) * o.strides[axis] + (o.kernelSize[axis] - 1) * o.dilationRate[axis] + 1;
      return stampOf(whole, cutBefore(o, axis), facts.output[axis]!);
    });
    const extra = stamps.map(({ added }) => added);
    const options = [
      `stride=${tuple(o.strides)}`,
      `output_padding=${tuple(extra)}`,
      `groups=${o.groups}`,
      `bias=${bool(o.useBias)}`,
      `dilation=${tuple(o.dilationRate)}`,
    ];
    const made = `nn.ConvTranspose2d(${input[2]}, ${o.filters}, ${tuple(o.kernelSize)}, ${options.join(', ')})`;
    const isWhole = stamps.every(({ range }) => range === ':');
    const part = isWhole ? '' : subscript([...stamps.map(({ range }) => range), ':']);
    return { module: made, call: (x) => `${facts.module}(${x})${part}`, parameters: weights([3, 2, 0, 1], o.useBias) };
  },
  maxPooling2d: (o, { inputs }) => maxPool(windowOf(inputs[0]!, asWindow(o))),
  maxPooling1d: (o, { inputs }) => maxPool(windowAlong(inputs[0]!, asWindow(o))),
  averagePooling2d: (o, { inputs }) => averagePool(windowOf(inputs[0]!, asWindow(o)), o.countIncludePad),
  averagePooling1d: (o, { inputs }) => averagePool(windowAlong(inputs[0]!, asWindow(o)), o.countIncludePad),
  lpPooling2d: (o, { inputs }) => lpPool(windowOf(inputs[0]!, asWindow(o)), o.order),
  lpPooling1d: (o, { inputs }) => lpPool(windowAlong(inputs[0]!, asWindow(o)), o.order),
};

interface Pool<Size> {
  readonly poolSize: Size;
  readonly strides?: Size | undefined;
  readonly dilationRate: Size;
}

const asWindow = <Size, O extends Pool<Size>>(o: O) => ({
  ...o,
  size: o.poolSize,
  strides: o.strides ?? o.poolSize,
  dilation: o.dilationRate,
});

interface ConvolutionOptions {
  readonly groups: number;
  readonly useBias: boolean;
  readonly flipKernel?: boolean;
}

/** [kh, kw, in, filters] → [filters, in, kh, kw]; a kernel that is rotated stays as it is and is turned at each call. */
function convolution(facts: Facts, window: Window, filters: number, o: ConvolutionOptions): TorchLayer {
  const rank = window.size.length;
  const options = [`stride=${tuple(window.strides)}`, `dilation=${tuple(window.dilation)}`, `groups=${o.groups}`];
  const made = `nn.Conv${rank}d(${facts.inputs[0]!.at(-1)}, ${filters}, ${tuple(window.size)}, ${options.join(', ')}, bias=${bool(o.useBias)})`;
  const places = window.size.map((_, axis) => axis + 2);
  const { module } = facts;
  const turned = `${module}.weight.flip${tuple(places)}`;
  const call = (x: string) =>
    o.flipKernel === true
      ? `F.conv${rank}d(${padded(x, window.pads)}, ${turned}, ${module}.bias, ${options.join(', ')})`
      : `${module}(${padded(x, window.pads)})`;
  return { module: made, call, parameters: weights([rank + 1, rank, ...places.map((axis) => axis - 2)], o.useBias) };
}

function weights(axes: readonly number[], useBias: boolean): NonNullable<TorchLayer['parameters']> {
  return { kernel: { name: '.weight', axes }, ...(useBias ? { bias: { name: '.bias' } } : {}) };
}

/** The part of the full output that stays, and the places that are added behind it. */
function stampOf(whole: number, before: number, out: number): { readonly added: number; readonly range: string } {
  const added = Math.max(0, before + out - whole);
  return { added, range: before === 0 && out === whole + added ? ':' : `${before}:${before + out}` };
}

function maxPool({ size, strides, dilation, pads }: Window): TorchLayer {
  const call = (x: string) =>
    `F.max_pool${size.length}d(${padded(x, pads, "float('-inf')")}, ${tuple(size)}, ${tuple(strides)}, dilation=${tuple(dilation)})`;
  return { call };
}

/** Each window as a list of its places: PyTorch's own lp_pool takes the root of a negative sum, and dilates nothing. */
function lpPool({ size, strides, dilation, pads }: Window, order: number): TorchLayer {
  const rank = size.length;
  const [kernel, step, rate] = [size, strides, dilation].map((of) => tuple(rank === 1 ? [1, ...of] : of));
  return {
    call: (x) => {
      const image = rank === 1 ? `${padded(x, pads)}[:, :, None]` : padded(x, pads);
      return `lp_pool(${image}, ${order}, ${kernel}, ${step}, ${rate})${rank === 1 ? '[:, :, 0]' : ''}`;
    },
    helpers: ['lp_pool'],
  };
}

/** Without borders it is PyTorch's own; else each window divides by the places that count. */
function averagePool({ size, strides, dilation, pads, inside }: Window, countIncludePad: boolean): TorchLayer {
  const isPlain = pads.flat().every((pad) => pad <= 0) && dilation.every((step) => step === 1);
  if (isPlain)
    return { call: (x) => `F.avg_pool${size.length}d(${padded(x, pads)}, ${tuple(size)}, ${tuple(strides)})` };
  const counted = countIncludePad ? inside : pads.map(() => [0, 0] as const);
  const lists = [size, strides, dilation, [...pads].reverse().flat(), [...counted].reverse().flat()].map(tuple);
  return { call: (x) => `average_pool(${x}, ${lists.join(', ')})`, helpers: ['average_pool'] };
}
