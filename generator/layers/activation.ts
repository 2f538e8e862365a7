import { z } from 'zod';
import { activations } from './activations.ts';
import { defineLayer } from './layer.ts';
import { activationName, activationOptions } from './options.ts';

/** a = f(x), element by element or along the channels. */
export const activation = defineLayer({
  options: z.strictObject({ ...activationOptions, activation: activationName }),
  shape: ([input = []]) => input,
  forward: (layer, o) => activations[o.activation].apply(layer, layer.x, o),
});
