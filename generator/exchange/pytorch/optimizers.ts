import type { Optimizer, OptimizerName } from '../../layers/optimizers/registry.ts';
import { refuse } from '../refuse.ts';

type Write<K extends OptimizerName> = (o: Extract<Optimizer, { readonly type: K }>) => string;

/** The optimisers of the spec as PyTorch's, for `torch.optim.…(parameters, lr=rate, …)`. */
const optimizers: { readonly [K in OptimizerName]: Write<K> } = {
  sgd: () => 'SGD(parameters, lr=rate)',
  momentum: (o) => `SGD(parameters, lr=rate, momentum=${o.momentum}${o.nesterov ? ', nesterov=True' : ''})`,
  rmsprop: (o) =>
    `RMSprop(parameters, lr=rate, alpha=${o.rho}, eps=${o.epsilon}, momentum=${o.momentum}${o.centered ? ', centered=True' : ''})`,
  adagrad: (o) =>
    `Adagrad(parameters, lr=rate, initial_accumulator_value=${o.initialAccumulatorValue}, eps=${o.epsilon})`,
  adadelta: (o) => `Adadelta(parameters, lr=rate, rho=${o.rho}, eps=${o.epsilon})`,
  adamax: (o) => `Adamax(parameters, lr=rate, betas=(${o.beta1}, ${o.beta2}), eps=${o.epsilon})`,
  // Keras' 0.96 has the exponent t; momentum_decay multiplies it.
  nadam: (o) => `NAdam(parameters, lr=rate, betas=(${o.beta1}, ${o.beta2}), eps=${o.epsilon}, momentum_decay=1)`,
  lion: () => refuse('optimizer', 'lion', 'an optimiser that PyTorch has'),
  adam: (o) => `Adam(parameters, lr=rate, betas=(${o.beta1}, ${o.beta2}), eps=${o.epsilon})`,
  adamw: (o) =>
    `AdamW(parameters, lr=rate, betas=(${o.beta1}, ${o.beta2}), eps=${o.epsilon}, weight_decay=${o.weightDecay})`,
};

export function torchOptimizer(optimizer: Optimizer): string {
  // The options belong to the type that they stand beside.
  return (optimizers[optimizer.type] as (o: Optimizer) => string)(optimizer);
}
