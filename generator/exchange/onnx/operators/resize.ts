import { arrange } from '../../build/arrange.ts';
import { type Context, channelsLast, type Operator, placesOf, shortNumber, shortSize } from '../context.ts';
import type { OnnxNode } from '../node.ts';
import type { Value } from '../value.ts';
import { type AxisRule, coordinateMode, nearestPlace, resample } from './resample.ts';

export const resizes: Readonly<Record<string, Operator>> = { Resize: resize, Upsample: resize };

function resize(node: OnnxNode, context: Context): Value {
  const { builder } = context;
  const x = node.activation(0);
  if (x.dims.length !== 4) node.refuse(`an input of ${x.dims.length} axes`, 'an image');
  const axes = axisRules(node, x.dims);
  const mode = node.text('mode', 'nearest');
  if (!['nearest', 'linear', 'cubic'].includes(mode))
    node.refuse(`mode = ${mode.slice(0, 20)}`, 'nearest, linear or cubic');
  const coordinates = coordinatesOf(node, axes);
  const isSmooth = node.int('antialias', 0) === 1 && axes.some(({ scale }) => scale < 1);
  const isCropped = axes.some(({ crop }) => crop !== undefined);
  const isKnown = mode === 'nearest' || (coordinates !== undefined && areExact(axes));
  if (!isKnown || isCropped || isSmooth) {
    return resample(node, context, x, axes);
  }
  const from = arrange(builder, x, channelsLast(4));
  const [rows, columns] = axes as [AxisRule, AxisRule];
  const size = { height: rows.output, width: columns.output };
  const add = (type: string, options: object): Value =>
    placesOf(builder.add(type, [from.layer], { ...options }), x.dims[0]!);
  if (mode !== 'nearest') {
    const smooth = mode === 'cubic' ? cubicOptions(node) : {};
    const isUpSampling = coordinates === 'halfPixel' && isWhole(rows) && isWhole(columns);
    if (isUpSampling) {
      const scales = shortSize(axes.map(({ scale }) => scale));
      return add('upSampling2d', { size: scales, interpolation: 'bilinear', ...smooth });
    }
    return add('resizing', { ...size, ...smooth, ...(coordinates === 'halfPixel' ? {} : { coordinates }) });
  }
  const picked = axes.map((axis) => nearestPlaces(node, axis));
  const agrees = (place: (axis: AxisRule, k: number) => number) =>
    axes.every((axis, n) => picked[n]!.every((found, k) => found === place(axis, k)));
  if (isWhole(rows) && isWhole(columns) && agrees(({ scale }, k) => Math.floor(k / scale))) {
    return add('upSampling2d', { size: shortSize(axes.map(({ scale }) => scale)) });
  }
  const rule = Object.entries(nearestRules).find(([, place]) => agrees(place))?.[0];
  if (rule === undefined) return resample(node, context, x, axes);
  return add('resizing', { ...size, interpolation: 'nearest', ...(rule === 'halfPixel' ? {} : { coordinates: rule }) });
}

/** The spec's defaults are Keras', ONNX's are PyTorch's. */
function cubicOptions(node: OnnxNode): object {
  const cubicCoefficient = shortNumber(node.float('cubic_coeff_a', -0.75));
  const excludeOutside = node.int('exclude_outside', 0) === 1;
  return {
    interpolation: 'bicubic',
    ...(cubicCoefficient === -0.5 ? {} : { cubicCoefficient }),
    ...(excludeOutside ? {} : { excludeOutside }),
  };
}

/** Whether the scales give whole sizes: the spec knows sizes alone. */
function areExact(axes: readonly AxisRule[]): boolean {
  return axes.every(({ input, output, scale }) => Math.abs(scale * input - output) <= 1e-4);
}

/** The places that the spec's layer resizing picks. */
const nearestRules: Readonly<Record<string, (axis: AxisRule, k: number) => number>> = {
  halfPixel: ({ input, output }, k) => Math.min(input - 1, Math.floor(((k + 0.5) * input) / output)),
  asymmetric: ({ input, output }, k) => Math.floor((k * input) / output),
  alignCorners: ({ input, output }, k) => (output === 1 ? 0 : Math.floor((k * (input - 1)) / (output - 1) + 0.5)),
};

