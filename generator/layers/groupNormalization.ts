import { z } from 'zod';
import { index, plus, times } from '../equations/affine.ts';
import { defineLayer, Misfit } from './layer.ts';
import { scaleAndShift, standardise } from './normalise.ts';
import { positiveInteger, positiveNumber } from './options.ts';

/** x̂ = (x − μ)/√(v + ε) over all places of each group of channels, y = γ·x̂ + β (Wu and He 2018). */
export const groupNormalization = defineLayer({
  hasParameters: true,
  options: z.strictObject({ groups: positiveInteger.default(32), epsilon: positiveNumber.default(1e-3) }),
  shape([input = []], { groups }) {
    if ((input.at(-1) as number) % groups === 0) return input;
    return new Misfit(
      'groups',
      `found ${groups} groups for ${input.at(-1)} channels`,
      'expected a number that divides',
    );
  },
  forward(layer, o) {
    const size = (layer.shape.at(-1) as number) / o.groups;
    const normal = standardise(
      layer,
      [o.groups],
      () => {
        const places = layer.indices(layer.shape).slice(0, -1);
        const [g, c] = [index('g', o.groups), index('c', size)];
        return { at: [...places, plus(times(size, g), c)], kept: [g], over: [...places, c] };
      },
      o.epsilon,
    );
    return scaleAndShift(layer, normal);
  },
});
