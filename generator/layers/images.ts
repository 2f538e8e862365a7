import { type Affine, index } from '../equations/affine.ts';
import type { Shape } from '../shape.ts';
import { Misfit } from './layer.ts';

/** Height, width and channels. */
export type ImageShape = readonly [height: number, width: number, channels: number];

function isImage(shape: Shape): shape is ImageShape {
  return shape.length === 3;
}

/** What a layer of images makes of its input's shape, or the misfit of what is no image. */
export function ofImage(input: Shape, shapeOf: (image: ImageShape) => Shape | Misfit): Shape | Misfit {
  if (isImage(input)) return shapeOf(input);
  return new Misfit('', `found an input of shape [${input.join(', ')}]`, 'expected an image [height, width, channels]');
}

/** The shape of what is known to be an image. Throws where it is none: the layer's `shape` has let it pass. */
export function imageShape(shape: Shape): ImageShape {
  if (isImage(shape)) return shape;
  throw new Error(`[${shape.join(', ')}] is no image`);
}

/** Fresh indices over an image: i, j, c. */
export function imageIndices(shape: Shape): [i: Affine, j: Affine, c: Affine] {
  const [height, width, channels] = imageShape(shape);
  return [index('i', height), index('j', width), index('c', channels)];
}
