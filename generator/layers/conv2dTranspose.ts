import { z } from 'zod';
import { type Affine, index, plus, times } from '../equations/affine.ts';
import { multiply, read, sum } from '../equations/expression.ts';
import type { Shape } from '../shape.ts';
import { activations } from './activations.ts';
import { glorotOrHe } from './initial.ts';
import { defineLayer, Misfit } from './layer.ts';
import { activationOptions, flag, padding, positiveInteger, size, sizeFrom0 } from './options.ts';
import { notAnImage } from './windows.ts';

const options = z.strictObject({
  filters: positiveInteger,
  kernelSize: size,
  strides: size.default([1, 1]),
  padding: padding.default('valid'),
  outputPadding: sizeFrom0.optional(),
  dilationRate: size.default([1, 1]),
  groups: positiveInteger.default(1),
  useBias: flag.default(true),
  ...activationOptions,
});

type Options = z.output<typeof options>;

/**
 * z[s·i + d·p − cut, s·j + d·q − cut, o] += Σ W[p,q,o,c]·x[i,j,c], and b[o] everywhere: every input place stamps the
 * kernel onto the output. What falls outside is cut off. With groups, filter F·g + o reads the channels C·g + c.
 */
export const conv2dTranspose = defineLayer({
  hasParameters: true,
  options,
  shape([input = []], o) {
    if (input.length !== 3) return notAnImage(input);
    const [height, width] = ([0, 1] as const).map((axis) => extent(input, axis, o).out) as [number, number];
    if (height >= 1 && width >= 1) return misfitOf(input[2] as number, o) ?? [height, width, o.filters];
    return new Misfit(
      'padding',
      `found a padding that cuts off the whole output of ${input[0]}×${input[1]} places`,
      'expected less padding: here it is cut off from the output',
    );
  },
  forward(layer, o) {
    const { x, shape } = layer;
    const [i, j] = [index('i', x.shape[0] as number), index('j', x.shape[1] as number)];
    const [channels, filters] = [(x.shape[2] as number) / o.groups, o.filters / o.groups];
    const [g, c, own] = [index('g', o.groups), index('c', channels), index('o', filters)];
    const from = plus(times(channels, g), c);
    const to = plus(times(filters, g), own);
    const [p, q] = [index('p', o.kernelSize[0]), index('q', o.kernelSize[1])];
    const row = stamped(i, p, x.shape, 0, o);
    const column = stamped(j, q, x.shape, 1, o);
    const taps = o.kernelSize[0] * o.kernelSize[1];
    const initial = glorotOrHe(taps * (x.shape[2] as number), taps * filters, o.activation);
    const W = layer.parameter('W', 'kernel', [...o.kernelSize, filters, x.shape[2] as number], initial);
    const pre = layer.tensor('z', shape);
    if (o.useBias) {
      const b = layer.parameter('b', 'bias', [o.filters], { kind: 'constant', value: 0 });
      const at = layer.indices(shape);
      layer.assign(pre, at, read(b, [at[2] as Affine]));
    }
    layer.assign(pre, [row, column, to], sum([c], multiply(read(W, [p, q, own, from]), read(x, [i, j, from]))));
    return activations[o.activation].apply(layer, pre, o);
  },
});

function misfitOf(channels: number, { groups, filters, outputPadding, strides, dilationRate }: Options) {
  if (channels % groups !== 0 || filters % groups !== 0) {
    const found = `found ${groups} groups for ${channels} input channels and ${filters} filters`;
    return new Misfit('groups', found, 'expected a number that divides both');
  }
  const tooMuch = outputPadding?.findIndex((rest, axis) => rest >= Math.max(strides[axis]!, dilationRate[axis]!)) ?? -1;
  if (tooMuch < 0) return undefined;
  const found = `found ${outputPadding?.[tooMuch]} for a stride of ${strides[tooMuch]}`;
  return new Misfit('outputPadding', found, 'expected less than the stride, or than the dilation rate');
}

/**
 * Output size along one axis and what is cut off before it, as Keras has them: 'same' gives in·stride, 'valid'
 * in·stride + max(kernel − stride, 0); explicit padding is cut off from the full (in − 1)·stride + kernel, where
 * outputPadding adds places behind. With outputPadding, 'valid' and 'same' add it to the full output, of which 'same'
 * cuts off 2·⌊kernel/2⌋ (keras.src.backend.common.backend_utils). The kernel counts with its dilation.
 */
function extent(input: Shape, axis: 0 | 1, { kernelSize, strides, padding: rule, ...o }: Options) {
  const stride = strides[axis];
  const reach = (kernelSize[axis] - 1) * o.dilationRate[axis] + 1;
  const rest = reach - stride;
  const whole = (input[axis] as number) * stride;
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

function stamped(i: Affine, p: Affine, input: Shape, axis: 0 | 1, o: Options): Affine {
  return plus(times(o.strides[axis], i), times(o.dilationRate[axis], p), -extent(input, axis, o).cut);
}
