import type { Network } from '../spec/network.ts';
import type { Ring } from './ring.ts';
import { floatOf, type Scalar } from './value.ts';

/** One optimizer step: the parameters that it leads to. A rule keeps its state (moments, the count) between calls. */
export type StepRule = (parameters: readonly Scalar[], gradients: readonly Scalar[], rate: Scalar) => readonly Scalar[];

type Optimizer = Network['optimizer'];

interface Rule<O> {
  /** As reports print it. */
  readonly formula: string;
  start(ring: Ring, options: O, isFloat32: boolean): StepRule;
}

const adamFormula = 'p − rate·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + ε), where m ← m + (1 − β₁)(g − m), v ← v + (1 − β₂)(g² − v)';

/** The optimizers by the formulas of Keras 3, written without a look at the generator. */
const rules: { readonly [K in Optimizer['type']]: Rule<Extract<Optimizer, { type: K }>> } = {
  sgd: {
    formula: 'p − rate·g',
    start: (ring) => (parameters, gradients, rate) =>
      parameters.map((p, n) => ring.subtract(p, ring.times(rate, gradients[n]!))),
  },
  // keras/optimizers/sgd.py: v ← momentum·v − rate·g; p ← p + v, or with Nesterov p + momentum·v − rate·g
  momentum: {
    formula: 'p + v, where v ← momentum·v − rate·g',
    start(ring, { momentum, nesterov }) {
      let velocities: readonly Scalar[] = [];
      const advance = (v: Scalar, g: Scalar, rate: Scalar): Scalar =>
        ring.subtract(ring.times(ring.lift(momentum), v), ring.times(rate, g));
      return (parameters, gradients, rate) => {
        velocities = parameters.map((_, n) => advance(velocities[n] ?? 0, gradients[n]!, rate));
        const moves = nesterov ? velocities.map((v, n) => advance(v, gradients[n]!, rate)) : velocities;
        return parameters.map((p, n) => ring.plus(p, moves[n]!));
      };
    },
  },
  // keras/optimizers/rmsprop.py: v ← ρv + (1 − ρ)g²; m ← ρm + (1 − ρ)g; p ← p − rate·g/√(v − m² + ε)
  rmsprop: {
    formula: 'p − u, where u ← momentum·u + rate·g/√(v + ε), v ← ρv + (1 − ρ)g², centered less the square of the mean',
    start(ring, { rho, momentum, epsilon, centered }) {
      let v: readonly Scalar[] = [];
      let m: readonly Scalar[] = [];
      let u: readonly Scalar[] = [];
      return (parameters, gradients, rate) => {
        v = gradients.map((g, n) => mix(ring, v[n] ?? 0, ring.times(g, g), rho));
        m = gradients.map((g, n) => mix(ring, m[n] ?? 0, g, rho));
        const spread = (n: number): Scalar => (centered ? ring.subtract(v[n]!, ring.times(m[n]!, m[n]!)) : v[n]!);
        const pull = (n: number): Scalar =>
          ring.divide(ring.times(rate, gradients[n]!), ring.Math.sqrt(ring.plus(spread(n), epsilon)));
        u = gradients.map((_, n) => ring.plus(ring.times(ring.lift(momentum), u[n] ?? 0), pull(n)));
        return parameters.map((p, n) => ring.subtract(p, u[n]!));
      };
    },
  },
  // keras/optimizers/adagrad.py: v ← v + g², where v begins at initial_accumulator_value; p ← p − rate·g/√(v + ε)
  adagrad: {
    formula: 'p − rate·g/√(v + ε), where v ← v + g²',
    start(ring, { initialAccumulatorValue, epsilon }, isFloat32) {
      // Where v begins, and ε, are one number in float32: 3 + 1e-7 is 3 there, and stands for that.
      const start = isFloat32
        ? ring.liftFloat32(Math.fround(initialAccumulatorValue + epsilon))
        : ring.plus(ring.lift(initialAccumulatorValue), ring.lift(epsilon));
      let squares: readonly Scalar[] = [];
      return (parameters, gradients, rate) => {
        squares = gradients.map((g, n) => ring.plus(squares[n] ?? 0, ring.times(g, g)));
        const move = (n: number): Scalar =>
          ring.divide(ring.times(rate, gradients[n]!), ring.Math.sqrt(ring.plus(squares[n]!, start)));
        return parameters.map((p, n) => ring.subtract(p, move(n)));
      };
    },
  },
  // keras/optimizers/adam.py: m ← m + (g − m)(1 − β₁), v ← v + (g² − v)(1 − β₂); p ← p − α·m/(√v + ε)
  adam: { formula: adamFormula, start: startAdam },
  // its decay is that of all, decoupled
  adamw: { formula: adamFormula, start: startAdam },
};

