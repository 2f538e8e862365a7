import { z } from 'zod';
import { read } from '../equations/expression.ts';
import { ofImage } from './images.ts';
import { defineLayer, Misfit } from './layer.ts';
import { blockSize, channelOrder } from './options.ts';
import { squares } from './squares.ts';

/** y[i, j, C·(b·p + q) + c] = x[b·i + p, b·j + q, c]: b × b places become channels; in the order 'crd' b²·c + b·p + q. */
export const spaceToDepth = defineLayer({
  options: z.strictObject({ blockSize, order: channelOrder }),
  shape: ([input = []], { blockSize: b }) =>
    ofImage(input, ([height, width, channels]) => {
      if (height % b === 0 && width % b === 0) return [height / b, width / b, channels * b ** 2];
      const found = `found ${b} for an image of ${height}×${width}`;
      return new Misfit('blockSize', found, 'expected one that divides both sides');
    }),
  forward(layer, o) {
    const { large, small } = squares(layer.x.shape, o.blockSize, o.order);
    return layer.define('y', layer.shape, small, read(layer.x, large));
  },
});
