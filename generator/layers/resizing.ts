import { z } from 'zod';
import { ofImage } from './images.ts';
import { defineLayer } from './layer.ts';
import { positiveInteger } from './options.ts';
import { misfitOfCubic, resize } from './resize.ts';
import { coordinateRule, cubicOptions, interpolation } from './resizingOptions.ts';

/** The image in another size, by the nearest place or a mean of those beside it along each axis. */
export const resizing = defineLayer({
  options: z.strictObject({
    height: positiveInteger,
    width: positiveInteger,
    interpolation: interpolation.default('bilinear'),
    coordinates: coordinateRule,
    ...cubicOptions,
  }),
  shape: ([input = []], o) => ofImage(input, ([, , channels]) => misfitOfCubic(o) ?? [o.height, o.width, channels]),
  forward: (layer, o) => resize(layer, [o.height, o.width], o),
});
