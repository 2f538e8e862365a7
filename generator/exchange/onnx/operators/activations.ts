import type { Activation } from '../../build/activation.ts';
import { activationOf, arrange } from '../../build/arrange.ts';
import { activate } from '../../build/fuse.ts';
import type { Options } from '../../build/specBuilder.ts';
import { elementCount } from '../../weights/tensors.ts';
import { axisFrom, type Context, type Operator, sameShape, shortNumber } from '../context.ts';
import type { OnnxNode } from '../node.ts';
import type { Value } from '../value.ts';
import { everywhere } from './elementwise.ts';

/** What an operator comes to: an activation of the spec with its numbers. */
type Rule = (node: OnnxNode) => Options;

const rules: Readonly<Record<string, Rule>> = {
  Relu: () => ({ activation: 'relu' }),
  LeakyRelu: (node) => ({ activation: 'leakyRelu', alpha: shortNumber(node.float('alpha', 0.01)) }),
  Elu: (node) => withAlpha('elu', node.float('alpha', 1), 1),
  Celu: (node) => withAlpha('celu', node.float('alpha', 1), 1),
  Sigmoid: () => ({ activation: 'sigmoid' }),
  Tanh: () => ({ activation: 'tanh' }),
  Atan: () => ({ activation: 'atan' }),
  Softplus: () => ({ activation: 'softplus' }),
  Softsign: () => ({ activation: 'softsign' }),
  HardSigmoid: hardSigmoid,
  HardSwish: () => ({ activation: 'hardSwish' }),
  Mish: () => ({ activation: 'mish' }),
  Swish: swish,
  Gelu: (node) => ({ activation: node.text('approximate', 'none') === 'tanh' ? 'geluTanh' : 'gelu' }),
  Exp: () => ({ activation: 'exp' }),
  Erf: () => ({ activation: 'erf' }),
  Abs: () => ({ activation: 'abs' }),
  ThresholdedRelu: (node) => ({ activation: 'thresholdedRelu', theta: shortNumber(node.float('alpha', 1)) }),
  Shrink: shrink,
  Clip: clip,
  // What a group of scalar operators was recognised as.
  LonghandActivation: (node) => ({
    activation: node.text('activation', 'linear'),
    ...Object.fromEntries(['alpha', 'theta'].flatMap((name) => (node.has(name) ? [[name, node.float(name, 0)]] : []))),
  }),
};

export const activations: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, operatorOf(rule)])),
  Softmax: (node, context) => normalise(node, context, 'softmax'),
  LogSoftmax: (node, context) => normalise(node, context, 'logSoftmax'),
  PRelu: prelu,
  Selu: selu,
};

function operatorOf(rule: Rule): Operator {
  return (node, { builder }) => {
    const options = rule(node);
    const x = node.activation(0);
    return options.activation === 'linear' ? x : activate(builder, x, options);
  };
}

function withAlpha(activation: string, alpha: number, usual: number): Options {
  return alpha === usual ? { activation } : { activation, alpha: shortNumber(alpha) };
}

/** With the constants of Klambauer et al. 2017 the spec's selu; with others γ·elu, as SELU is defined. */
function selu(node: OnnxNode, context: Context): Value {
  const [alpha, gamma] = [node.float('alpha', 1.6732632), node.float('gamma', 1.0507009)];
  const x = node.activation(0);
  if (Math.abs(alpha - 1.6732632) < 1e-4 && Math.abs(gamma - 1.0507009) < 1e-4)
    return activate(context.builder, x, { activation: 'selu' });
  const elu = activate(context.builder, x, withAlpha('elu', alpha, 1));
  return sameShape(context, elu, 'rescaling', { scale: shortNumber(gamma) });
}

function swish(node: OnnxNode): Options {
  const alpha = node.float('alpha', 1);
  return alpha === 1 ? { activation: 'silu' } : node.refuse(`alpha = ${alpha}`, '1');
}

function hardSigmoid(node: OnnxNode): Options {
  const [alpha, beta] = [node.float('alpha', 0.2), node.float('beta', 0.5)];
  return {
    activation: 'hardSigmoid',
    ...(Math.abs(alpha - 1 / 6) < 1e-6 ? {} : { alpha: shortNumber(alpha) }),
    ...(beta === 0.5 ? {} : { beta: shortNumber(beta) }),
  };
}

