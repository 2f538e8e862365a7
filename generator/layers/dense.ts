import { z } from 'zod';
import { index } from '../equations/affine.ts';
import { multiply, read, sum } from '../equations/expression.ts';
import { elementsOf } from '../shape.ts';
import { activations } from './activations.ts';
import { glorotOrHe, withBias } from './initial.ts';
import { defineLayer, Misfit } from './layer.ts';
import { activationOptions, flag, positiveInteger } from './options.ts';

/** z[o] = b[o] + Σ W[n,o]·x[n]. */
export const dense = defineLayer({
  hasParameters: true,
  options: z.strictObject({
    units: positiveInteger,
    useBias: flag.default(true),
    ...activationOptions,
  }),
  shape([input = []], o) {
    if (input.length === 1) return [o.units];
    return new Misfit(
      '',
      `found an input of shape [${input.join(', ')}]`,
      'expected a vector: put a flatten layer before it',
    );
  },
  forward(layer, o) {
    const { x } = layer;
    const length = elementsOf(x.shape);
    const [n, to] = [index('n', length), index('o', o.units)];
    const W = layer.parameter('W', 'kernel', [length, o.units], glorotOrHe(length, o.units, o.activation));
    const weighted = sum([n], multiply(read(W, [n, to]), read(x, [n])));
    const pre = layer.define('z', [o.units], [to], withBias(layer, o.useBias, o.units, to, weighted));
    return activations[o.activation].apply(layer, pre, o);
  },
});