function isWhole({ scale }: AxisRule): boolean {
  return Number.isInteger(scale) && scale >= 1;
}

/** Scales are an attribute in opset 7, the second input up to 10, then the third; or sizes are the fourth. */
function axisRules(node: OnnxNode, dims: readonly number[]): readonly AxisRule[] {
  const position = node.op === 'Upsample' || node.opset < 11 ? 1 : 2;
  const scales = node.floats('scales') ?? listed(node, position, 'scales');
  const sizes = listed(node, 3, 'sizes');
  const given = node.ints('axes') ?? (scales ?? sizes ?? []).map((_, n) => n);
  const rules = dims.map((input, axis): AxisRule => {
    const at = given.indexOf(axis);
    if (at < 0) return { input, output: input, scale: 1 };
    if (scales !== undefined) return { input, output: Math.floor(input * scales[at]! + 1e-6), scale: scales[at]! };
    const output = sizes?.[at] ?? node.refuse('neither scales nor sizes', 'one of them');
    return { input, output, scale: output / input };
  });
  const policy = node.text('keep_aspect_ratio_policy', 'stretch');
  const kept = scales === undefined && policy !== 'stretch' ? keepAspect(node, rules, given, policy) : rules;
  if (coordinateMode(node) === 'tf_crop_and_resize') return cropped(node, kept, given).slice(2);
  if (kept.slice(0, 2).some(({ input, output }) => input !== output))
    node.refuse('a resize of the channels', 'of places');
  return kept.slice(2);
}

/** With the region of interest: where each axis begins, and then where each ends. */
function cropped(node: OnnxNode, rules: readonly AxisRule[], given: readonly number[]): readonly AxisRule[] {
  const region = listed(node, 1, 'region') ?? node.refuse('no region', 'a region of interest');
  if (region.length !== 2 * given.length) node.refuse(`a region of ${region.length} numbers`, `${2 * given.length}`);
  return rules.map((rule, axis) => {
    const at = given.indexOf(axis);
    return at < 0 ? rule : { ...rule, crop: [region[at]!, region[at + given.length]!] };
  });
}

/** One scale for all axes that are given: the least that the sizes ask for, or the most. */
function keepAspect(
  node: OnnxNode,
  rules: readonly AxisRule[],
  given: readonly number[],
  policy: string,
): readonly AxisRule[] {
  if (policy !== 'not_larger' && policy !== 'not_smaller') {
    node.refuse(`keep_aspect_ratio_policy = ${policy.slice(0, 20)}`, 'stretch, not_larger or not_smaller');
  }
  const scales = given.map((axis) => rules[axis]!.scale);
  const scale = policy === 'not_larger' ? Math.min(...scales) : Math.max(...scales);
  return rules.map((rule, axis) =>
    given.includes(axis) ? { ...rule, scale, output: Math.floor(rule.input * scale + 0.5) } : rule,
  );
}

function listed(node: OnnxNode, position: number, what: string): readonly number[] | undefined {
  const values = node.optional(position, what)?.values;
  return values === undefined || values.length === 0 ? undefined : Array.from(values);
}

/** The spec's name for how the places of the output lie over those of the input; undefined where it has none. */
function coordinatesOf(
  node: OnnxNode,
  axes: readonly AxisRule[],
): 'halfPixel' | 'alignCorners' | 'asymmetric' | undefined {
  const mode = coordinateMode(node);
  if (mode === 'half_pixel' || mode === 'half_pixel_symmetric') return 'halfPixel';
  // They differ where a single place is drawn.
  if (mode === 'pytorch_half_pixel' && axes.every(({ input, output }) => output > 1 || input === 1)) return 'halfPixel';
  if (mode === 'align_corners') return 'alignCorners';
  return mode === 'asymmetric' ? 'asymmetric' : undefined;
}

/** The place of the input that each place of the output takes, by ONNX's own rules. */
function nearestPlaces(node: OnnxNode, axis: AxisRule): readonly number[] {
  return Array.from({ length: axis.output }, (_, k) => nearestPlace(node, axis, k));
}
