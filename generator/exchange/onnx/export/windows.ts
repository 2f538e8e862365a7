import { type WindowOptions, windowExtent } from '../../../layers/windows.ts';
import type { LayerOf } from './writer.ts';

/** The attributes of a window over an image, with the padding in numbers. */
export function windowAttributes(input: readonly number[], window: WindowOptions) {
  const sides = ([0, 1] as const).map((axis) => {
    const { out, before, after } = windowExtent(input[axis]!, axis, window);
    const reach = (window.size[axis] - 1) * window.dilation[axis] + 1;
    // A last window that reaches beyond the padding has that much more of it.
    const beyond = (out - 1) * window.strides[axis] + reach - input[axis]! - before - after;
    return [before, after + Math.max(0, beyond)] as const;
  });
  return {
    kernel_shape: window.size as readonly number[],
    strides: window.strides as readonly number[],
    dilations: window.dilation as readonly number[],
    pads: [...sides.map(([before]) => before), ...sides.map(([, after]) => after)] as readonly number[],
  };
}

/** The same along the row alone. */
export function rowAttributes({ kernel_shape, strides, dilations, pads }: ReturnType<typeof windowAttributes>) {
  return {
    kernel_shape: kernel_shape.slice(1),
    strides: strides.slice(1),
    dilations: dilations.slice(1),
    pads: [pads[1]!, pads[3]!],
  };
}

type PaddingAlong = LayerOf<'conv1d'>['options']['padding'];

/** A window of one row; causal padding lies before it. */
export function alongRow(
  size: number,
  stride: number,
  padding: PaddingAlong,
  dilation: number,
  ceilMode = false,
): WindowOptions {
  const behind: WindowOptions['padding'] = [
    [0, 0],
    padding === 'causal' ? [(size - 1) * dilation, 0] : typeof padding === 'string' ? [0, 0] : padding,
  ];
  const isNamed = padding === 'same' || padding === 'valid';
  return {
    size: [1, size],
    strides: [1, stride],
    dilation: [1, dilation],
    padding: isNamed ? padding : behind,
    ceilMode,
  };
}

export type Pool2d =
  | LayerOf<'maxPooling2d'>['options']
  | LayerOf<'averagePooling2d'>['options']
  | LayerOf<'lpPooling2d'>['options'];
export type Pool1d =
  | LayerOf<'maxPooling1d'>['options']
  | LayerOf<'averagePooling1d'>['options']
  | LayerOf<'lpPooling1d'>['options'];

/** A pool's window over an image, or along a sequence. */
export function poolWindow(o: Pool2d): WindowOptions {
  return {
    size: o.poolSize,
    strides: o.strides ?? o.poolSize,
    padding: o.padding,
    dilation: o.dilationRate,
    ceilMode: o.ceilMode,
  };
}

export function rowWindow(o: Pool1d): WindowOptions {
  return alongRow(o.poolSize, o.strides ?? o.poolSize, o.padding, o.dilationRate, o.ceilMode);
}
