import fc from 'fast-check';
import type { OptimizerSpec } from '../../generator/layers/optimizers/registry.ts';

type Kind = OptimizerSpec['type'];

const share = fc.constantFrom(0.3, 0.75);
const epsilon = fc.constantFrom(0.01, 0.5);
const adam = { beta1: share, beta2: share, epsilon };

const common = {
  clipNorm: fc.constantFrom(0.5, 3),
  weightDecay: fc.constantFrom(0, 0.125),
  decoupledWeightDecay: fc.boolean(),
};

/** The options of each optimiser; one that is missing here does not compile. */
const own: { readonly [K in Kind]: Readonly<Record<string, fc.Arbitrary<unknown>>> } = {
  sgd: common,
  momentum: { ...common, momentum: share, nesterov: fc.boolean() },
  rmsprop: { ...common, rho: share, momentum: share, epsilon, centered: fc.boolean() },
  adagrad: { ...common, initialAccumulatorValue: fc.constantFrom(0.05, 1), epsilon },
  adadelta: { ...common, rho: share, epsilon },
  adamax: { ...common, ...adam },
  nadam: { ...common, ...adam },
  lion: { ...common, beta1: share, beta2: share },
  adam: { ...common, ...adam },
  // Its decay never meets the gradient.
  adamw: { clipNorm: common.clipNorm, weightDecay: common.weightDecay, ...adam },
};

/** Any optimiser, each of its options there or not; or its name alone. */
export const arbitraryOptimizer: fc.Arbitrary<Kind | OptimizerSpec> = fc.oneof(
  fc.constantFrom(...(Object.keys(own) as Kind[])),
  ...(Object.keys(own) as Kind[]).map((type) => {
    const options = fc.record(own[type], { requiredKeys: [] });
    return options.map((chosen) => ({ type, ...chosen }) as OptimizerSpec);
  }),
);
