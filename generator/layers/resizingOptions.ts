import { z } from 'zod';
import { flag, realNumber } from './options.ts';

/** How a larger or smaller image picks its numbers. */
export const interpolation = z
  .enum(['nearest', 'bilinear', 'bicubic'], { error: "expected 'nearest', 'bilinear' or 'bicubic'" })
  .describe("'nearest' place, or 'bilinear', 'bicubic': a mean of the two or four places beside it along each axis.");

/** What a bicubic interpolation may take; spread into its layer's `z.strictObject`. */
export const cubicOptions = {
  cubicCoefficient: realNumber.describe("Of 'bicubic': −0.5 (default: Keras), −0.75 (PyTorch, ONNX).").optional(),
  excludeOutside: flag
    .describe(
      "Of 'bicubic': whether places outside the image are left out (default: Keras), or the nearest inside is taken.",
    )
    .optional(),
};

/** Where the places of the output lie in the input. */
export const coordinateRule = z
  .enum(['halfPixel', 'alignCorners', 'asymmetric'], {
    error: "expected 'halfPixel', 'alignCorners' or 'asymmetric'",
  })
  .default('halfPixel')
  .describe(
    "Place k lies at (k + ½)·in/out − ½ ('halfPixel': Keras, PyTorch), k·(in − 1)/(out − 1) ('alignCorners') or k·in/out.",
  );
