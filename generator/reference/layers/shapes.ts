import { elementCount, place, zeros } from '../tensor.ts';
import { type LayerRule, noParameters, type OptionsOf } from './rule.ts';

/** The same numbers as a vector, row-major. */
export const flatten: LayerRule<OptionsOf<'flatten'>> = {
  shape: (_, [input]) => [elementCount(input!)],
  parameters: noParameters,
  forward: (_, [x]) => ({ shape: [x!.values.length], values: x!.values }),
};

/** The same numbers in another shape, row-major; throws a RangeError when the shape has not as many. */
export const reshape: LayerRule<OptionsOf<'reshape'>> = {
  shape({ shape }, [input]) {
    const [found, expected] = [elementCount(shape), elementCount(input!)];
    if (found !== expected) throw new RangeError(`reshape: expected a shape of ${expected} numbers, found ${found}`);
    return shape;
  },
  parameters: noParameters,
  forward: ({ shape }, [x]) => ({ shape, values: x!.values }),
};

/** y[i + top, j + left, c] = x[i,j,c], and zero around. */
export const zeroPadding2d: LayerRule<OptionsOf<'zeroPadding2d'>> = {
  shape({ padding: [[top, bottom], [left, right]] }, [image]) {
    return [top + image![0]! + bottom, left + image![1]! + right, image![2]!];
  },
  parameters: noParameters,
  forward(options, [x]) {
    const y = zeros(zeroPadding2d.shape(options, [x!.shape]));
    const [height, width, channels] = x!.shape as [number, number, number];
    const [[top], [left]] = options.padding;
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        for (let c = 0; c < channels; c++) {
          y.values[place(y.shape, i + top, j + left, c)] = x!.values[place(x!.shape, i, j, c)]!;
        }
      }
    }
    return y;
  },
};
