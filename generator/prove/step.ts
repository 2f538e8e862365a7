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
  // keras/optimizers/adadelta.py: v ← ρv + (1 − ρ)g²; u = g·√(d + ε)/√(v + ε); d ← ρd + (1 − ρ)u²; p ← p − rate·u
  adadelta: {
    formula: 'p − rate·u, where u = g·√(d + ε)/√(v + ε), v ← ρv + (1 − ρ)g², d ← ρd + (1 − ρ)u²',
    start(ring, { rho, epsilon }) {
      let [v, d]: (readonly Scalar[])[] = [[], []];
      const root = (u: Scalar): Scalar => ring.Math.sqrt(ring.plus(u, epsilon));
      return (parameters, gradients, rate) => {
        v = gradients.map((g, n) => mix(ring, v![n] ?? 0, ring.times(g, g), rho));
        const u = gradients.map((g, n) => ring.divide(ring.times(g, root(d![n] ?? 0)), root(v![n]!)));
        d = u.map((one, n) => mix(ring, d![n] ?? 0, ring.times(one, one), rho));
        return parameters.map((p, n) => ring.subtract(p, ring.times(rate, u[n]!)));
      };
    },
  },
  // keras/optimizers/adamax.py: m as in adam; u ← max(β₂u, |g|); p ← p − rate·m/((1 − β₁ᵗ)·(u + ε))
  adamax: {
    formula: 'p − rate/(1 − β₁ᵗ)·m/(u + ε), where m ← m + (1 − β₁)(g − m), u ← max(β₂u, |g|)',
    start(ring, { beta1, beta2, epsilon }) {
      let [m, u]: (readonly Scalar[])[] = [[], []];
      let t = 0;
      return (parameters, gradients, rate) => {
        t++;
        m = gradients.map((g, n) => mix(ring, m![n] ?? 0, g, beta1));
        u = gradients.map((g, n) => ring.Math.max(ring.times(ring.lift(beta2), u![n] ?? 0), ring.Math.abs(g)));
        const alpha = ring.divide(rate, ring.subtract(1, ring.power(ring.lift(beta1), t)));
        const move = (n: number): Scalar => ring.divide(ring.times(alpha, m![n]!), ring.plus(u![n]!, epsilon));
        return parameters.map((p, n) => ring.subtract(p, move(n)));
      };
    },
  },
  // keras/optimizers/nadam.py: μ(t) = β₁(1 − ½·0.96ᵗ), P ← P·μ(t); m and v as in adam
  nadam: {
    formula: 'p − rate·(μ(t + 1)·m/(1 − P·μ(t + 1)) + (1 − μ(t))·g/(1 − P))/(√(v/(1 − β₂ᵗ)) + ε)',
    start(ring, { beta1, beta2, epsilon }) {
      let [m, v]: (readonly Scalar[])[] = [[], []];
      let t = 0;
      let product: Scalar = 1;
      const momentumAt = (step: number): Scalar => {
        const half = ring.times(0.5, ring.power(ring.lift(0.96), step));
        return ring.times(ring.lift(beta1), ring.subtract(1, half));
      };
      return (parameters, gradients, rate) => {
        t++;
        const [own, next] = [momentumAt(t), momentumAt(t + 1)];
        product = ring.times(product, own);
        m = gradients.map((g, n) => mix(ring, m![n] ?? 0, g, beta1));
        v = gradients.map((g, n) => mix(ring, v![n] ?? 0, ring.times(g, g), beta2));
        const move = (g: Scalar, n: number): Scalar => {
          const first = ring.divide(ring.times(next, m![n]!), ring.subtract(1, ring.times(product, next)));
          const second = ring.divide(ring.times(ring.subtract(1, own), g), ring.subtract(1, product));
          const spread = ring.divide(v![n]!, ring.subtract(1, ring.power(ring.lift(beta2), t)));
          return ring.divide(ring.times(rate, ring.plus(first, second)), ring.plus(ring.Math.sqrt(spread), epsilon));
        };
        return parameters.map((p, n) => ring.subtract(p, move(gradients[n]!, n)));
      };
    },
  },
  // keras/optimizers/lion.py: p ← p − rate·sign(β₁m + (1 − β₁)g); m ← β₂m + (1 − β₂)g
  lion: {
    formula: 'p − rate·sign(β₁m + (1 − β₁)g), where m ← β₂m + (1 − β₂)g',
    start(ring, { beta1, beta2 }) {
      let m: readonly Scalar[] = [];
      return (parameters, gradients, rate) => {
        const moved = parameters.map((p, n) => {
          const c = mix(ring, m[n] ?? 0, gradients[n]!, beta1);
          if (ring.less(0, c)) return ring.subtract(p, rate);
          return ring.less(c, 0) ? ring.plus(p, rate) : p;
        });
        m = gradients.map((g, n) => mix(ring, m[n] ?? 0, g, beta2));
        return moved;
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
