import { type Convolution, isPool, kernelLength, type Stage } from '../core/network.ts';

/** The parameters of one convolution or dense layer. */
export interface Weights {
  readonly stage: Convolution;
  /** [height][width][channels][filters], as the spec has it; a dense layer as 1×1. */
  readonly kernel: readonly number[];
  readonly bias: readonly number[];
}

/** Cuts the flat parameters into layers. */
export function weightsOf(stages: readonly Stage[], parameters: readonly number[]): Weights[] {
  let next = 0;
  const take = (count: number): readonly number[] => {
    next += count;
    return parameters.slice(next - count, next);
  };
  return stages
    .filter((stage) => !isPool(stage))
    .map((stage) => ({ stage, kernel: take(kernelLength(stage)), bias: take(stage.output[2]) }));
}

/** The inverse of `weightsOf`. */
export function flatParameters(weights: readonly Pick<Weights, 'kernel' | 'bias'>[]): number[] {
  return weights.flatMap(({ kernel, bias }) => [...kernel, ...bias]);
}

/**
 * For each weight of a kernel stored as [filters][channels][height][width], its place as the spec has it. A dense layer
 * behind a flatten reads an image with the channels first: then `image` is that image's shape.
 */
export function channelsFirstPlaces(stage: Convolution, image?: readonly [number, number, number]): number[] {
  const [, , filters] = stage.output;
  const [height, width, channels] = image ?? [stage.size, stage.size, stage.input[2]];
  const places: number[] = [];
  for (let o = 0; o < filters; o++)
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < height; p++)
        for (let q = 0; q < width; q++) places.push(((p * width + q) * channels + c) * filters + o);
  return places;
}

/** The image that each stage reads where a flatten lies before it. */
export function flattenedImages(stages: readonly Stage[]): Map<Stage, readonly [number, number, number]> {
  const images = new Map<Stage, readonly [number, number, number]>();
  for (const [n, stage] of stages.entries()) {
    const before = stages[n - 1];
    if (stage.type === 'dense' && before !== undefined && before.type !== 'dense') images.set(stage, before.output);
  }
  return images;
}

/** Reorders: `places[k]` says where the k-th number stands in the spec's order. */
export function gather(values: readonly number[], places: readonly number[]): number[] {
  return places.map((place) => values[place]!);
}

/** The inverse of `gather`. */
export function scatter(values: ArrayLike<number>, places: readonly number[]): number[] {
  const result = new Array<number>(places.length);
  for (const [k, place] of places.entries()) result[place] = values[k]!;
  return result;
}
