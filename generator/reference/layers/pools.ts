import type { Padding, Shape, Size } from '../../spec/network.ts';
import { slides } from '../slide.ts';
import { inside, place, type Tensor, zeros } from '../tensor.ts';
import { type LayerRule, noParameters, type OptionsOf } from './rule.ts';

interface PoolOptions {
  readonly poolSize: Size;
  readonly strides?: Size | undefined;
  readonly padding: Padding;
}

/** What becomes of the real places under a window; there is at least one. */
type Summary = (places: readonly number[]) => number;

/** y[i,j,c] = the largest real place of the window. Ties matter to gradients only. */
export const maxPooling2d: LayerRule<OptionsOf<'maxPooling2d'>> = poolRule(maximum);

/** y[i,j,c] = the mean of the real places of the window. */
export const averagePooling2d: LayerRule<OptionsOf<'averagePooling2d'>> = poolRule(mean);

/** y[c] = the largest place of the channel. */
export const globalMaxPooling2d: LayerRule<OptionsOf<'globalMaxPooling2d'>> = globalRule(maximum);

/** y[c] = the mean of the channel. */
export const globalAveragePooling2d: LayerRule<OptionsOf<'globalAveragePooling2d'>> = globalRule(mean);

function poolRule(summarize: Summary): LayerRule<PoolOptions> {
  return {
    shape: poolShape,
    parameters: noParameters,
    forward: (options, [x]) => pool(options, x!, summarize),
  };
}

function globalRule(summarize: Summary): LayerRule<object> {
  return {
    shape: (_, [image]) => [image![2]!],
    parameters: noParameters,
    forward: (_, [x]) => globalPool(x!, summarize),
  };
}

/** Math.max hands a NaN on; a comparison would hide it. */
function maximum(places: readonly number[]): number {
  let largest = places[0]!;
  for (let k = 1; k < places.length; k++) largest = Math.max(largest, places[k]!);
  return largest;
}

function mean(places: readonly number[]): number {
  let sum = 0;
  for (const value of places) sum += value;
  return sum / places.length;
}

/** A pool's window; pools that state no strides do not overlap. */
function poolWindow({ poolSize, strides = poolSize, padding }: PoolOptions) {
  return { size: poolSize, strides, dilationRate: [1, 1], padding } as const;
}

function poolShape(options: PoolOptions, [image]: readonly Shape[]): Shape {
  return [...slides(image!, poolWindow(options)).map(({ outputSize }) => outputSize), image![2]!];
}

function pool(options: PoolOptions, x: Tensor, summarize: Summary): Tensor {
  const y = zeros(poolShape(options, [x.shape]));
  const [height, width, channels] = y.shape as [number, number, number];
  const { size, strides } = poolWindow(options);
  const [vertical, horizontal] = slides(x.shape, poolWindow(options));
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      for (let c = 0; c < channels; c++) {
        const top = i * strides[0] - vertical.before;
        const left = j * strides[1] - horizontal.before;
        const places = realPlaces(x, size, top, left, c);
        if (places.length === 0) throw new RangeError(`the pool window of [${i}, ${j}] lies wholly in padding`);
        y.values[place(y.shape, i, j, c)] = summarize(places);
      }
    }
  }
  return y;
}

function globalPool(x: Tensor, summarize: Summary): Tensor {
  const [height, width, channels] = x.shape as [number, number, number];
  const y = zeros([channels]);
  for (let c = 0; c < channels; c++) y.values[c] = summarize(realPlaces(x, [height, width], 0, 0, c));
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
