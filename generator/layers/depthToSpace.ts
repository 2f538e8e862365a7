import { z } from 'zod';
import { read } from '../equations/expression.ts';
import { ofImage } from './images.ts';
import { defineLayer, Misfit } from './layer.ts';
import { blockSize, channelOrder } from './options.ts';
import { squares } from './squares.ts';

/** y[b·i + p, b·j + q, c] = x[i, j, C·(b·p + q) + c]: channels become b × b places; in the order 'crd' b²·c + b·p + q. */
export const depthToSpace = defineLayer({
  options: z.strictObject({ blockSize, order: channelOrder }),
  shape: ([input = []], { blockSize: b }) =>
    ofImage(input, ([height, width, channels]) => {
      if (channels % b ** 2 === 0) return [height * b, width * b, channels / b ** 2];
      const found = `found ${b} for ${channels} channels`;
      return new Misfit('blockSize', found, 'expected one whose square divides the channels');
    }),
  forward(layer, o) {
    const { large, small } = squares(layer.shape, o.blockSize, o.order);
    return layer.define('y', layer.shape, large, read(layer.x, small));
  },
});
