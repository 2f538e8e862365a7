import type { BatchStatistics, Mask, Program } from '../equations/equation.ts';
import { placeParameters } from '../equations/parameters.ts';
import { sizeOf, storageOf, type Tensor } from '../equations/tensor.ts';
import { present } from '../lists.ts';
import { arrayName } from '../print/typescript/text.ts';

/** A layer that a batch normalises while it trains, and its arrays. */
export interface StatisticsView {
  readonly layer: string;
  readonly x: string;
  readonly channels: number;
  readonly places: number;
  readonly momentum: number;
  readonly pull: string;
  readonly tilt: string;
  /** Parts of the flat array. */
  readonly gamma: PartView;
  readonly beta: PartView;
  readonly mean: PartView;
  readonly variance: PartView;
}

interface PartView {
  readonly start: number;
  readonly end: number;
}

/** What samples are multiplied by while a batch trains. */
export interface MaskView {
  readonly name: string;
  /** The source of its random numbers, what it began a batch with, and the array of several samples' masks. */
  readonly random: string;
  readonly seed: string;
  readonly batch: string;
  readonly size: number;
  readonly rate: number;
  readonly scale: string;
  readonly start: number;
  readonly layer: string;
}

export function viewMask({ tensor, layer, rate, start }: Mask, suffix: string): MaskView {
  const name = arrayName(tensor);
  const [random, seed, batch] = [`random_${name}`, `seed_${name}`, `batch_${name}`];
  const scale = rate === 0 ? '1' : `1 / (1 - ${rate})`;
  return { name: `${name}${suffix}`, random, seed, batch, size: sizeOf(tensor), rate, scale, start, layer };
}

export function viewStatistics(one: BatchStatistics, { parameters }: Program, suffix: string): StatisticsView {
  const placed = placeParameters(parameters);
  const channels = sizeOf(one.mean);
  const nameOf = (tensor: Tensor): string => `${arrayName(tensor)}${suffix}`;
  const partOf = (tensor: Tensor): PartView => {
    const { offset } = present(placed.find((parameter) => parameter.tensor === tensor));
    return { start: offset, end: offset + channels };
  };
  return {
    layer: one.layer,
    momentum: one.momentum,
    channels,
    places: sizeOf(one.x) / channels,
    x: nameOf(storageOf(one.x)),
    pull: nameOf(one.pull),
    tilt: nameOf(one.tilt),
    gamma: partOf(one.gamma),
    beta: partOf(one.beta),
    mean: partOf(one.mean),
    variance: partOf(one.variance),
  };
}
