import { z } from 'zod';
import { index, plus, times } from '../equations/affine.ts';
import { read } from '../equations/expression.ts';
import { defineLayer, Misfit } from './layer.ts';
import { blockSize, channelOrder } from './options.ts';
import { notAnImage } from './windows.ts';

/** y[b·i + p, b·j + q, c] = x[i, j, C·(b·p + q) + c]: channels become b × b places; in the order 'crd' b²·c + b·p + q. */
export const depthToSpace = defineLayer({
  options: z.strictObject({ blockSize, order: channelOrder }),
  shape([input = []], { blockSize: b }) {
    const [height, width, channels] = input;
    if (height === undefined || width === undefined || channels === undefined) return notAnImage(input);
    if (channels % b ** 2 === 0) return [height * b, width * b, channels / b ** 2];
    const found = `found ${b} for ${channels} channels`;
    return new Misfit('blockSize', found, 'expected one whose square divides the channels');
  },
  forward(layer, { blockSize: b, order }) {
    const [i, j] = ['i', 'j'].map((letter, axis) => index(letter, layer.x.shape[axis]!));
    const [p, q, c] = [index('p', b), index('q', b), index('c', layer.shape[2]!)];
    const place = plus(times(b, p), q);
    const channel = order === 'dcr' ? plus(times(layer.shape[2]!, place), c) : plus(times(b * b, c), place);
    const to = [plus(times(b, i!), p), plus(times(b, j!), q), c];
    return layer.define('y', layer.shape, to, read(layer.x, [i!, j!, channel]));
  },
});