function shrink(node: OnnxNode): Options {
  const [lambda, bias] = [node.float('lambd', 0.5), node.float('bias', 0)];
  if (bias !== 0 && bias !== lambda) node.refuse(`bias = ${bias}`, `0 or lambd = ${lambda}`);
  return { activation: bias === 0 ? 'hardShrink' : 'softShrink', theta: shortNumber(lambda) };
}

/** Clip has its bounds as attributes up to opset 10, as inputs since. */
function clip(node: OnnxNode): Options {
  const least = node.optional(1, 'lower bound')?.values[0] ?? node.attribute('min')?.f ?? Number.NEGATIVE_INFINITY;
  const most = node.optional(2, 'upper bound')?.values[0] ?? node.attribute('max')?.f ?? Number.POSITIVE_INFINITY;
  const isOpen = most > 3.4e38;
  // min(max(x, a), b): the upper bound has the last word.
  if (least > most) return { activation: 'clip', minValue: shortNumber(most), maxValue: shortNumber(most) };
  if (least === 0 && isOpen) return { activation: 'relu' };
  if (least === 0 && most === 6) return { activation: 'relu6' };
  if (least < -3.4e38 && isOpen) return { activation: 'linear' };
  return {
    activation: 'clip',
    ...(least < -3.4e38 ? {} : { minValue: shortNumber(least) }),
    ...(isOpen ? {} : { maxValue: shortNumber(most) }),
  };
}

/** Softmax along the last axis of the spec; before opset 13 it is over all axes from one on. */
function normalise(node: OnnxNode, { builder }: Context, activation: string): Value {
  const x = node.activation(0);
  const rank = x.dims.length;
  const axis = axisFrom(node.int('axis', node.opset < 13 ? 1 : -1), rank);
  if (axis < 1) node.refuse('a softmax over the samples', 'one over an axis of a sample');
  const over = node.opset < 13 ? x.dims.slice(axis).map((_, n) => axis + n) : [axis];
  const others = x.dims.map((_, n) => n).filter((n) => n > 0 && !over.includes(n));
  const classes = elementCount(over.map((n) => x.dims[n]!));
  if (isWhole(others, x)) {
    // Over the whole sample the order does not matter.
    const flat = x.shape.length === 1 ? x : { ...x, layer: builder.add('flatten', [x.layer]).name, shape: [classes] };
    return activate(builder, flat, { activation });
  }
  const ready = lastIs(x, over, classes) ? x : arrange(builder, x, [...others, ...over], shapeFor(x, others, classes));
  return activate(builder, ready, { activation });
}

function isWhole(others: readonly number[], x: Activation): boolean {
  return others.every((axis) => x.dims[axis] === 1);
}

/** Whether each run of the spec's last axis is one group of the softmax. */
function lastIs(x: Activation, over: readonly number[], classes: number): boolean {
  if (x.shape.at(-1) !== classes || over.length !== 1) return false;
  const stride = elementCount(x.dims.slice(over[0]! + 1));
  return x.order.every((place, n) => n % classes === 0 || place - x.order[n - 1]! === stride);
}

function shapeFor(x: Activation, others: readonly number[], classes: number): readonly number[] {
  const sizes = others.map((axis) => x.dims[axis]!);
  if (sizes.length === 2) return [...sizes, classes];
  return [1, elementCount(sizes), classes];
}

/** A slope for each channel, for all, or for each place. */
function prelu(node: OnnxNode, { builder }: Context): Value {
  const x = node.activation(0);
  const given = node.constant(1, 'slope');
  // Before opset 7 a list of slopes belongs to the channels.
  const isOld = node.opset < 7 && given.dims.length === 1 && x.dims.length > 2;
  const dims = isOld ? [...given.dims, ...x.dims.slice(2).map(() => 1)] : given.dims;
  const slopes = everywhere(node, { ...given, dims }, x);
  const channels = x.shape.at(-1)!;
  const perPlace = !slopes.every((slope, n) => slope === slopes[n % channels]);
  const alpha = perPlace ? slopes : slopes.slice(0, channels);
  const layer = builder.add('prelu', [x.layer], perPlace ? { perPlace } : {}, { alpha });
  return activationOf(layer, x.dims, x.order);
}
