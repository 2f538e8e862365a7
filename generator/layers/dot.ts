import { z } from 'zod';
import { index } from '../equations/affine.ts';
import { multiply, read, sum } from '../equations/expression.ts';
import { elementsOf } from '../shape.ts';
import { defineLayer, Misfit } from './layer.ts';

/** y = Σ a[n]·b[n] of two vectors. */
export const dot = defineLayer({
  options: z.strictObject({}),
  arity: 'many',
  shape(inputs) {
    const [a = [], b = []] = inputs;
    if (inputs.length === 2 && a.length === 1 && a.join() === b.join()) return [1];
    const found = `found shapes ${inputs.map((shape) => `[${shape.join(', ')}]`).join(' and ')}`;
    return new Misfit('inputs', found, 'expected two vectors of one length');
  },
  forward(layer) {
    const n = index('n', elementsOf(layer.x.shape));
    const products = multiply(...layer.inputs.map((input) => read(input, [n])));
    return layer.define('y', [1], [index('o', 1)], sum([n], products));
  },
});
