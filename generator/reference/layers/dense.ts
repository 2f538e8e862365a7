import { elementCount, place, zeros } from '../tensor.ts';
import { kernelAndBias, type LayerRule, type OptionsOf } from './rule.ts';

/** The kernel is [inputs, units]. */
export const dense: LayerRule<OptionsOf<'dense'>> = {
  shape: ({ units }) => [units],
  parameters: ({ units, useBias }, [input]) => kernelAndBias([elementCount(input!), units], units, useBias),
  /** z[o] = b[o] + Σ_n W[n,o]·x[n]. */
  forward({ units }, [x], [kernel, bias]) {
    const z = zeros([units]);
    for (let o = 0; o < units; o++) {
      let sum = bias === undefined ? 0 : bias.values[o]!;
      for (let n = 0; n < x!.values.length; n++) sum += kernel!.values[place(kernel!.shape, n, o)]! * x!.values[n]!;
      z.values[o] = sum;
    }
    return z;
  },
};
