import type { Shape } from '../../spec/network.ts';
import { inside, place, type Tensor, zeros } from '../tensor.ts';
import { kernelAndBias, type LayerRule, type OptionsOf } from './rule.ts';

type Options = OptionsOf<'conv2dTranspose'>;

/** Which part of the full output is kept along one axis: `size` places from `before` on. */
interface Cut {
  readonly size: number;
  readonly before: number;
}

/** The kernel is [height, width, filters, channels]. */
export const conv2dTranspose: LayerRule<Options> = {
  shape: (options, [image]) => [cut(options, image!, 0).size, cut(options, image!, 1).size, options.filters],
  parameters({ kernelSize, filters, useBias }, [image]) {
    return kernelAndBias([...kernelSize, filters, image![2]!], filters, useBias);
  },
  /** z[i,j,o] = b[o] + full[i + cut, j + cut, o]: zero where the full output has already ended. */
  forward(options, [x], [kernel, bias]) {
    const full = fullOutput(options, x!, kernel!);
    const z = zeros(conv2dTranspose.shape(options, [x!.shape]));
    const [height, width, filters] = z.shape as [number, number, number];
    const [top, left] = [cut(options, x!.shape, 0).before, cut(options, x!.shape, 1).before];
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        for (let o = 0; o < filters; o++) {
          const b = bias === undefined ? 0 : bias.values[o]!;
          const isStamped = inside(full.shape, i + top, j + left);
          z.values[place(z.shape, i, j, o)] = isStamped ? b + full.values[place(full.shape, i + top, j + left, o)]! : b;
        }
      }
    }
    return z;
  },
};

/** full[i·stride + p, j·stride + q, o] += Σ_c W[p,q,o,c]·x[i,j,c]: every place of x stamps the kernel. */
function fullOutput({ kernelSize, strides, filters }: Options, x: Tensor, kernel: Tensor): Tensor {
  const [height, width, channels] = x.shape as [number, number, number];
  const full = zeros([
    fullSize(height, strides[0], kernelSize[0]),
    fullSize(width, strides[1], kernelSize[1]),
    filters,
  ]);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      for (let p = 0; p < kernelSize[0]; p++) {
        for (let q = 0; q < kernelSize[1]; q++) {
          for (let o = 0; o < filters; o++) {
            const to = place(full.shape, i * strides[0] + p, j * strides[1] + q, o);
            for (let c = 0; c < channels; c++) {
              full.values[to]! += kernel.values[place(kernel.shape, p, q, o, c)]! * x.values[place(x.shape, i, j, c)]!;
            }
          }
        }
      }
    }
  }
  return full;
}

/** From the first place of the first stamp to the last place of the last. */
function fullSize(inputSize: number, stride: number, kernelSize: number): number {
  return (inputSize - 1) * stride + kernelSize;
}

/**
 * The kept part along one axis; throws a RangeError when nothing is left.
 *
 * 'valid' and 'same' are Keras' sizes (keras.ops, `compute_conv_transpose_output_shape`): in·stride + max(kernel −
 * stride, 0) and in·stride, both of which go on behind the full output where the stride is larger than the kernel.
 */
function cut({ kernelSize, strides, padding }: Options, image: Shape, axis: 0 | 1): Cut {
  const [inputSize, kernel, stride] = [image[axis]!, kernelSize[axis], strides[axis]];
  if (padding === 'valid') return { size: inputSize * stride + Math.max(kernel - stride, 0), before: 0 };
  if (padding === 'same') return { size: inputSize * stride, before: Math.max(0, Math.floor((kernel - stride) / 2)) };
  const [before, after] = padding[axis];
  const full = fullSize(inputSize, stride, kernel);
  if (full - before - after < 1) throw new RangeError(`nothing is left of ${full} places without ${before} + ${after}`);
  return { size: full - before - after, before };
}