function mix(ring: Ring, old: Scalar, next: Scalar, beta: number): Scalar {
  return ring.plus(old, ring.times(ring.subtract(1, beta), ring.subtract(next, old)));
}

interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

function startAdam(ring: Ring, { beta1, beta2, epsilon }: AdamOptions): StepRule {
  const correction = (beta: number, t: number): Scalar => ring.subtract(1, ring.power(ring.lift(beta), t));
  let m: readonly Scalar[] = [];
  let v: readonly Scalar[] = [];
  let t = 0;
  return (parameters, gradients, rate) => {
    t++;
    m = gradients.map((g, n) => mix(ring, m[n] ?? 0, g, beta1));
    v = gradients.map((g, n) => mix(ring, v[n] ?? 0, ring.times(g, g), beta2));
    const root = ring.Math.sqrt(correction(beta2, t));
    const alpha = ring.divide(ring.times(rate, root), correction(beta1, t));
    const move = (n: number): Scalar =>
      ring.divide(ring.times(alpha, m[n]!), ring.plus(ring.Math.sqrt(v[n]!), epsilon));
    return parameters.map((p, n) => ring.subtract(p, move(n)));
  };
}

/**
 * The steps of an optimizer from its start on: gradients are made shorter, then parameters decay, then the rule
 * (keras/optimizers/base_optimizer.py; where a decay is not decoupled, torch/optim).
 *
 * @param isFloat32 whether the module that is held against it keeps its constants in float32
 */
export function startSteps(ring: Ring, optimizer: Optimizer, isFloat32 = false): StepRule {
  // The options belong to the type that they stand beside.
  const move = (rules[optimizer.type] as Rule<Optimizer>).start(ring, optimizer, isFloat32);
  const { clipNorm, weightDecay = 0 } = optimizer;
  const decay = ring.lift(weightDecay);
  return (parameters, given, rate) => {
    const gradients = clipNorm === undefined ? given : shortened(ring, given, clipNorm);
    if (weightDecay === 0) return move(parameters, gradients, rate);
    if (!isDecoupled(optimizer)) {
      return move(
        parameters,
        gradients.map((g, n) => ring.plus(g, ring.times(decay, parameters[n]!))),
        rate,
      );
    }
    const shrink = ring.times(decay, rate);
    return move(
      parameters.map((p) => ring.subtract(p, ring.times(p, shrink))),
      gradients,
      rate,
    );
  };
}

function shortened(ring: Ring, gradients: readonly Scalar[], clipNorm: number): readonly Scalar[] {
  const squares = gradients.reduce<Scalar>((sum, g) => ring.plus(sum, ring.times(g, g)), 0);
  const norm = ring.Math.sqrt(squares);
  if (!(floatOf(norm) > clipNorm)) return gradients;
  const factor = ring.divide(clipNorm, norm);
  return gradients.map((g) => ring.times(factor, g));
}

function isDecoupled({ type, decoupledWeightDecay }: Optimizer): boolean {
  return type === 'adamw' || decoupledWeightDecay === true;
}

export function stepFormulaOf(optimizer: Optimizer): string {
  const { type, clipNorm, weightDecay = 0 } = optimizer;
  const before = [
    ...(clipNorm === undefined ? [] : [`g·min(1, ${clipNorm}/‖g‖) is taken for g`]),
    ...(weightDecay === 0 ? [] : [isDecoupled(optimizer) ? 'p − rate·λ·p for p' : 'g + λ·p for g']),
  ];
  return [rules[type].formula, ...before].join('; ');
}
