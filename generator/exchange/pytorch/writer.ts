import { alongRow, asRow, type PaddingAlong, paddingOfRow } from '../../layers/oneAxis.ts';
import type { LayerKind } from '../../layers/registry.ts';
import { type WindowOptions, windowExtent } from '../../layers/windows.ts';
import type { Layer, Shape } from '../../spec/network.ts';

export type OptionsOf<K extends LayerKind> = Extract<Layer, { readonly type: K }>['options'];

/** A function of the template that a layer calls. */
export type Helper = 'average_pool' | 'batch_norm' | 'blend' | 'lp_pool';

/** Where a parameter of the spec stands in the module, and the permutation of axes that brings it there. */
export interface TorchParameter {
  /** As in the module's state_dict, behind the layer's name; '' is the layer's name itself. */
  readonly name: string;
  readonly axes?: readonly number[];
}

/** A layer in Python: what `__init__` makes, and the expression of `forward`, in which channels come second. */
export interface TorchLayer {
  readonly module?: string;
  /** `x` is the first input; `inputs` are all of them. */
  readonly call: (x: string, inputs: readonly string[]) => string;
  readonly parameters?: Readonly<Record<string, TorchParameter>>;
  readonly helpers?: readonly Helper[];
}

/** What a writer knows of a layer. Shapes are the spec's. */
export interface Facts {
  /** `self.dense1` */
  readonly module: string;
  readonly inputs: readonly Shape[];
  readonly output: Shape;
}

export type Writer<K extends LayerKind> = (options: OptionsOf<K>, facts: Facts) => TorchLayer;

/** Each kind of a part of the registry with its writer. */
export type Writers<K extends LayerKind> = { readonly [One in K]: Writer<One> };

/** `(2, 3)`, `(2,)` */
export function tuple(values: readonly (number | string)[]): string {
  return `(${values.join(', ')}${values.length === 1 ? ',' : ''})`;
}

export function bool(value: boolean): string {
  return value ? 'True' : 'False';
}

/** Axes of the spec as those of PyTorch, whose batch is 0 and whose channels are 1: 1 → 2, 2 → 3, the last → 1. */
export function torchAxis(axis: number, rank: number): number {
  return axis === rank ? 1 : axis + 1;
}

/** The expression with its channels last, as the spec has it. */
export function toLast(x: string, rank: number): string {
  return rank === 1 ? x : `${x}.permute${tuple([0, ...Array.from({ length: rank - 1 }, (_, n) => n + 2), 1])}`;
}

export function toFirst(x: string, rank: number): string {
  return rank === 1 ? x : `${x}.permute${tuple([0, rank, ...Array.from({ length: rank - 1 }, (_, n) => n + 1)])}`;
}

/** A part of each axis: `begin:end` in the spec's order, as a subscript. */
export function subscript(ranges: readonly string[]): string {
  const rank = ranges.length;
  const inner = [ranges[rank - 1]!, ...ranges.slice(0, -1)];
  return `[:, ${inner.join(', ')}]`;
}

/** Sizes of a window along each axis of places, one for a sequence. */
export interface Window {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
  /** Before and behind along each axis; what lies behind the last window is not counted. */
  readonly pads: readonly (readonly [number, number])[];
  /** The same, as far as the padded image goes. */
  readonly inside: readonly (readonly [number, number])[];
}

export function windowOf(input: Shape, options: WindowOptions): Window {
  const extents = ([0, 1] as const).map((axis) => windowExtent(input[axis]!, axis, options));
  const pads = extents.map(({ out, before }, axis): readonly [number, number] => {
    const reach = (options.size[axis]! - 1) * options.dilation[axis]! + 1;
    // Behind, as much as the last window needs: it may reach beyond the padding, or not use it all.
    return [before, (out - 1) * options.strides[axis]! + reach - input[axis]! - before];
  });
  const inside = extents.map(({ before, after }): readonly [number, number] => [before, after]);
  return { size: options.size, strides: options.strides, dilation: options.dilation, pads, inside };
}

/** The window of a sequence: that of its one row, without the row. */
export function windowAlong(
  input: Shape,
  o: {
    readonly size: number;
    readonly strides: number;
    readonly padding: PaddingAlong;
    readonly dilation: number;
    readonly ceilMode?: boolean;
  },
): Window {
  const reach = (o.size - 1) * o.dilation + 1;
  const row = windowOf(asRow(input), {
    size: alongRow(o.size),
    strides: alongRow(o.strides),
    dilation: alongRow(o.dilation),
    padding: paddingOfRow(o.padding, reach),
    ceilMode: o.ceilMode ?? false,
  });
  const last = <T>(list: readonly T[]): readonly T[] => list.slice(1);
  return {
    size: last(row.size),
    strides: last(row.strides),
    dilation: last(row.dilation),
    pads: last(row.pads),
    inside: last(row.inside),
  };
}

/** `F.pad(x, (left, right, top, bottom))`; a border below 0 is cut off. */
export function padded(x: string, pads: readonly (readonly [number, number])[], value = '0.0'): string {
  if (pads.flat().every((pad) => pad === 0)) return x;
  return `F.pad(${x}, ${tuple([...pads].reverse().flat())}, value=${value})`;
}
