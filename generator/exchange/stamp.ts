import type { Padding, Size } from '../spec/network.ts';

/** What a transposed convolution is told of its sizes. */
export interface Stamp {
  readonly kernelSize: Size;
  readonly strides: Size;
  readonly dilationRate: Size;
  readonly padding: Padding;
  readonly outputPadding?: Size | undefined;
}

/** What the layer conv2dTranspose cuts off before the full output along an axis. */
export function cutBefore(o: Stamp, axis: 0 | 1): number {
  const { padding, strides, outputPadding } = o;
  const reach = (o.kernelSize[axis] - 1) * o.dilationRate[axis] + 1;
  if (typeof padding !== 'string') return padding[axis][0];
  if (padding === 'valid') return 0;
  const added = outputPadding?.[axis];
  if (added === undefined) return Math.max(0, Math.floor((reach - strides[axis]) / 2));
  const padded = reach + (reach % 2) - 2 + added;
  return reach - 1 - Math.min(Math.ceil(padded / 2), reach - 1);
}
