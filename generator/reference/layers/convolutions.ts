import type { Padding, Shape } from '../../spec/network.ts';
import { slides } from '../slide.ts';
import { inside, place, type Tensor, zeros } from '../tensor.ts';
import { kernelAndBias, type LayerRule, type OptionsOf } from './rule.ts';
import { asColumn, paddingOfColumn, withoutColumn } from './sequences.ts';

type Conv2dOptions = Omit<OptionsOf<'conv2d'>, 'padding'> & { readonly padding: Padding };
type DepthwiseOptions = OptionsOf<'depthwiseConv2d'>;

/** The kernel is [height, width, channels of a group, filters]. */
export const conv2d: LayerRule<Conv2dOptions> = {
  shape: (options, [image]) => [...outputSizes(options, image!), options.filters],
  parameters({ kernelSize, filters, groups, useBias }, [image]) {
    return kernelAndBias([...kernelSize, image![2]! / groups, filters], filters, useBias);
  },
  /** z[i,j,o] = b[o] + Σ_{p,q,c} W[p,q,c,o]·x[i·stride + p·dilation − before, …, c], over the real places of x. */
  forward(options, [x], [kernel, bias]) {
    const z = zeros(conv2d.shape(options, [x!.shape]));
    const [height, width, filters] = z.shape as [number, number, number];
    const [vertical, horizontal] = slidesOf(options, x!.shape);
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const top = i * options.strides[0] - vertical.before;
        const left = j * options.strides[1] - horizontal.before;
        for (let o = 0; o < filters; o++) {
          const b = bias === undefined ? 0 : bias.values[o]!;
          z.values[place(z.shape, i, j, o)] = b + correlate(options, x!, kernel!, top, left, o);
        }
      }
    }
    return z;
  },
};

/** The kernel is [length, channels of a group, filters]: that of an image of one column. */
export const conv1d: LayerRule<OptionsOf<'conv1d'>> = {
  shape: (o, [input]) => withoutColumn(conv2d.shape(columnOf(o), [asColumn(input!)])),
  parameters({ kernelSize, filters, groups, useBias }, [input]) {
    return kernelAndBias([kernelSize, input![1]! / groups, filters], filters, useBias);
  },
  forward(o, [x], [kernel, ...bias]) {
    const [length, channels, filters] = kernel!.shape as [number, number, number];
    const tall = { shape: [length, 1, channels, filters], values: kernel!.values };
    const z = conv2d.forward(columnOf(o), [{ shape: asColumn(x!.shape), values: x!.values }], [tall, ...bias]);
    return { shape: withoutColumn(z.shape), values: z.values };
  },
};

const columnOf = (o: OptionsOf<'conv1d'>): Conv2dOptions => ({
  ...o,
  kernelSize: [o.kernelSize, 1],
  strides: [o.strides, 1],
  dilationRate: [o.dilationRate, 1],
  padding: paddingOfColumn(o.padding, (o.kernelSize - 1) * o.dilationRate),
});

/** The kernel is [height, width, channels, multiplier]: filter c·multiplier + m reads channel c alone. */
export const depthwiseConv2d: LayerRule<DepthwiseOptions> = {
  shape: (options, [image]) => [...outputSizes(options, image!), image![2]! * options.depthMultiplier],
  parameters({ kernelSize, depthMultiplier, useBias }, [image]) {
    const channels = image![2]!;
    return kernelAndBias([...kernelSize, channels, depthMultiplier], channels * depthMultiplier, useBias);
  },
  /** z[i,j,c·multiplier + m] = b[…] + Σ_{p,q} W[p,q,c,m]·x[i·stride + p·dilation − before, …, c]. */
  forward(options, [x], [kernel, bias]) {
    const z = zeros(depthwiseConv2d.shape(options, [x!.shape]));
    const [height, width] = z.shape as [number, number, number];
    const [vertical, horizontal] = slidesOf(options, x!.shape);
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const top = i * options.strides[0] - vertical.before;
        const left = j * options.strides[1] - horizontal.before;
        for (let c = 0; c < x!.shape[2]!; c++) {
          for (let m = 0; m < options.depthMultiplier; m++) {
            const o = c * options.depthMultiplier + m;
            const b = bias === undefined ? 0 : bias.values[o]!;
            z.values[place(z.shape, i, j, o)] = b + correlateChannel(options, x!, kernel!, top, left, c, m);
          }
        }
      }
    }
    return z;
  },
};

function slidesOf(options: Conv2dOptions | DepthwiseOptions, image: Shape) {
  return slides(image, { ...options, size: options.kernelSize });
}

function outputSizes(options: Conv2dOptions | DepthwiseOptions, image: Shape): Shape {
  return slidesOf(options, image).map(({ outputSize }) => outputSize);
}

/** The kernel of filter o times the window of x that begins at [top, left], which may be a padded place. */
function correlate(options: Conv2dOptions, x: Tensor, kernel: Tensor, top: number, left: number, o: number): number {
  const { dilationRate, flipKernel, filters, groups } = options;
  const [kernelHeight, kernelWidth, channels] = kernel.shape as [number, number, number, number];
  const firstChannel = Math.floor(o / (filters / groups)) * channels;
  let sum = 0;
  for (let p = 0; p < kernelHeight; p++) {
    for (let q = 0; q < kernelWidth; q++) {
      const row = top + p * dilationRate[0];
      const column = left + q * dilationRate[1];
      if (!inside(x.shape, row, column)) continue;
      // The kernel rotated by 180° has at [p,q] what the kernel has as far from its other end.
      const u = flipKernel ? kernelHeight - 1 - p : p;
      const v = flipKernel ? kernelWidth - 1 - q : q;
      for (let c = 0; c < channels; c++) {
        const weight = kernel.values[place(kernel.shape, u, v, c, o)]!;
        sum += weight * x.values[place(x.shape, row, column, firstChannel + c)]!;
      }
    }
  }
  return sum;
}

/** The kernel [·, ·, c, m] times channel c of the window of x that begins at [top, left]. */
function correlateChannel(
  { kernelSize, dilationRate }: DepthwiseOptions,
  x: Tensor,
  kernel: Tensor,
  top: number,
  left: number,
  c: number,
  m: number,
): number {
  let sum = 0;
  for (let p = 0; p < kernelSize[0]; p++) {
    for (let q = 0; q < kernelSize[1]; q++) {
      const row = top + p * dilationRate[0];
      const column = left + q * dilationRate[1];
      if (!inside(x.shape, row, column)) continue;
      sum += kernel.values[place(kernel.shape, p, q, c, m)]! * x.values[place(x.shape, row, column, c)]!;
    }
  }
  return sum;
}
