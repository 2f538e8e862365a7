import { elementCount, zeros } from '../tensor.ts';
import { type LayerRule, noParameters, type OptionsOf } from './rule.ts';

type Options = OptionsOf<'reduceMean'>;

function isReduced({ axes }: Options, axis: number, rank: number): boolean {
  return axes === undefined || axes.includes(axis + 1) || axes.includes(axis - rank);
}

/** Every element is added to the mean of its place along the axes that stay. */
export const reduceMean: LayerRule<Options> = {
  shape(o, [input]) {
    const sizes = input!.map((size, axis) => (isReduced(o, axis, input!.length) ? 1 : size));
    const kept = o.keepDims ? sizes : sizes.filter((_, axis) => !isReduced(o, axis, input!.length));
    return kept.length === 0 ? [1] : kept;
  },
  parameters: noParameters,
  forward(o, [x]) {
    const y = zeros(reduceMean.shape(o, [x!.shape]));
    const rank = x!.shape.length;
    for (let n = 0; n < x!.values.length; n++) {
      let [to, size, rest] = [0, 1, n];
      for (let axis = rank - 1; axis >= 0; axis--) {
        const length = x!.shape[axis]!;
        if (!isReduced(o, axis, rank)) {
          to += size * (rest % length);
          size *= length;
        }
        rest = Math.floor(rest / length);
      }
      y.values[to] = y.values[to]! + x!.values[n]!;
    }
    const count = x!.values.length / elementCount(y.shape);
    for (let n = 0; n < y.values.length; n++) y.values[n] = y.values[n]! / count;
    return y;
  },
};
