import { z } from 'zod';
import { defineLayer } from './layer.ts';
import { positiveInteger } from './options.ts';
import { misfitOfCubic, resize } from './resize.ts';
import { coordinateRule, cubicOptions, interpolation } from './resizingOptions.ts';
import { notAnImage } from './windows.ts';

/** The image in another size, by the nearest place or a mean of those beside it along each axis. */
export const resizing = defineLayer({
  options: z.strictObject({
    height: positiveInteger,
    width: positiveInteger,
    interpolation: interpolation.default('bilinear'),
    coordinates: coordinateRule,
    ...cubicOptions,
  }),
  shape([input = []], o) {
    return input.length === 3 ? (misfitOfCubic(o) ?? [o.height, o.width, input[2] as number]) : notAnImage(input);
  },
  forward: (layer, o) => resize(layer, [o.height, o.width], o),
});
