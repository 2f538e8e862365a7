import { z } from 'zod';
import { type Affine, index, plus, times } from '../equations/affine.ts';
import { multiply, read, sum } from '../equations/expression.ts';
import type { Padding, Shape } from '../spec/network.ts';
import { activations } from './activations.ts';
import { glorotOrHe } from './initial.ts';
import { defineLayer, Misfit } from './layer.ts';
import { activationOptions, flag, padding, positiveInteger, size } from './options.ts';
import { notAnImage } from './windows.ts';

const options = z.strictObject({
  filters: positiveInteger,
  kernelSize: size,
  strides: size.default([1, 1]),
  padding: padding.default('valid'),
  useBias: flag.default(true),
  ...activationOptions,
});

/**
 * z[s·i + p − cut, s·j + q − cut, o] += Σ W[p,q,o,c]·x[i,j,c], and b[o] everywhere: every input place stamps the kernel
 * onto the output. What falls outside is cut off.
 */
export const conv2dTranspose = defineLayer({
  options,
  shape([input = []], o) {
    if (input.length !== 3) return notAnImage(input);
    const [height, width] = ([0, 1] as const).map((axis) => extent(input, axis, o).out) as [number, number];
    if (height >= 1 && width >= 1) return [height, width, o.filters];
    return new Misfit(
      'padding',
      `found a padding that cuts off the whole output of ${input[0]}×${input[1]} places`,
      'expected less padding: here it is cut off from the output',
    );
  },
  forward(layer, o) {
    const { x, shape } = layer;
    const i = index('i', x.shape[0] as number);
    const j = index('j', x.shape[1] as number);
    const c = index('c', x.shape[2] as number);
    const to = index('o', o.filters);
    const p = index('p', o.kernelSize[0]);
    const q = index('q', o.kernelSize[1]);
    const row = stamped(i, p, x.shape, 0, o);
    const column = stamped(j, q, x.shape, 1, o);
    const taps = o.kernelSize[0] * o.kernelSize[1];
    const initial = glorotOrHe(taps * (x.shape[2] as number), taps * o.filters, o.activation);
    const W = layer.parameter('W', 'kernel', [...o.kernelSize, o.filters, x.shape[2] as number], initial);
    const pre = layer.tensor('z', shape);
    if (o.useBias) {
      const b = layer.parameter('b', 'bias', [o.filters], { kind: 'constant', value: 0 });
      const at = layer.indices(shape);
      layer.assign(pre, at, read(b, [at[2] as Affine]));
    }
    layer.assign(pre, [row, column, to], sum([c], multiply(read(W, [p, q, to, c]), read(x, [i, j, c]))));
    return activations[o.activation].apply(layer, pre, o);
  },
});

interface Stamp {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
}

/**
 * Output size along one axis and what is cut off before it, as Keras has them: 'same' gives in·stride, 'valid'
 * in·stride + max(kernel − stride, 0); explicit padding is cut off from the full (in − 1)·stride + kernel.
 */
function extent(input: Shape, axis: 0 | 1, { kernelSize, strides, padding: rule }: Stamp) {
  const stride = strides[axis];
  const rest = kernelSize[axis] - stride;
  const whole = (input[axis] as number) * stride;
  if (rule === 'same') return { out: whole, cut: Math.max(0, Math.floor(rest / 2)) };
  if (rule === 'valid') return { out: whole + Math.max(rest, 0), cut: 0 };
  return { out: whole + rest - rule[axis][0] - rule[axis][1], cut: rule[axis][0] };
}

function stamped(i: Affine, p: Affine, input: Shape, axis: 0 | 1, o: Stamp): Affine {
  return plus(times(o.strides[axis], i), p, -extent(input, axis, o).cut);
}
