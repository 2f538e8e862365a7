import type { LayerKind } from '../../layers/registry.ts';
import { type Picking, tapsOf } from '../../layers/taps.ts';
import type { Shape } from '../../spec/network.ts';
import { refuse } from '../refuse.ts';
import type { windowWriters } from './windows.ts';
import {
  bool,
  type Facts,
  padded,
  subscript,
  type TorchLayer,
  toFirst,
  toLast,
  torchAxis,
  tuple,
  type Writers,
} from './writer.ts';

/** Layers without a window. */
export const plainWriters: Writers<Exclude<LayerKind, keyof typeof windowWriters>> = {
  dense: (o, { module, inputs }) => ({
    module: `nn.Linear(${inputs[0]![0]}, ${o.units}, bias=${bool(o.useBias)})`,
    call: (x) => `${module}(${x})`,
    parameters: { kernel: { name: '.weight', axes: [1, 0] }, ...(o.useBias ? { bias: { name: '.bias' } } : {}) },
  }),
  globalAveragePooling2d: () => ({ call: (x) => `${x}.mean((2, 3))` }),
  globalMaxPooling2d: () => ({ call: (x) => `${x}.amax((2, 3))` }),
  globalAveragePooling1d: () => ({ call: (x) => `${x}.mean(2)` }),
  globalMaxPooling1d: () => ({ call: (x) => `${x}.amax(2)` }),
  batchNormalization: (o, { module, inputs }) => {
    if (o.statistics === 'learned') refuse('statistics', "'learned'", "'moving' or 'batch', for PyTorch");
    return {
      ...(o.statistics === 'batch'
        ? {
            module: `BatchNorm(${inputs[0]!.at(-1)}, eps=${o.epsilon}, momentum=${o.momentum ?? 0.99})`,
            helpers: ['batch_norm'],
          }
        : { module: `nn.BatchNorm${inputs[0]!.length === 3 ? 2 : 1}d(${inputs[0]!.at(-1)}, eps=${o.epsilon}).eval()` }),
      call: (x) => `${module}(${x})`,
      parameters: {
        gamma: { name: '.weight' },
        beta: { name: '.bias' },
        movingMean: { name: '.running_mean' },
        movingVariance: { name: '.running_var' },
      },
    };
  },
  layerNormalization: (o, { module, inputs }) => ({
    module: `nn.LayerNorm(${inputs[0]!.at(-1)}, eps=${o.epsilon})`,
    call: (x) => {
      const { length } = inputs[0]!;
      return toFirst(`${module}(${toLast(x, length)})`, length);
    },
    parameters: scaleAndShift,
  }),
  groupNormalization: (o, facts) => groupNorm(facts, o.groups, o.epsilon),
  // A group of its own for each channel.
  instanceNormalization: (o, facts) => groupNorm(facts, facts.inputs[0]!.at(-1)!, o.epsilon),
  localResponseNormalization: (o, { inputs }) => {
    // PyTorch divides alpha by the number of neighbours, TensorFlow does not.
    const size = 2 * o.depthRadius + 1;
    const numbers = `${size}, alpha=${o.alpha * size}, beta=${o.beta}, k=${o.bias}`;
    if (inputs[0]!.length > 1) return { call: (x) => `F.local_response_norm(${x}, ${numbers})` };
    return { call: (x) => `F.local_response_norm(${x}[:, :, None], ${numbers})[:, :, 0]` };
  },
  reduceMean: (o, { inputs, output }) => {
    const rank = inputs[0]!.length;
    const axes = o.axes?.map((axis) => (axis < 0 ? rank + 1 + axis : axis)) ?? inputs[0]!.map((_, axis) => axis + 1);
    const mean = (x: string) => `${toLast(x, rank)}.mean(${tuple(axes)}).reshape${tuple([-1, ...output])}`;
    return { call: (x) => toFirst(mean(x), output.length) };
  },
  unitNormalization: (o, { inputs }) => {
    const rank = inputs[0]!.length;
    const axis = torchAxis(o.axis < 0 ? rank + 1 + o.axis : o.axis, rank);
    return { call: (x) => `F.normalize(${x}, p=${o.order}, dim=${axis}, eps=1e-12)` };
  },
  prelu: (o, facts) => {
    const { module, inputs } = facts;
    if (!o.perPlace) {
      return {
        module: `nn.PReLU(${inputs[0]!.at(-1)})`,
        call: (x) => `${module}(${x})`,
        parameters: { alpha: { name: '.weight' } },
      };
    }
    const own = everywhere(facts, 'alpha', 0.25);
    return { ...own, call: (x) => `torch.where(${x} > 0, ${x}, ${module} * ${x})` };
  },
  biasAdd: (o, facts) => {
    const { module, inputs } = facts;
    const own = o.perPlace ? everywhere(facts, 'bias', 0) : forChannels(facts, 'bias');
    const places = inputs[0]!.slice(1).map(() => 'None');
    const spread = o.perPlace || places.length === 0 ? module : `${module}[:, ${places.join(', ')}]`;
    return { ...own, call: (x) => `${x} + ${spread}` };
  },
  rescaling: (o) => ({ call: (x) => (o.offset === 0 ? `${x} * ${o.scale}` : `${x} * ${o.scale} + ${o.offset}`) }),
  activation: () => ({ call: (x) => x }),
  dropout: ({ rate }, { module }) => ({ module: `nn.Dropout(${rate})`, call: (x) => `${module}(${x})` }),
  flatten: (_, { inputs }) => ({
    call: (x) => (inputs[0]!.length === 1 ? x : `${toLast(x, inputs[0]!.length)}.flatten(1)`),
  }),
  reshape: (o, { inputs, output }) => ({
    call: (x) => toFirst(`${toLast(x, inputs[0]!.length)}.reshape${tuple([-1, ...o.shape])}`, output.length),
  }),
  permute: (o, { inputs }) => {
    const { length } = inputs[0]!;
    const from = o.dims.map((axis) => torchAxis(axis, length));
    return { call: (x) => `${x}.permute${tuple([0, from[length - 1]!, ...from.slice(0, -1)])}` };
  },
  slice: (o, { inputs }) => ({
    call: (x) => sliced(x, inputs[0]!, o.begin, o.size, o.strides ?? o.begin.map(() => 1)),
  }),
  cropping2d: (o, { inputs }) => {
    const [height, width] = inputs[0]! as readonly [number, number];
    const [rows, columns] = o.cropping;
    const part = subscript([`${rows[0]}:${height - rows[1]}`, `${columns[0]}:${width - columns[1]}`, ':']);
    return { call: (x) => `${x}${part}` };
  },
  zeroPadding2d: (o) => ({ call: (x) => padded(x, o.padding) }),
  padding2d: (o, { inputs }) => {
    if (o.mode === 'constant') return { call: (x) => padded(x, o.padding, String(o.value)) };
    const pads = tuple([...o.padding].reverse().flat());
    if (o.mode === 'reflect') return { call: (x) => `F.pad(${x}, ${pads}, mode='reflect')` };
    if (o.mode === 'edge') return { call: (x) => `F.pad(${x}, ${pads}, mode='replicate')` };
    const [rows, columns] = o.padding.map(([before, behind], axis) => mirrored(inputs[0]![axis]!, before, behind));
    return { call: (x) => `${x}[:, :, ${list(rows!)}][:, :, :, ${list(columns!)}]` };
  },
  upSampling2d: (o, { inputs, output }) =>
    o.interpolation === 'nearest'
      ? { call: (x) => `F.interpolate(${x}, scale_factor=${tuple(o.size)}, mode='nearest')` }
      : resized(inputs[0]!, output, { ...o, coordinates: 'halfPixel' }),
  resizing: (o, { inputs, output }) => resized(inputs[0]!, output, o),
  depthToSpace: (o, { output }) => {
    if (o.order === 'crd') return { call: (x) => `F.pixel_shuffle(${x}, ${o.blockSize})` };
    const [height, width, channels] = output as readonly [number, number, number];
    const b = o.blockSize;
    const apart = tuple([-1, b, b, channels, height / b, width / b]);
    return {
      call: (x) => `${x}.reshape${apart}.permute(0, 3, 4, 1, 5, 2).reshape${tuple([-1, channels, height, width])}`,
    };
  },
  spaceToDepth: (o, { inputs, output }) => {
    if (o.order === 'crd') return { call: (x) => `F.pixel_unshuffle(${x}, ${o.blockSize})` };
    const [height, width, channels] = output as readonly [number, number, number];
    const b = o.blockSize;
    const apart = tuple([-1, inputs[0]![2]!, height, b, width, b]);
    return {
      call: (x) => `${x}.reshape${apart}.permute(0, 3, 5, 1, 2, 4).reshape${tuple([-1, channels, height, width])}`,
    };
  },
  add: (_, facts) => merged(facts, (all) => all.join(' + ')),
  multiply: (_, facts) => merged(facts, (all) => all.join(' * ')),
  subtract: (_, facts) => merged(facts, (all) => all.join(' - ')),
  divide: (_, facts) => merged(facts, (all) => all.join(' / ')),
  squaredDifference: (_, facts) => merged(facts, (all) => `(${all.join(' - ')}).square()`),
  average: (_, facts) => merged(facts, (all) => `(${all.join(' + ')}) / ${all.length}`),
  maximum: (_, facts) => merged(facts, (all) => all.reduce((a, b) => `torch.maximum(${a}, ${b})`)),
  minimum: (_, facts) => merged(facts, (all) => all.reduce((a, b) => `torch.minimum(${a}, ${b})`)),
  dot: () => ({ call: (_, all) => `(${all.join(' * ')}).sum(1, keepdim=True)` }),
  concatenate: (o, { inputs }) => {
    const rank = inputs[0]!.length;
    const axis = torchAxis(o.axis < 0 ? o.axis + rank + 1 : o.axis, rank);
    return { call: (_, all) => `torch.cat(${tuple(all)}, ${axis})` };
  },
};

