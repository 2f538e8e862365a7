import type { Shape } from '../../spec/network.ts';
import { elementCount, type Tensor, zeros } from '../tensor.ts';
import { type LayerRule, noParameters, type OptionsOf } from './rule.ts';

/** Every element of y is one of x: `from` says which, by its coordinates. Where it says none, it is `otherwise`. */
function pick(x: Tensor, shape: Shape, from: (at: number[]) => readonly number[] | undefined, otherwise = 0): Tensor {
  const y = zeros(shape);
  for (let n = 0; n < elementCount(shape); n++) {
    const found = from(coordinates(shape, n));
    y.values[n] = found === undefined ? otherwise : x.values[offset(x.shape, found)]!;
  }
  return y;
}

function coordinates(shape: Shape, n: number): number[] {
  const at: number[] = [];
  let rest = n;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    at.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return at;
}

function offset(shape: Shape, at: readonly number[]): number {
  let n = 0;
  for (let axis = 0; axis < shape.length; axis++) n = n * shape[axis]! + at[axis]!;
  return n;
}

export const cropping2d: LayerRule<OptionsOf<'cropping2d'>> = {
  shape({ cropping: [rows, columns] }, [image]) {
    return [image![0]! - rows[0] - rows[1], image![1]! - columns[0] - columns[1], image![2]!];
  },
  parameters: noParameters,
  forward(o, [x]) {
    const [[top], [left]] = o.cropping;
    return pick(x!, cropping2d.shape(o, [x!.shape]), ([i, j, c]) => [i! + top, j! + left, c!]);
  },
};

export const slice: LayerRule<OptionsOf<'slice'>> = {
  shape: ({ size }) => size,
  parameters: noParameters,
  forward: ({ begin, size, strides }, [x]) =>
    pick(x!, size, (at) => at.map((k, axis) => begin[axis]! + k * (strides?.[axis] ?? 1))),
};

export const permute: LayerRule<OptionsOf<'permute'>> = {
  shape: ({ dims }, [input]) => dims.map((axis) => input![axis - 1]!),
  parameters: noParameters,
  forward(o, [x]) {
    return pick(x!, permute.shape(o, [x!.shape]), (at) => {
      const from: number[] = [];
      for (const [k, axis] of o.dims.entries()) from[axis - 1] = at[k]!;
      return from;
    });
  },
};

export const padding2d: LayerRule<OptionsOf<'padding2d'>> = {
  shape({ padding: [rows, columns] }, [image]) {
    return [image![0]! + rows[0] + rows[1], image![1]! + columns[0] + columns[1], image![2]!];
  },
  parameters: noParameters,
  forward(o, [x]) {
    const [[top], [left]] = o.padding;
    const [height, width] = x!.shape as [number, number, number];
    const shape = padding2d.shape(o, [x!.shape]);
    const from = ([i, j, c]: number[]) => {
      const [row, column] = [shown(i! - top, height, o.mode), shown(j! - left, width, o.mode)];
      return row === undefined || column === undefined ? undefined : [row, column, c!];
    };
    return pick(x!, shape, from, o.value);
  },
};

/** The place that one outside shows; undefined for a constant. */
function shown(k: number, size: number, mode: OptionsOf<'padding2d'>['mode']): number | undefined {
  if (k >= 0 && k < size) return k;
  if (mode === 'constant') return undefined;
  if (mode === 'edge') return k < 0 ? 0 : size - 1;
  const edge = mode === 'symmetric' ? 1 : 0;
  return k < 0 ? -k - edge : 2 * (size - 1) - k + edge;
}

/** Channel c of the square's place [p, q]; there are `count` channels of each place. */
function channelOf(o: OptionsOf<'depthToSpace'>, count: number, p: number, q: number, c: number): number {
  const inSquare = o.blockSize * p + q;
  return o.order === 'dcr' ? inSquare * count + c : c * o.blockSize ** 2 + inSquare;
}

export const depthToSpace: LayerRule<OptionsOf<'depthToSpace'>> = {
  shape: ({ blockSize: b }, [image]) => [image![0]! * b, image![1]! * b, image![2]! / b ** 2],
  parameters: noParameters,
  forward(o, [x]) {
    const [b, shape] = [o.blockSize, depthToSpace.shape(o, [x!.shape])];
    return pick(x!, shape, ([i, j, c]) => {
      const channel = channelOf(o, shape[2]!, i! % b, j! % b, c!);
      return [Math.floor(i! / b), Math.floor(j! / b), channel];
    });
  },
};

export const spaceToDepth: LayerRule<OptionsOf<'spaceToDepth'>> = {
  shape: ({ blockSize: b }, [image]) => [image![0]! / b, image![1]! / b, image![2]! * b ** 2],
  parameters: noParameters,
  forward(o, [x]) {
    const b = o.blockSize;
    const y = zeros(spaceToDepth.shape(o, [x!.shape]));
    for (let n = 0; n < x!.values.length; n++) {
      const [row, column, c] = coordinates(x!.shape, n) as [number, number, number];
      const channel = channelOf(o, x!.shape[2]!, row % b, column % b, c);
      y.values[offset(y.shape, [Math.floor(row / b), Math.floor(column / b), channel])] = x!.values[n]!;
    }
    return y;
  },
};
