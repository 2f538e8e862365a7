import { tensor } from '../tensor.ts';
import { type LayerRule, noParameters, type OptionsOf } from './rule.ts';

/** Numbers that the input is multiplied by, where a mask is given beside the options: see `withMasks`. */
interface Masked {
  readonly mask?: ArrayLike<number>;
}

export const dropout: LayerRule<OptionsOf<'dropout'>> = {
  mask: ({ rate, seed }) => ({ rate, seed }),
  shape: (_, [input]) => input!,
  parameters: noParameters,
  forward(options, [x]) {
    const { mask } = options as Masked;
    if (mask === undefined) return x!;
    const y = tensor('dropout', x!.shape, x!.values);
    for (let n = 0; n < x!.values.length; n++) y.values[n] = x!.values[n]! * mask[n]!;
    return y;
  },
};
