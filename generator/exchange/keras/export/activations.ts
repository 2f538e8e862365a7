import type { ActivationName, ActivationNumbers } from '../../../layers/options.ts';
import type { KerasPart } from './layers.ts';

type Write = (numbers: ActivationNumbers) => readonly KerasPart[] | undefined;

const named =
  (activation: string): Write =>
  () => [{ kind: 'Activation', config: { activation } }];

/** Activations as layers of Keras; undefined where it has none. Those that TensorFlow.js has are named as it names them. */
export const kerasActivations: { readonly [K in ActivationName]?: Write } = {
  relu: ({ maxValue }) => [{ kind: 'ReLU', config: maxValue === undefined ? {} : { max_value: maxValue } }],
  relu6: () => [{ kind: 'ReLU', config: { max_value: 6 } }],
  leakyRelu: ({ alpha = 0.2 }) => [{ kind: 'LeakyReLU', config: { negative_slope: alpha } }],
  elu: ({ alpha = 1 }) => [{ kind: 'ELU', config: { alpha } }],
  selu: named('selu'),
  sigmoid: named('sigmoid'),
  tanh: named('tanh'),
  softplus: named('softplus'),
  softsign: named('softsign'),
  silu: named('silu'),
  gelu: named('gelu'),
  mish: named('mish'),
  exp: named('exponential'),
  // Keras 2 and TensorFlow.js have another slope than Keras 3: a line between two bounds is the same in all.
  hardSigmoid: ({ alpha = 1 / 6, beta = 0.5 }) => [
    { kind: 'Rescaling', config: { scale: alpha, offset: beta } },
    { kind: 'ReLU', config: { max_value: 1 } },
  ],
  hardSwish: named('hard_swish'),
  softmax: () => [{ kind: 'Softmax', config: { axis: -1 } }],
  logSoftmax: named('log_softmax'),
  celu: ({ alpha = 1 }) => (alpha === 1 ? [{ kind: 'Activation', config: { activation: 'celu' } }] : undefined),
  logSigmoid: named('log_sigmoid'),
};
