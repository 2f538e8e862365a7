import { type Affine, index } from '../equations/affine.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { Padding, Shape, Size } from '../shape.ts';
import type { LayerBuilder } from './builder.ts';
import { Misfit } from './layer.ts';
import type { PoolOptions } from './pools.ts';

/** Padding along the one axis of a sequence. */
export type PaddingAlong = 'valid' | 'same' | 'causal' | Size;

/** A sequence [n, channels] as an image of one row, [1, n, channels]. */
export const asRow = (input: Shape): Shape => [1, ...input];

/** The same sizes along the only row of an image. */
export const alongRow = (length: number): Size => [1, length];

/** The same padding along the only row of an image; 'causal' pads before what a window of this reach needs. */
export function paddingOfRow(padding: PaddingAlong, reach: number): Padding {
  if (padding === 'causal')
    return [
      [0, 0],
      [reach - 1, 0],
    ];
  return typeof padding === 'string' ? padding : [[0, 0], padding];
}

/** The shape of a sequence for the shape that its row gets, or the misfit of what is no sequence. */
export function sequenceShape(input: Shape, shapeOfRow: (row: Shape) => Shape | Misfit): Shape | Misfit {
  if (input.length !== 2) {
    const found = `found an input of shape [${input.join(', ')}]`;
    return new Misfit('', found, 'expected a sequence [n, channels]: put a reshape layer before it');
  }
  const out = shapeOfRow(asRow(input));
  return out instanceof Misfit ? out : out.slice(-2);
}

/** Fresh indices over a sequence: n, c. */
export function sequenceIndices([length = 1, channels = 1]: Shape): [n: Affine, c: Affine] {
  return [index('n', length), index('c', channels)];
}

/** What a layer of images makes of the row of a sequence, as a sequence again. */
export function onRow(layer: LayerBuilder, forward: (x: Tensor, out: Shape) => Tensor): Tensor {
  const row = layer.view(layer.x, asRow(layer.x.shape));
  return layer.view(forward(row, asRow(layer.shape)), layer.shape);
}

interface PoolAlong {
  readonly poolSize: number;
  readonly strides?: number | undefined;
  readonly padding: PaddingAlong;
  readonly dilationRate: number;
  readonly ceilMode: boolean;
  readonly countIncludePad?: boolean;
}

/** A pool along a sequence as a pool along the row. */
export function rowPool(o: PoolAlong): PoolOptions {
  return {
    ...o,
    poolSize: alongRow(o.poolSize),
    strides: alongRow(o.strides ?? o.poolSize),
    dilationRate: alongRow(o.dilationRate),
    padding: paddingOfRow(o.padding, (o.poolSize - 1) * o.dilationRate + 1),
  };
}