const scaleAndShift = { gamma: { name: '.weight' }, beta: { name: '.bias' } } as const;

function groupNorm({ module, inputs }: Facts, groups: number, epsilon: number): TorchLayer {
  return {
    module: `nn.GroupNorm(${groups}, ${inputs[0]!.at(-1)}, eps=${epsilon})`,
    call: (x) => `${module}(${x})`,
    parameters: scaleAndShift,
  };
}

/** A parameter with a number for each element. */
function everywhere({ inputs }: Facts, kind: string, initial: number): Omit<TorchLayer, 'call'> {
  const shape = inputs[0]!;
  const rank = shape.length;
  const sizes = [shape[rank - 1]!, ...shape.slice(0, -1)];
  const axes = rank === 1 ? {} : { axes: [rank - 1, ...shape.slice(0, -1).keys()] };
  return {
    module: `nn.Parameter(torch.full(${tuple(sizes)}, ${initial.toFixed(2)}))`,
    parameters: { [kind]: { name: '', ...axes } },
  };
}

function forChannels({ inputs }: Facts, kind: string): Omit<TorchLayer, 'call'> {
  return { module: `nn.Parameter(torch.zeros(${inputs[0]!.at(-1)}))`, parameters: { [kind]: { name: '' } } };
}

/** PyTorch's slices go forwards; backwards the places are listed. */
function sliced(
  x: string,
  input: Shape,
  begin: readonly number[],
  size: readonly number[],
  strides: readonly number[],
): string {
  const rank = input.length;
  const forward = begin.map((first, axis) => {
    const [count, stride] = [size[axis]!, strides[axis]!];
    if (stride < 0 || (first === 0 && count === input[axis] && stride === 1)) return ':';
    return `${first}:${first + (count - 1) * stride + 1}${stride === 1 ? '' : `:${stride}`}`;
  });
  const part = forward.every((range) => range === ':') ? x : `${x}${subscript(forward)}`;
  return strides.reduce((text, stride, axis) => {
    if (stride > 0) return text;
    const places = Array.from({ length: size[axis]! }, (_, k) => begin[axis]! + k * stride);
    return `${text}[${':, '.repeat(torchAxis(axis + 1, rank))}${list(places)}]`;
  }, part);
}

