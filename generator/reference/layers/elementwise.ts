import { zeros } from '../tensor.ts';
import { type LayerRule, noParameters, type OptionsOf } from './rule.ts';

/** x where it is above 0, elsewhere α·x with the slope of its channel or place. */
export const prelu: LayerRule<OptionsOf<'prelu'>> = {
  shape: (_, [input]) => input!,
  parameters: ({ perPlace }, [input]) => [{ name: 'alpha', shape: perPlace ? input! : input!.slice(-1) }],
  forward(_, [x], [alpha]) {
    const y = zeros(x!.shape);
    for (let n = 0; n < y.values.length; n++) {
      const value = x!.values[n]!;
      y.values[n] = value > 0 ? value : alpha!.values[n % alpha!.values.length]! * value;
    }
    return y;
  },
};

/** x with the bias of its channel or place. */
export const biasAdd: LayerRule<OptionsOf<'biasAdd'>> = {
  shape: (_, [input]) => input!,
  parameters: ({ perPlace }, [input]) => [{ name: 'bias', shape: perPlace ? input! : input!.slice(-1) }],
  forward(_, [x], [bias]) {
    const y = zeros(x!.shape);
    for (let n = 0; n < y.values.length; n++) y.values[n] = x!.values[n]! + bias!.values[n % bias!.values.length]!;
    return y;
  },
};

export const rescaling: LayerRule<OptionsOf<'rescaling'>> = {
  shape: (_, [input]) => input!,
  parameters: noParameters,
  forward: ({ scale, offset }, [x]) => ({ shape: x!.shape, values: x!.values.map((value) => scale * value + offset) }),
};
