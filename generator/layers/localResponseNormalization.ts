import { z } from 'zod';
import { index, plus } from '../equations/affine.ts';
import { add, call, multiply, number, read, sum } from '../equations/expression.ts';
import { lastOf } from '../lists.ts';
import { defineLayer } from './layer.ts';
import { positiveInteger, positiveNumber, realNumber } from './options.ts';

/** y[…,c] = x[…,c]/u^β with u = bias + α·Σ x[…,c+k]², −r ≤ k ≤ r (Krizhevsky et al. 2012; options of TensorFlow). */
export const localResponseNormalization = defineLayer({
  options: z.strictObject({
    depthRadius: positiveInteger.default(5),
    bias: positiveNumber.default(1),
    alpha: positiveNumber.default(1),
    beta: realNumber.default(0.5),
  }),
  shape: ([input = []]) => input,
  forward(layer, o) {
    const { x, shape } = layer;
    const at = layer.indices(shape);
    const k = index('k', 2 * o.depthRadius + 1);
    const near = [...at.slice(0, -1), plus(lastOf(at), k, -o.depthRadius)];
    const squares = multiply(number(o.alpha), sum([k], call('square', read(x, near))));
    const u = layer.define('u', shape, at, add(number(o.bias), squares));
    const one = layer.indices(shape);
    // u^−β = exp(−β·log u)
    const power = call('exp', multiply(number(-o.beta), call('log', read(u, one))));
    const p = layer.define('p', shape, one, power);
    const to = layer.indices(shape);
    return layer.define('y', shape, to, multiply(read(x, to), read(p, to)));
  },
});
