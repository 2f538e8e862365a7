import type { ActivationName, ActivationNumbers } from '../../../layers/options.ts';
import type { GraphWriter } from './graph.ts';

/** Writes an activation's nodes; `axis` is that of the channels. */
type Writer = (graph: GraphWriter, x: string, numbers: ActivationNumbers, axis: number) => string;

const plain =
  (op: string): Writer =>
  (graph, x) =>
    graph.node(op, [x]);

/** Every activation in operators of opset 17. */
export const activationWriters: { readonly [K in ActivationName]: Writer } = {
  linear: (_, x) => x,
  relu: (graph, x, { maxValue }) => (maxValue === undefined ? graph.node('Relu', [x]) : clip(graph, x, 0, maxValue)),
  relu6: (graph, x) => clip(graph, x, 0, 6),
  leakyRelu: (graph, x, { alpha = 0.2 }) => graph.node('LeakyRelu', [x], { alpha: { float: alpha } }),
  elu: (graph, x, { alpha = 1 }) => graph.node('Elu', [x], { alpha: { float: alpha } }),
  selu: plain('Selu'),
  sigmoid: plain('Sigmoid'),
  tanh: plain('Tanh'),
  atan: plain('Atan'),
  softplus: plain('Softplus'),
  softsign: plain('Softsign'),
  silu: (graph, x) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]),
  gelu: (graph, x) => {
    const phi = graph.node('Add', [graph.node('Erf', [scaled(graph, x, Math.SQRT1_2)]), graph.scalar(1)]);
    return graph.node('Mul', [scaled(graph, x, 0.5), phi]);
  },
  hardSigmoid: (graph, x, { alpha = 1 / 6, beta = 0.5 }) =>
    graph.node('HardSigmoid', [x], { alpha: { float: alpha }, beta: { float: beta } }),
  hardSwish: plain('HardSwish'),
  celu: (graph, x, { alpha = 1 }) => graph.node('Celu', [x], { alpha: { float: alpha } }),
  mish: (graph, x) => graph.node('Mul', [x, graph.node('Tanh', [graph.node('Softplus', [x])])]),
  geluTanh: (graph, x) => {
    const cube = graph.node('Mul', [graph.node('Mul', [x, x]), x]);
    const inner = scaled(graph, graph.node('Add', [x, scaled(graph, cube, 0.044715)]), Math.sqrt(2 / Math.PI));
    const gate = graph.node('Add', [graph.node('Tanh', [inner]), graph.scalar(1)]);
    return graph.node('Mul', [scaled(graph, x, 0.5), gate]);
  },
  logSigmoid: (graph, x) => graph.node('Neg', [graph.node('Softplus', [graph.node('Neg', [x])])]),
  thresholdedRelu: (graph, x, { theta = 1 }) => graph.node('ThresholdedRelu', [x], { alpha: { float: theta } }),
  hardShrink: (graph, x, { theta = 0.5 }) => graph.node('Shrink', [x], { lambd: { float: theta } }),
  softShrink: (graph, x, { theta = 0.5 }) =>
    graph.node('Shrink', [x], { lambd: { float: theta }, bias: { float: theta } }),
  clip: (graph, x, { minValue, maxValue }) => clip(graph, x, minValue, maxValue),
  step: (graph, x, { alpha = 0 }) => {
    const isAbove = graph.node('Greater', [x, graph.scalar(0)]);
    return graph.node('Where', [isAbove, graph.scalar(1), graph.scalar(alpha)]);
  },
  exp: plain('Exp'),
  erf: plain('Erf'),
  abs: plain('Abs'),
  softmax: (graph, x, _, axis) => graph.node('Softmax', [x], { axis }),
  logSoftmax: (graph, x, _, axis) => graph.node('LogSoftmax', [x], { axis }),
};

function clip(graph: GraphWriter, x: string, least: number | undefined, most: number | undefined): string {
  const bounds = [least, most].map((bound) => (bound === undefined ? '' : graph.scalar(bound)));
  return graph.node('Clip', [x, ...(most === undefined ? bounds.slice(0, 1) : bounds)]);
}

export function scaled(graph: GraphWriter, x: string, factor: number): string {
  return graph.node('Mul', [x, graph.scalar(factor)]);
}
