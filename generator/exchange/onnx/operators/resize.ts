import { arrange } from '../../build/arrange.ts';
import { type Context, channelsLast, type Operator, placesOf, shortSize } from '../context.ts';
import type { OnnxNode } from '../node.ts';
import type { Value } from '../value.ts';

export const resizes: Readonly<Record<string, Operator>> = { Resize: resize, Upsample: resize };

/** How one axis of the output picks its places. */
interface AxisRule {
  readonly input: number;
  readonly output: number;
  readonly scale: number;
}

function resize(node: OnnxNode, { builder }: Context): Value {
  const x = node.activation(0);
  if (x.dims.length !== 4) node.refuse(`an input of ${x.dims.length} axes`, 'an image');
  const axes = axisRules(node, x.dims);
  const mode = node.text('mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear') node.refuse(`mode = ${mode.slice(0, 20)}`, 'nearest or linear');
  if (node.int('antialias', 0) === 1) node.refuse('antialias = 1', '0');
  const from = arrange(builder, x, channelsLast(4));
  const [rows, columns] = axes as [AxisRule, AxisRule];
  const size = { height: rows.output, width: columns.output };
  const add = (type: string, options: object): Value =>
    placesOf(builder.add(type, [from.layer], { ...options }), x.dims[0]!);
  const coordinates = coordinatesOf(node);
  if (mode === 'linear') {
    if (axes.some(({ input, output, scale }) => Math.abs(scale * input - output) > 1e-4)) {
      node.refuse('scales that do not give whole sizes', 'scales that do');
    }
    const isUpSampling = coordinates === 'halfPixel' && isWhole(rows) && isWhole(columns);
    if (isUpSampling) {
      return add('upSampling2d', { size: shortSize(axes.map(({ scale }) => scale)), interpolation: 'bilinear' });
    }
    return add('resizing', { ...size, ...(coordinates === 'halfPixel' ? {} : { coordinates }) });
  }
  const picked = axes.map((axis) => nearestPlaces(node, axis));
  const agrees = (place: (axis: AxisRule, k: number) => number) =>
    axes.every((axis, n) => picked[n]!.every((found, k) => found === place(axis, k)));
  if (isWhole(rows) && isWhole(columns) && agrees(({ scale }, k) => Math.floor(k / scale))) {
    return add('upSampling2d', { size: shortSize(axes.map(({ scale }) => scale)) });
  }
  const rule = Object.entries(nearestRules).find(([, place]) => agrees(place))?.[0];
  if (rule === undefined) {
    node.refuse(
      `nearest_mode = ${node.text('nearest_mode', 'round_prefer_floor')} here`,
      'places that Keras or PyTorch pick',
    );
  }
  return add('resizing', { ...size, interpolation: 'nearest', ...(rule === 'halfPixel' ? {} : { coordinates: rule }) });
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
  if (policy !== 'stretch') node.refuse(`keep_aspect_ratio_policy = ${policy.slice(0, 20)}`, 'stretch');
  if (rules.slice(0, 2).some(({ input, output }) => input !== output))
    node.refuse('a resize of the channels', 'of places');
  return rules.slice(2);
}

function listed(node: OnnxNode, position: number, what: string): readonly number[] | undefined {
  const values = node.optional(position, what)?.values;
  return values === undefined || values.length === 0 ? undefined : Array.from(values);
}

function coordinatesOf(node: OnnxNode): 'halfPixel' | 'alignCorners' | 'asymmetric' {
  const isOld = node.op === 'Upsample' || node.opset < 11;
  const mode = node.text('coordinate_transformation_mode', isOld ? 'asymmetric' : 'half_pixel');
  if (mode === 'half_pixel' || mode === 'pytorch_half_pixel' || mode === 'half_pixel_symmetric') return 'halfPixel';
  if (mode === 'align_corners') return 'alignCorners';
  if (mode === 'asymmetric') return 'asymmetric';
  return node.refuse(
    `coordinate_transformation_mode = ${mode.slice(0, 40)}`,
    'half_pixel, align_corners or asymmetric',
  );
}

/** The place of the input that each place of the output takes, by ONNX's own rules. */
function nearestPlaces(node: OnnxNode, { input, output, scale }: AxisRule): readonly number[] {
  const coordinates = coordinatesOf(node);
  const isOld = node.op === 'Upsample' || node.opset < 11;
  const rounding = node.text('nearest_mode', isOld ? 'floor' : 'round_prefer_floor');
  return Array.from({ length: output }, (_, k) => {
    const place =
      coordinates === 'halfPixel'
        ? (k + 0.5) / scale - 0.5
        : coordinates === 'asymmetric'
          ? k / scale
          : output === 1
            ? 0
            : (k * (input - 1)) / (output - 1);
    const rounded = {
      floor: Math.floor(place),
      ceil: Math.ceil(place),
      round_prefer_floor: Math.ceil(place - 0.5),
      round_prefer_ceil: Math.floor(place + 0.5),
    }[rounding];
    return Math.max(0, Math.min(input - 1, rounded ?? node.refuse(`nearest_mode = ${rounding.slice(0, 20)}`, 'floor')));
  });
}
