import { z } from 'zod';
import { index, plus, times } from '../equations/affine.ts';
import { read } from '../equations/expression.ts';
import { defineLayer, Misfit } from './layer.ts';
import { blockSize, channelOrder } from './options.ts';
import { notAnImage } from './windows.ts';

/** y[i, j, C·(b·p + q) + c] = x[b·i + p, b·j + q, c]: b × b places become channels; in the order 'crd' b²·c + b·p + q. */
export const spaceToDepth = defineLayer({
  options: z.strictObject({ blockSize, order: channelOrder }),
  shape([input = []], { blockSize: b }) {
    const [height, width, channels] = input;
    if (height === undefined || width === undefined || channels === undefined) return notAnImage(input);
    if (height % b === 0 && width % b === 0) return [height / b, width / b, channels * b ** 2];
    const found = `found ${b} for an image of ${height}×${width}`;
    return new Misfit('blockSize', found, 'expected one that divides both sides');
  },
  forward(layer, { blockSize: b, order }) {
    const [i, j] = ['i', 'j'].map((letter, axis) => index(letter, layer.shape[axis]!));
    const [p, q, c] = [index('p', b), index('q', b), index('c', layer.x.shape[2]!)];
    const place = plus(times(b, p), q);
    const channel = order === 'dcr' ? plus(times(layer.x.shape[2]!, place), c) : plus(times(b * b, c), place);
    const from = [plus(times(b, i!), p), plus(times(b, j!), q), c];
    return layer.define('y', layer.shape, [i!, j!, channel], read(layer.x, from));
  },
});
