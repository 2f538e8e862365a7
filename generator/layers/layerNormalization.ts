import { z } from 'zod';
import { constant } from '../equations/affine.ts';
import { defineLayer } from './layer.ts';
import { normalise } from './normalise.ts';
import { positiveNumber } from './options.ts';

/** x̂ = (x − μ)/√(v + ε) along the last axis, y = γ·x̂ + β (Ba et al. 2016). */
export const layerNormalization = defineLayer({
  hasParameters: true,
  options: z.strictObject({ epsilon: positiveNumber.default(1e-3) }),
  shape: ([input = []]) => input,
  forward(layer, o) {
    const places = layer.shape.slice(0, -1);
    return normalise(
      layer,
      places.length === 0 ? [1] : places,
      () => {
        const at = layer.indices(layer.shape);
        return { at, kept: places.length === 0 ? [constant(0)] : at.slice(0, -1), over: at.slice(-1) };
      },
      o.epsilon,
    );
  },
});
