import { z } from 'zod';
import { plus } from '../equations/affine.ts';
import { read } from '../equations/expression.ts';
import { defineLayer, Misfit } from './layer.ts';

/** y[…, c + before] = x[…, c] for each input: the channels of the inputs, one after the other. */
export const concatenate = defineLayer({
  options: z.strictObject({}),
  arity: 'many',
  shape(inputs) {
    const places = inputs.map((shape) => shape.slice(0, -1));
    const [first = []] = places;
    const other = inputs[places.findIndex((place) => place.join() !== first.join())];
    if (other === undefined) return [...first, inputs.reduce((total, shape) => total + (shape.at(-1) as number), 0)];
    const found = `found shapes [${inputs[0]?.join(', ')}] and [${other.join(', ')}]`;
    return new Misfit('inputs', found, 'expected shapes that differ in the channels only');
  },
  forward(layer) {
    const joined = layer.tensor('y', layer.shape);
    let before = 0;
    for (const input of layer.inputs) {
      const at = layer.indices(input.shape);
      layer.assign(joined, [...at.slice(0, -1), plus(at.at(-1)!, before)], read(input, at));
      before += input.shape.at(-1) as number;
    }
    return joined;
  },
});
