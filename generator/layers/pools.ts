import { type Affine, index } from '../equations/affine.ts';
import type { Padding, Shape, Size } from '../spec/network.ts';
import type { LayerBuilder } from './builder.ts';
import { Misfit } from './layer.ts';
import { emptyWindow, type Window, type WindowOptions, windowAt, windowShape } from './windows.ts';

interface PoolOptions {
  readonly poolSize: Size;
  readonly strides?: Size | undefined;
  readonly padding: Padding;
}

const windowOf = ({ poolSize, strides, padding }: PoolOptions): WindowOptions => ({
  size: poolSize,
  strides: strides ?? poolSize,
  padding,
  dilation: [1, 1],
});

/** The output shape of a pool, channel by channel. */
export function poolShape(input: Shape, options: PoolOptions): Shape | Misfit {
  const window = windowOf(options);
  const out = windowShape(input, window, 'poolSize');
  if (out instanceof Misfit) return out;
  return emptyWindow(input, out, window) ?? [...out, input[2] as number];
}

/** The coordinates of a pool's window, with its channel. */
export function poolAt(layer: LayerBuilder, options: PoolOptions): Window & { readonly c: Affine } {
  const { x, shape } = layer;
  return { ...windowAt(x.shape, shape, windowOf(options)), c: index('c', shape[2] as number) };
}
