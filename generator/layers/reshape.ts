import { z } from 'zod';
import { elementsOf } from '../shape.ts';
import { defineLayer, Misfit } from './layer.ts';
import { shape } from './options.ts';

/** The same numbers in another shape, row by row: a view, without an equation. */
export const reshape = defineLayer({
  isView: true,
  options: z.strictObject({ shape }),
  shape([input = []], o) {
    const [found, wanted] = [elementsOf(input), elementsOf(o.shape)];
    if (found === wanted) return o.shape;
    return new Misfit(
      'shape',
      `found ${o.shape.join('×')} = ${wanted} numbers for an input of ${input.join('×')} = ${found}`,
      'expected a shape with as many numbers as the input',
    );
  },
  forward: (layer) => layer.view(layer.x, layer.shape),
});