/** … 1, 0, 0, 1, …: the border stands twice. */
function mirrored(size: number, before: number, behind: number): readonly number[] {
  return Array.from({ length: before + size + behind }, (_, n) => {
    const place = n - before;
    return place < 0 ? -1 - place : place >= size ? 2 * size - 1 - place : place;
  });
}

function list(places: readonly number[]): string {
  return `[${places.join(', ')}]`;
}

function resized(input: Shape, output: Shape, o: Picking): TorchLayer {
  const { interpolation: how, coordinates: rule } = o;
  const size = tuple(output.slice(0, 2));
  if (how === 'bicubic')
    return { call: (x) => `${matrixOf(input, output, 0, o)} @ ${x} @ ${matrixOf(input, output, 1, o)}.T` };
  if (how === 'bilinear' && rule !== 'asymmetric') {
    return {
      call: (x) => `F.interpolate(${x}, ${size}, mode='bilinear', align_corners=${bool(rule === 'alignCorners')})`,
    };
  }
  const call = (x: string) =>
    [0, 1].reduce((text, axis) => {
      const taps = Array.from({ length: output[axis]! }, (_, k) => tapsOf(k, input[axis]!, output[axis]!, o));
      const first = taps.map(([tap]) => tap!.place);
      if (how === 'nearest') return `${text}[${':, '.repeat(axis + 2)}${list(first)}]`;
      const second = taps.map((both) => both.at(-1)!.place);
      const weights = taps.map(([, tap]) => tap?.weight ?? 0);
      return `blend(${text}, ${axis + 2}, ${list(first)}, ${list(second)}, ${list(weights)})`;
    }, x);
  return how === 'nearest' ? { call } : { call, helpers: ['blend'] };
}

/** The weight of each input place in each output place, along an axis. PyTorch's own bicubic has other border places. */
function matrixOf(input: Shape, output: Shape, axis: 0 | 1, o: Picking): string {
  const rows = Array.from({ length: output[axis]! }, (_, k) => {
    const weights = new Array<number>(input[axis]!).fill(0);
    for (const { place, weight } of tapsOf(k, input[axis]!, output[axis]!, o)) weights[place] = weight;
    return list(weights);
  });
  return `torch.tensor([${rows.join(', ')}], dtype=x.dtype)`;
}

/** Inputs of fewer axes stand for the last ones of the spec: [c] is [1, 1, c], whose channels PyTorch has second. */
function merged({ inputs, output }: Facts, join: (all: readonly string[]) => string): TorchLayer {
  const rank = output.length;
  return {
    call: (_, all) =>
      join(
        all.map((x, n) => {
          const missing = rank - inputs[n]!.length;
          const rest = inputs[n]!.slice(1).map(() => ':');
          return missing === 0 ? x : `${x}[${[':', ':', ...Array<string>(missing).fill('None'), ...rest].join(', ')}]`;
        }),
      ),
  };
}
