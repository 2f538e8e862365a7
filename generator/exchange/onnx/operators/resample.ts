import { type Activation, orderOf } from '../../build/activation.ts';
import { activationOf, arrange } from '../../build/arrange.ts';
import type { Context } from '../context.ts';
import type { OnnxNode } from '../node.ts';

/** How one axis of the output picks its places. */
export interface AxisRule {
  readonly input: number;
  readonly output: number;
  readonly scale: number;
  /** The part of the input that tf_crop_and_resize draws, from 0 for its first place to 1 for its last. */
  readonly crop?: readonly [number, number];
}

const cropMode = 'tf_crop_and_resize';
const modes = ['half_pixel', 'pytorch_half_pixel', 'half_pixel_symmetric', 'align_corners', 'asymmetric', cropMode];

export function coordinateMode(node: OnnxNode): string {
  const isOld = node.op === 'Upsample' || node.opset < 11;
  const mode = node.text('coordinate_transformation_mode', isOld ? 'asymmetric' : 'half_pixel');
  if (!modes.includes(mode)) node.refuse(`coordinate_transformation_mode = ${mode.slice(0, 40)}`, modes.join(', '));
  // They differ at a size of 1 alone, where PyTorch takes the first place, and where the scale does not fit the size.
  return mode;
}

/** Where place k of the output lies over the input (https://onnx.ai/onnx/operators/onnx__Resize.html). */
function coordinate(mode: string, { input, output, scale, crop = [0, 1] }: AxisRule, k: number): number {
  if (mode === cropMode) {
    const [start, end] = crop;
    return (input - 1) * (output > 1 ? start + (k * (end - start)) / (output - 1) : (start + end) / 2);
  }
  const whole = scale * input;
  if (mode === 'align_corners') return whole === 1 ? 0 : (k * (input - 1)) / (whole - 1);
  if (mode === 'asymmetric') return k / scale;
  if (mode === 'pytorch_half_pixel' && output === 1) return 0;
  const half = (k + 0.5) / scale - 0.5;
  return mode === 'half_pixel_symmetric' ? half + (input / 2) * (1 - output / whole) : half;
}

/** The nearest place of the input. */
export function nearestPlace(node: OnnxNode, axis: AxisRule, k: number): number {
  const isOld = node.op === 'Upsample' || node.opset < 11;
  const rounding = node.text('nearest_mode', isOld ? 'floor' : 'round_prefer_floor');
  const place = coordinate(coordinateMode(node), axis, k);
  const rounded = {
    floor: Math.floor(place),
    ceil: Math.ceil(place),
    round_prefer_floor: Math.ceil(place - 0.5),
    round_prefer_ceil: Math.floor(place + 0.5),
  }[rounding];
  const found = rounded ?? node.refuse(`nearest_mode = ${rounding.slice(0, 20)}`, 'floor, ceil or round_prefer_…');
  return Math.max(0, Math.min(axis.input - 1, found));
}

type Kernel = (distance: number) => number;

function linear(distance: number): number {
  return Math.max(0, 1 - Math.abs(distance));
}

/** Keys' kernel with its parameter a. */
function cubic(a: number): Kernel {
  return (distance) => {
    const d = Math.abs(distance);
    if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
    return d < 2 ? a * (d ** 3 - 5 * d ** 2 + 8 * d - 4) : 0;
  };
}

/** What each place of the output takes of each place of the input: [input, output], row-major. */
function weightsOf(node: OnnxNode, axis: AxisRule): Float64Array {
  const { input, output } = axis;
  const weights = new Float64Array(input * output);
  const name = node.text('mode', 'nearest');
  const mode = coordinateMode(node);
  const [kernel, reach] = name === 'cubic' ? [cubic(node.float('cubic_coeff_a', -0.75)), 2] : [linear, 1];
  // Antialiasing stretches the kernel over all the places that are drawn together.
  const stretch = node.int('antialias', 0) === 1 ? Math.max(1, 1 / axis.scale) : 1;
  for (let k = 0; k < output; k++) {
    if (isOutside(node, axis, k)) continue;
    if (name === 'nearest') {
      weights[nearestPlace(node, axis, k) * output + k] = 1;
      continue;
    }
    const centre = coordinate(mode, axis, k);
    const taps = tapsOf(centre, kernel, reach * stretch, stretch).filter(
      ({ place }) => node.int('exclude_outside', 0) === 0 || (place >= 0 && place < input),
    );
    const total = taps.reduce((sum, { weight }) => sum + weight, 0);
    // Outside, the border is repeated.
    for (const { place, weight } of taps) {
      weights[Math.max(0, Math.min(input - 1, place)) * output + k]! += weight / total;
    }
  }
  return weights;
}

/** Whether a place lies outside of the input, where tf_crop_and_resize has a value of its own. */
function isOutside(node: OnnxNode, axis: AxisRule, k: number): boolean {
  if (coordinateMode(node) !== cropMode) return false;
  const place = coordinate(cropMode, axis, k);
  return place < 0 || place > axis.input - 1;
}

function tapsOf(centre: number, kernel: Kernel, reach: number, stretch: number) {
  const taps: { place: number; weight: number }[] = [];
  for (let place = Math.ceil(centre - reach); place <= Math.floor(centre + reach); place++) {
    taps.push({ place, weight: kernel((place - centre) / stretch) });
  }
  return taps;
}

/**
 * A resize of another kind than the spec's layers know: along each axis it is a matrix, and so a convolution of 1×1 whose
 * channels are the places of the axis. Its kernel is no weight to be learned.
 */
export function resample(node: OnnxNode, context: Context, x: Activation, axes: readonly AxisRule[]): Activation {
  return axes.reduce((value, axis, n) => {
    if (axis.input === axis.output && axis.scale === 1 && axis.crop === undefined) return value;
    return alongAxis(node, context, value, axis, n + 2);
  }, x);
}

function alongAxis(node: OnnxNode, { builder }: Context, x: Activation, rule: AxisRule, axis: number): Activation {
  const axes = [2, 3].filter((one) => one !== axis).concat(1, axis);
  const from = arrange(builder, x, axes);
  const value = node.float('extrapolation_value', 0);
  const bias = Float64Array.from({ length: rule.output }, (_, k) => (isOutside(node, rule, k) ? value : 0));
  const hasBias = bias.some((one) => one !== 0);
  const options = { filters: rule.output, kernelSize: 1, ...(hasBias ? {} : { useBias: false }), trainable: false };
  const kernel = weightsOf(node, rule);
  const layer = builder.add('conv2d', [from.layer], options, { kernel, ...(hasBias ? { bias } : {}) });
  const dims = x.dims.with(axis, rule.output);
  return activationOf(layer, dims, orderOf(dims, axes));
}
