import type { Layer, Shape } from '../../spec/network.ts';
import type { Tensor } from '../tensor.ts';

export type LayerKind = Layer['type'];

/** The options of a layer kind, every default filled in. */
export type OptionsOf<K extends LayerKind> = Extract<Layer, { type: K }>['options'];

/** A parameter of a layer: its own name, without the layer's. */
export interface ParameterShape {
  readonly name: string;
  readonly shape: Shape;
  /** A statistic: it may be a variance, and it does not learn unless that is said. */
  readonly statistic?: true;
  readonly learns?: boolean;
}

/** What the reference knows of a layer kind. */
export interface LayerRule<Options> {
  /** Of a layer whose input is multiplied by a mask while a batch trains: how that is drawn. */
  readonly mask?: (options: Options) => { readonly rate: number; readonly seed?: number | undefined };
  /** Of a layer that a batch normalises while it trains: how much of the moving averages that leaves. */
  readonly batch?: (options: Options) => number | undefined;
  /** The shape of the output, and of z. */
  shape(options: Options, inputs: readonly Shape[]): Shape;
  /** The parameters in the order in which they lie in the flat array. */
  parameters(options: Options, inputs: readonly Shape[]): readonly ParameterShape[];
  /** z, from which the interpreter computes the layer's output by its activation, where it has one. */
  forward(options: Options, inputs: readonly Tensor[], parameters: readonly Tensor[]): Tensor;
}

/** The parameters of a layer that has none. */
export const noParameters = (): readonly ParameterShape[] => [];

/** A kernel, and behind it a bias for each of its filters on request. */
export function kernelAndBias(shape: Shape, filters: number, useBias: boolean): readonly ParameterShape[] {
  const kernel = { name: 'kernel', shape };
  return useBias ? [kernel, { name: 'bias', shape: [filters] }] : [kernel];
}
