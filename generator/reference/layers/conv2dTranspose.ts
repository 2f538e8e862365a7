import type { Shape } from '../../spec/network.ts';
import { inside, place, type Tensor, zeros } from '../tensor.ts';
import { kernelAndBias, type LayerRule, type OptionsOf } from './rule.ts';

type Options = OptionsOf<'conv2dTranspose'>;

/** Which part of the full output is kept along one axis: `size` places from `before` on. */
interface Cut {
  readonly size: number;
  readonly before: number;
}

/** The kernel is [height, width, filters of a group, channels]. */
export const conv2dTranspose: LayerRule<Options> = {
  shape: (options, [image]) => [cut(options, image!, 0).size, cut(options, image!, 1).size, options.filters],
  parameters({ kernelSize, filters, groups, useBias }, [image]) {
    return kernelAndBias([...kernelSize, filters / groups, image![2]!], filters, useBias);
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

/** full[i·stride + p·dilation, …, o] += Σ_c W[p,q,o,c]·x[i,j,c]: every place of x stamps the kernel of its group. */
function fullOutput(
  { kernelSize, strides, dilationRate, filters, groups }: Options,
  x: Tensor,
  kernel: Tensor,
): Tensor {
  const [height, width, channels] = x.shape as [number, number, number];
  const full = zeros([
    (height - 1) * strides[0] + span(kernelSize[0], dilationRate[0]),
    (width - 1) * strides[1] + span(kernelSize[1], dilationRate[1]),
    filters,
  ]);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      for (let p = 0; p < kernelSize[0]; p++) {
        for (let q = 0; q < kernelSize[1]; q++) {
          for (let o = 0; o < filters; o++) {
            const group = Math.floor(o / (filters / groups));
            const to = place(full.shape, i * strides[0] + p * dilationRate[0], j * strides[1] + q * dilationRate[1], o);
            for (let c = (group * channels) / groups; c < ((group + 1) * channels) / groups; c++) {
              const weight = kernel.values[place(kernel.shape, p, q, o % (filters / groups), c)]!;
              full.values[to]! += weight * x.values[place(x.shape, i, j, c)]!;
            }
          }
        }
      }
    }
  }
  return full;
}

/** What a kernel spans with the gaps of its dilation. */
function span(kernelSize: number, dilation: number): number {
  return (kernelSize - 1) * dilation + 1;
}

/**
 * The kept part along one axis; throws a RangeError when nothing is left.
 *
 * 'valid' and 'same' are Keras' sizes (keras.ops, `compute_conv_transpose_output_shape`): in·stride + max(kernel −
 * stride, 0) and in·stride, both of which go on behind the full output where the stride is larger than the kernel. With
 * an output padding they are (in − 1)·stride + kernel + it, less 2·⌊kernel/2⌋ for 'same'; what Keras' JAX backend pads
 * before its convolution says where that begins.
 */
function cut(options: Options, image: Shape, axis: 0 | 1): Cut {
  const { padding, outputPadding } = options;
  const [inputSize, stride] = [image[axis]!, options.strides[axis]];
  const kernel = span(options.kernelSize[axis], options.dilationRate[axis]);
  const full = (inputSize - 1) * stride + kernel;
  if (padding !== 'valid' && padding !== 'same') {
    const [before, after] = padding[axis];
    const size = full - before - after + (outputPadding?.[axis] ?? 0);
    if (size < 1) throw new RangeError(`nothing is left of ${full} places without ${before} + ${after}`);
    return { size, before };
  }
  if (outputPadding === undefined) {
    if (padding === 'valid') return { size: inputSize * stride + Math.max(kernel - stride, 0), before: 0 };
    return { size: inputSize * stride, before: Math.max(0, Math.floor((kernel - stride) / 2)) };
  }
  const more = outputPadding[axis];
  if (padding === 'valid') return { size: full + more, before: 0 };
  const around = kernel + (kernel % 2) - 2 + more;
  const left = Math.min(Math.floor(around / 2) + (around % 2), kernel - 1);
  return { size: full + more - 2 * Math.floor(kernel / 2), before: kernel - 1 - left };
}
