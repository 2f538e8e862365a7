import { z } from 'zod';
import { defineLayer } from './layer.ts';
import { normalise } from './normalise.ts';
import { positiveNumber } from './options.ts';

/** x̂ = (x − μ)/√(v + ε) over all places of each channel, y = γ·x̂ + β (Ulyanov et al. 2016). */
export const instanceNormalization = defineLayer({
  hasParameters: true,
  options: z.strictObject({ epsilon: positiveNumber.default(1e-3) }),
  shape: ([input = []]) => input,
  forward(layer, o) {
    return normalise(
      layer,
      layer.shape.slice(-1),
      () => {
        const at = layer.indices(layer.shape);
        return { at, kept: at.slice(-1), over: at.slice(0, -1) };
      },
      o.epsilon,
    );
  },
});
