import { type Affine, index, plus, times } from '../equations/affine.ts';
import type { Padding, Shape, Size } from '../shape.ts';
import { unevenGroups } from './convolution.ts';
import { imageIndices, imageShape, ofImage } from './images.ts';
import { Misfit } from './layer.ts';
import { bothAxes, reachOf, type Window, type WindowAxis } from './windows.ts';

interface StampOptions {
  readonly kernelSize: Size;
  readonly strides: Size;
  readonly padding: Padding;
  readonly outputPadding?: Size | undefined;
  readonly dilationRate: Size;
}

interface TransposedOptions extends StampOptions {
  readonly filters: number;
  readonly groups: number;
}

/** The output shape of a transposed convolution over an image. */
export function transposedShape(input: Shape, o: TransposedOptions): Shape | Misfit {
  return ofImage(input, (image) => {
    const [height, width] = bothAxes((axis) => stampExtent(image[axis], axis, o).out);
    if (height >= 1 && width >= 1) {
      return unevenGroups(image[2], o) ?? tooMuchOutputPadding(o) ?? [height, width, o.filters];
    }
    return new Misfit(
      'padding',
      `found a padding that cuts off the whole output of ${image[0]}×${image[1]} places`,
      'expected less padding: here it is cut off from the output',
    );
  });
}

function tooMuchOutputPadding({ outputPadding, strides, dilationRate }: StampOptions): Misfit | undefined {
  const isTooMuch = bothAxes((axis) => (outputPadding?.[axis] ?? 0) >= Math.max(strides[axis], dilationRate[axis]));
  const axis = isTooMuch.indexOf(true);
  if (axis < 0) return undefined;
  const found = `found ${outputPadding?.[axis]} for a stride of ${strides[axis]}`;
  return new Misfit('outputPadding', found, 'expected less than the stride, or than the dilation rate');
}

/**
 * Output size along one axis and what is cut off before it, as Keras has them: 'same' gives in·stride, 'valid'
 * in·stride + max(kernel − stride, 0); explicit padding is cut off from the full (in − 1)·stride + kernel, where
 * outputPadding adds places behind. With outputPadding, 'valid' and 'same' add it to the full output, of which 'same'
 * cuts off 2·⌊kernel/2⌋ (keras.src.backend.common.backend_utils). The kernel counts with its dilation.
 */
function stampExtent(input: number, axis: WindowAxis, { kernelSize, strides, padding: rule, ...o }: StampOptions) {
  const stride = strides[axis];
  const reach = reachOf({ size: kernelSize, dilation: o.dilationRate }, axis);
  const rest = reach - stride;
  const whole = input * stride;
  const added = o.outputPadding?.[axis];
  if (typeof rule !== 'string') {
    return { out: whole + rest - rule[axis][0] - rule[axis][1] + (added ?? 0), cut: rule[axis][0] };
  }
  if (added === undefined) {
    if (rule === 'same') return { out: whole, cut: Math.max(0, Math.floor(rest / 2)) };
    return { out: whole + Math.max(rest, 0), cut: 0 };
  }
  if (rule === 'valid') return { out: whole + rest + added, cut: 0 };
  const padded = reach + (reach % 2) - 2 + added;
  const before = Math.min(Math.ceil(padded / 2), reach - 1);
  return { out: whole + rest - 2 * Math.floor(reach / 2) + added, cut: reach - 1 - before };
}

/** The coordinates of a stamp: input place (i, j), kernel place (p, q), and the row and column that they touch in the output. */
export function stampAt(input: Shape, o: StampOptions): Window {
  const image = imageShape(input);
  const [i, j] = imageIndices(input);
  const [p, q] = [index('p', o.kernelSize[0]), index('q', o.kernelSize[1])];
  const touched = (place: Affine, tap: Affine, axis: WindowAxis): Affine => {
    const { cut } = stampExtent(image[axis], axis, o);
    return plus(times(o.strides[axis], place), times(o.dilationRate[axis], tap), -cut);
  };
  return { i, j, p, q, row: touched(i, p, 0), column: touched(j, q, 1) };
}
