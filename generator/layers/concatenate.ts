import { z } from 'zod';
import { plus } from '../equations/affine.ts';
import { read } from '../equations/expression.ts';
import { present } from '../lists.ts';
import { defineLayer, Misfit } from './layer.ts';
import { axisOf, axisOption } from './options.ts';

/** y[…, c + before] = x[…, c] for each input: the channels of the inputs (or another axis), one after the other. */
export const concatenate = defineLayer({
  options: z.strictObject({ axis: axisOption.describe('Counted from 1, or from the end: -1, the channels.') }),
  arity: 'many',
  shape(inputs, o) {
    const [first = []] = inputs;
    const axis = axisOf(o.axis, first);
    if (axis === undefined) {
      return new Misfit('axis', `found ${o.axis} for ${first.length} axes`, 'expected one from 1, or from the end');
    }
    const others = inputs.map((shape) => shape.toSpliced(axis, 1));
    const other = inputs[others.findIndex((place) => place.join() !== others[0]?.join())];
    if (other === undefined)
      return first.with(
        axis,
        inputs.reduce((total, shape) => total + present(shape[axis]), 0),
      );
    const found = `found shapes [${first.join(', ')}] and [${other.join(', ')}]`;
    const what = axis === first.length - 1 ? 'the channels' : `axis ${axis + 1}`;
    return new Misfit('inputs', found, `expected shapes that differ in ${what} only`);
  },
  forward(layer, o) {
    const joined = layer.tensor('y', layer.shape);
    const axis = present(axisOf(o.axis, layer.shape));
    let before = 0;
    for (const input of layer.inputs) {
      const at = layer.indices(input.shape);
      layer.assign(joined, at.with(axis, plus(present(at[axis]), before)), read(input, at));
      before += present(input.shape[axis]);
    }
    return joined;
  },
});
