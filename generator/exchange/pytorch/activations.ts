import type { ActivationName, ActivationNumbers } from '../../layers/options.ts';

/** Activations as functions of an expression whose channels come second. */
export const torchActivations: { readonly [K in ActivationName]: (x: string, numbers: ActivationNumbers) => string } = {
  linear: (x) => x,
  relu: (x, { maxValue }) => (maxValue === undefined ? `F.relu(${x})` : `F.hardtanh(${x}, 0.0, ${maxValue})`),
  relu6: (x) => `F.relu6(${x})`,
  leakyRelu: (x, { alpha = 0.2 }) => `F.leaky_relu(${x}, ${alpha})`,
  elu: (x, { alpha = 1 }) => `F.elu(${x}, ${alpha})`,
  celu: (x, { alpha = 1 }) => `F.celu(${x}, ${alpha})`,
  selu: (x) => `F.selu(${x})`,
  sigmoid: (x) => `torch.sigmoid(${x})`,
  tanh: (x) => `torch.tanh(${x})`,
  atan: (x) => `torch.atan(${x})`,
  softplus: (x) => `F.softplus(${x})`,
  softsign: (x) => `F.softsign(${x})`,
  silu: (x) => `F.silu(${x})`,
  gelu: (x) => `F.gelu(${x})`,
  geluTanh: (x) => `F.gelu(${x}, approximate='tanh')`,
  mish: (x) => `F.mish(${x})`,
  logSigmoid: (x) => `F.logsigmoid(${x})`,
  hardSigmoid: (x, { alpha, beta }) =>
    alpha === undefined && beta === undefined
      ? `F.hardsigmoid(${x})`
      : `F.hardtanh(${alpha ?? 1 / 6} * (${x}) + ${beta ?? 0.5}, 0.0, 1.0)`,
  hardSwish: (x) => `F.hardswish(${x})`,
  thresholdedRelu: (x, { theta = 1 }) => `F.threshold(${x}, ${theta}, 0.0)`,
  hardShrink: (x, { theta = 0.5 }) => `F.hardshrink(${x}, ${theta})`,
  softShrink: (x, { theta = 0.5 }) => `F.softshrink(${x}, ${theta})`,
  step: (x, { alpha = 0 }) =>
    `torch.where(${x} > 0, 1.0, ${Number.isInteger(alpha) ? alpha.toFixed(1) : alpha}).to(x.dtype)`,
  exp: (x) => `torch.exp(${x})`,
  erf: (x) => `torch.erf(${x})`,
  abs: (x) => `torch.abs(${x})`,
  clip: (x, { minValue, maxValue }) =>
    minValue === undefined && maxValue === undefined ? x : `(${x}).clamp(${minValue ?? 'None'}, ${maxValue ?? 'None'})`,
  softmax: (x) => `torch.softmax(${x}, 1)`,
  logSoftmax: (x) => `torch.log_softmax(${x}, 1)`,
};
