import { z } from 'zod';
import { multiply, read } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { share } from './optimizers/optimizer.ts';
import { seed } from './options.ts';

/**
 * y = x·m, where m is 0 for a share `rate` of the places and 1/(1 − rate) for the others (Srivastava et al. 2014; Keras). It is
 * drawn anew for each sample of a batch that trains, and 1 otherwise; a module for inference hands x on.
 */
export const dropout = defineLayer({
  options: z.strictObject({ rate: share, seed: seed.optional() }),
  shape: ([input = []]) => input,
  forward(layer, { rate, seed: own }) {
    const { x, shape } = layer;
    const mask = layer.mask('m', shape, rate, own);
    if (mask === undefined) return layer.view(x, shape);
    const at = layer.indices(shape);
    return layer.define('y', shape, at, multiply(read(x, at), read(mask, at)));
  },
});
