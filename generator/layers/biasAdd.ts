import { z } from 'zod';
import { add, read } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { flag } from './options.ts';

/** y = x + b, with a bias for each channel, or for each place of each. */
export const biasAdd = defineLayer({
  hasParameters: true,
  options: z.strictObject({ perPlace: flag.default(false).describe('A bias of its own for every element.') }),
  shape: ([input = []]) => input,
  forward(layer, o) {
    const { x, shape } = layer;
    const at = layer.indices(shape);
    const own = o.perPlace ? ([shape, at] as const) : ([shape.slice(-1), at.slice(-1)] as const);
    const b = layer.parameter('b', 'bias', own[0], { kind: 'constant', value: 0 });
    return layer.define('y', shape, at, add(read(b, own[1]), read(x, at)));
  },
});
