import { z } from 'zod';
import { compare, multiply, read, where, zero } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { flag } from './options.ts';

/** y = x above 0, α·x elsewhere (He et al. 2015), with a slope for each channel, or for each place of each. */
export const prelu = defineLayer({
  hasParameters: true,
  options: z.strictObject({ perPlace: flag.default(false).describe('A slope of its own for every element.') }),
  shape: ([input = []]) => input,
  forward(layer, o) {
    const { x, shape } = layer;
    const at = layer.indices(shape);
    const own = o.perPlace ? ([shape, at] as const) : ([shape.slice(-1), at.slice(-1)] as const);
    const alpha = layer.parameter('α', 'alpha', own[0], { kind: 'constant', value: 0.25 });
    const value = read(x, at);
    return layer.define('y', shape, at, where(compare(value, '>', zero), value, multiply(read(alpha, own[1]), value)));
  },
});
