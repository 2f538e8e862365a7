import { z } from 'zod';
import { index, plus, times } from '../equations/affine.ts';
import { lastOf } from '../lists.ts';
import { defineLayer, Misfit } from './layer.ts';
import { normalise } from './normalise.ts';
import { positiveInteger, positiveNumber } from './options.ts';

/** x̂ = (x − μ)/√(v + ε) over all places of each group of channels, y = γ·x̂ + β (Wu and He 2018). */
export const groupNormalization = defineLayer({
  hasParameters: true,
  options: z.strictObject({ groups: positiveInteger.default(32), epsilon: positiveNumber.default(1e-3) }),
  shape([input = []], { groups }) {
    const channels = lastOf(input);
    if (channels % groups === 0) return input;
    return new Misfit('groups', `found ${groups} groups for ${channels} channels`, 'expected a number that divides');
  },
  forward(layer, o) {
    const size = lastOf(layer.shape) / o.groups;
    return normalise(
      layer,
      [o.groups],
      () => {
        const places = layer.indices(layer.shape).slice(0, -1);
        const [g, c] = [index('g', o.groups), index('c', size)];
        return { at: [...places, plus(times(size, g), c)], kept: [g], over: [...places, c] };
      },
      o.epsilon,
    );
  },
});
