import { type Activation, orderOf } from '../build/activation.ts';
import { activationOf, arrange } from '../build/arrange.ts';
import type { BuiltLayer, Options, SpecBuilder } from '../build/specBuilder.ts';
import type { OnnxNode } from './node.ts';
import type { Value } from './value.ts';

/**
 * How a graph is read: its first axis is that of the samples, or the whole of its input is one sample and it has none.
 * The second is for graphs of fixed sizes that mix what lies along the first axis, or have one axis only.
 */
export type Reading = 'samples' | 'whole';

/** What the operators of one graph share. */
export interface Context {
  readonly builder: SpecBuilder;
  /** Whether batch normalisation becomes part of the layer before it. */
  readonly fold: boolean;
  /** Whether the first axis of the graph is that of the samples. */
  readonly reading: Reading;
  /** Whether there may be any number of samples, which are then counted as one. */
  readonly isFree: boolean;
}

/** Turns a node into layers, or into numbers where all its inputs are known; gives what its outputs stand for. */
export type Operator = (node: OnnxNode, context: Context) => Value | readonly (Value | undefined)[];

/** ONNX's axes of a channels-first tensor in the order in which a spec has them: places, then channels. */
export function channelsLast(rank: number): readonly number[] {
  return [...Array.from({ length: rank - 2 }, (_, n) => n + 2), 1];
}

/** The value as an image [h, w, c] or sequence [n, c], for layers that slide over places. */
export function withPlaces(node: OnnxNode, { builder }: Context, value: Activation): Activation {
  const rank = value.dims.length;
  if (rank !== 3 && rank !== 4) {
    node.refuse(`an input of ${rank} axes`, 'one of 3 or 4: longhand has 1-D and 2-D layers');
  }
  return arrange(builder, value, channelsLast(rank));
}

/** What a layer over places computes, with the channels that ONNX has second. */
export function placesOf(layer: BuiltLayer, batch: number): Activation {
  const channels = layer.shape.at(-1)!;
  const dims = [batch, channels, ...layer.shape.slice(0, -1)];
  return activationOf(layer, dims, orderOf(dims, channelsLast(dims.length)));
}

/** A layer that keeps the shape: the same numbers at the same places. */
export function sameShape({ builder }: Context, value: Activation, type: string, options: Options = {}): Activation {
  return activationOf(builder.add(type, [value.layer], options), value.dims, value.order);
}

/** `3` for [3, 3], and as it is otherwise: sizes as one writes them. */
export function shortSize(sizes: readonly number[]): number | readonly number[] {
  return sizes.every((size) => size === sizes[0]) ? sizes[0]! : sizes;
}

/** The shortest decimal that is the same float32: 0.01 for 0.009999999776482582. */
export function shortNumber(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return value;
}

/** An axis counted from the end, or not. */
export function axisFrom(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
