import type { Shape } from '../../spec/network.ts';
import { place, type Tensor, zeros } from '../tensor.ts';
import { type LayerRule, noParameters, type OptionsOf } from './rule.ts';

type Options = Omit<OptionsOf<'resizing'>, 'height' | 'width'>;
type Rule = Options['coordinates'];

/** Every place becomes height × width equal ones, or what lies between its neighbours. */
export const upSampling2d: LayerRule<OptionsOf<'upSampling2d'>> = {
  shape: ({ size }, [image]) => [image![0]! * size[0], image![1]! * size[1], image![2]!],
  parameters: noParameters,
  forward: (o, [x]) => sample(x!, upSampling2d.shape(o, [x!.shape]), { ...o, coordinates: 'halfPixel' }),
};

export const resizing: LayerRule<OptionsOf<'resizing'>> = {
  shape: ({ height, width }, [image]) => [height, width, image![2]!],
  parameters: noParameters,
  forward: (o, [x]) => sample(x!, resizing.shape(o, [x!.shape]), o),
};

/** Where place k of `out` lies among `size`, as a fraction: numerator and denominator. */
function source(k: number, size: number, out: number, rule: Rule): readonly [number, number] {
  if (rule === 'halfPixel') return [(2 * k + 1) * size - out, 2 * out];
  if (rule === 'asymmetric') return [k * size, out];
  return out === 1 ? [0, 1] : [k * (size - 1), out - 1];
}

/** The nearest place: TensorFlow rounds down where pixels have a middle or none is aligned, else half up. */
function nearest(k: number, size: number, out: number, rule: Rule): number {
  if (rule === 'halfPixel') return Math.floor(((k + 0.5) * size) / out);
  const [numerator, denominator] = source(k, size, out, rule);
  return Math.floor((rule === 'alignCorners' ? numerator + denominator / 2 : numerator) / denominator);
}

function sample(x: Tensor, shape: Shape, o: Options): Tensor {
  const { interpolation, coordinates: rule } = o;
  const y = zeros(shape);
  const [rows, columns] = x.shape as [number, number, number];
  const [height, width, channels] = shape as [number, number, number];
  const at = (i: number, j: number, c: number): number =>
    x.values[place(x.shape, Math.min(Math.max(i, 0), rows - 1), Math.min(Math.max(j, 0), columns - 1), c)]!;
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      for (let c = 0; c < channels; c++) {
        const to = place(shape, i, j, c);
        if (interpolation === 'nearest') {
          y.values[to] = at(nearest(i, rows, height, rule), nearest(j, columns, width, rule), c);
          continue;
        }
        const [a, b] = source(i, rows, height, rule);
        const [d, e] = source(j, columns, width, rule);
        const [top, left] = [Math.floor(a / b), Math.floor(d / e)];
        if (interpolation === 'bicubic') {
          const [vertical, horizontal] = [cubic(a / b - top, top, rows, o), cubic(d / e - left, left, columns, o)];
          for (let p = 0; p < 4; p++) {
            for (let q = 0; q < 4; q++) {
              const weight = vertical[p]! * horizontal[q]!;
              y.values[to] = y.values[to]! + weight * at(top - 1 + p, left - 1 + q, c);
            }
          }
          continue;
        }
        const [down, right] = [a / b - top, d / e - left];
        const above = (1 - right) * at(top, left, c) + right * at(top, left + 1, c);
        const below = (1 - right) * at(top + 1, left, c) + right * at(top + 1, left + 1, c);
        y.values[to] = (1 - down) * above + down * below;
      }
    }
  }
  return y;
}

/** The weights of the four places around one that lies t behind `below`; they add up to 1. */
function cubic(t: number, below: number, size: number, o: Options): readonly number[] {
  const a = o.cubicCoefficient ?? -0.5;
  const weights = [1 + t, t, 1 - t, 2 - t].map((d, n) => {
    const place = below - 1 + n;
    if ((o.excludeOutside ?? true) && (place < 0 || place >= size)) return 0;
    // Keys 1981, equation 4
    return d <= 1 ? (a + 2) * d * d * d - (a + 3) * d * d + 1 : a * d * d * d - 5 * a * d * d + 8 * a * d - 4 * a;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
