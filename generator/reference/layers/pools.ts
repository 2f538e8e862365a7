import type { Padding, Shape, Size } from '../../spec/network.ts';
import { type Slide, slides } from '../slide.ts';
import { inside, place, type Tensor, zeros } from '../tensor.ts';
import { type LayerRule, noParameters, type OptionsOf } from './rule.ts';
import { asColumn, paddingOfColumn, withoutColumn } from './sequences.ts';

interface PoolOptions {
  readonly poolSize: Size;
  readonly strides?: Size | undefined;
  readonly padding: Padding;
  readonly dilationRate: Size;
  readonly ceilMode: boolean;
  readonly countIncludePad?: boolean;
  readonly order?: number;
}

/** What becomes of the real places under a window; `count` is what an average divides by. */
type Summary = (places: readonly number[], count: number, order: number) => number;

/** y[i,j,c] = the largest real place of the window. Ties matter to gradients only. */
export const maxPooling2d: LayerRule<OptionsOf<'maxPooling2d'>> = poolRule(maximum);

/** y[i,j,c] = the mean of the real places of the window, or of those inside the padded image. */
export const averagePooling2d: LayerRule<OptionsOf<'averagePooling2d'>> = poolRule(mean);

/** The same along the rows of a sequence. */
export const maxPooling1d: LayerRule<OptionsOf<'maxPooling1d'>> = sequencePoolRule(maximum);
export const averagePooling1d: LayerRule<OptionsOf<'averagePooling1d'>> = sequencePoolRule(mean);

/** y[i,j,c] = (Σ |x|^p)^(1/p) over the real places of the window. */
export const lpPooling2d: LayerRule<OptionsOf<'lpPooling2d'>> = poolRule(norm);
export const lpPooling1d: LayerRule<OptionsOf<'lpPooling1d'>> = sequencePoolRule(norm);

/** y[c] = the largest place of the channel. */
export const globalMaxPooling2d: LayerRule<OptionsOf<'globalMaxPooling2d'>> = globalRule(maximum);

/** y[c] = the mean of the channel. */
export const globalAveragePooling2d: LayerRule<OptionsOf<'globalAveragePooling2d'>> = globalRule(mean);

/** The same of a sequence. */
export const globalMaxPooling1d: LayerRule<OptionsOf<'globalMaxPooling1d'>> = globalRule(maximum);
export const globalAveragePooling1d: LayerRule<OptionsOf<'globalAveragePooling1d'>> = globalRule(mean);

function poolRule(summarize: Summary): LayerRule<PoolOptions> {
  return {
    shape: poolShape,
    parameters: noParameters,
    forward: (options, [x]) => pool(options, x!, summarize),
  };
}

function globalRule(summarize: Summary): LayerRule<object> {
  return {
    shape: (_, [input]) => [input!.at(-1)!],
    parameters: noParameters,
    forward(_, [x]) {
      const channels = x!.shape.at(-1)!;
      const y = zeros([channels]);
      for (let c = 0; c < channels; c++) {
        const places: number[] = [];
        for (let n = c; n < x!.values.length; n += channels) places.push(x!.values[n]!);
        y.values[c] = summarize(places, places.length, 0);
      }
      return y;
    },
  };
}

type SequencePool = OptionsOf<'maxPooling1d'> | OptionsOf<'averagePooling1d'> | OptionsOf<'lpPooling1d'>;

function sequencePoolRule(summarize: Summary): LayerRule<SequencePool> {
  const column = (o: SequencePool): PoolOptions => ({
    ...o,
    poolSize: [o.poolSize, 1],
    strides: [o.strides ?? o.poolSize, 1],
    dilationRate: [o.dilationRate, 1],
    padding: paddingOfColumn(o.padding, (o.poolSize - 1) * o.dilationRate),
  });
  return {
    shape: (o, [input]) => withoutColumn(poolShape(column(o), [asColumn(input!)])),
    parameters: noParameters,
    forward(o, [x]) {
      const y = pool(column(o), { shape: asColumn(x!.shape), values: x!.values }, summarize);
      return { shape: withoutColumn(y.shape), values: y.values };
    },
  };
}

/** Math.max hands a NaN on; a comparison would hide it. */
function maximum(places: readonly number[]): number {
  let largest = places[0]!;
  for (let k = 1; k < places.length; k++) largest = Math.max(largest, places[k]!);
  return largest;
}

function mean(places: readonly number[], count: number): number {
  let sum = 0;
  for (const value of places) sum += value;
  return sum / count;
}

/** The slope at 0 of all is 0. */
function norm(places: readonly number[], _: number, order: number): number {
  let sum = 0;
  for (const value of places) {
    // |value|, flat at 0.
    let power = order % 2 === 0 ? 1 : value > 0 ? value : value < 0 ? -value : 0 * value;
    for (let n = 1; n < order; n += 2) power *= value * value;
    sum += power;
  }
  if (order === 1) return sum;
  if (!(sum > 0)) return 0;
  return order === 2 ? Math.sqrt(sum) : Math.exp(Math.log(sum) / order);
}

/** A pool's window; pools that state no strides do not overlap. */
function poolWindow({ poolSize, strides = poolSize, padding, dilationRate, ceilMode }: PoolOptions) {
  return { size: poolSize, strides, dilationRate, padding, ceilMode } as const;
}

function poolShape(options: PoolOptions, [image]: readonly Shape[]): Shape {
  return [...slides(image!, poolWindow(options)).map(({ outputSize }) => outputSize), image![2]!];
}

function pool(options: PoolOptions, x: Tensor, summarize: Summary): Tensor {
  const y = zeros(poolShape(options, [x.shape]));
  const [height, width, channels] = y.shape as [number, number, number];
  const { size, strides, dilationRate } = poolWindow(options);
  const [vertical, horizontal] = slides(x.shape, poolWindow(options));
  const isPadded = (at: number, axis: 0 | 1, { before, after }: Slide): boolean =>
    at >= -before && at < x.shape[axis]! + after;
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      for (let c = 0; c < channels; c++) {
        const places: number[] = [];
        let padded = 0;
        for (let p = 0; p < size[0]; p++) {
          for (let q = 0; q < size[1]; q++) {
            const row = i * strides[0] - vertical.before + p * dilationRate[0];
            const column = j * strides[1] - horizontal.before + q * dilationRate[1];
            if (inside(x.shape, row, column)) places.push(x.values[place(x.shape, row, column, c)]!);
            if (isPadded(row, 0, vertical) && isPadded(column, 1, horizontal)) padded++;
          }
        }
        const count = options.countIncludePad ? padded : places.length;
        if (places.length === 0 && !options.countIncludePad)
          throw new RangeError(`the pool window of [${i}, ${j}] lies wholly in padding`);
        y.values[place(y.shape, i, j, c)] = summarize(places, count, options.order ?? 0);
      }
    }
  }
  return y;
}
