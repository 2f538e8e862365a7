import type { Network } from '../spec/network.ts';

type Optimizer = Network['optimizer'];

/** One step: changes the parameters in place; it keeps its state from call to call. */
export type Update = (parameters: Float64Array, gradients: ArrayLike<number>, rate: number) => void;

interface Rule<O> {
  /** As tables print it: w is a parameter, g its gradient. */
  readonly formula: string;
  /** The steps from the start on, for `count` parameters. */
  start(options: O, count: number): Update;
}

/** The optimizers by the formulas of Keras 3, written without a look at the generator's. */
const rules: { readonly [K in Optimizer['type']]: Rule<Extract<Optimizer, { type: K }>> } = {
  sgd: {
    formula: 'w −= rate·g',
    start: () => (parameters, gradients, rate) => {
      for (let n = 0; n < parameters.length; n++) parameters[n]! -= rate * gradients[n]!;
    },
  },
  // keras/optimizers/sgd.py
  momentum: {
    formula: 'v = momentum·v − rate·g, w += v or, with nesterov, momentum·v − rate·g',
    start({ momentum, nesterov }, count) {
      const v = new Float64Array(count);
      return (parameters, gradients, rate) => {
        for (let n = 0; n < count; n++) {
          const pull = rate * gradients[n]!;
          v[n] = momentum * v[n]! - pull;
          parameters[n]! += nesterov ? momentum * v[n]! - pull : v[n]!;
        }
      };
    },
  },
  // keras/optimizers/rmsprop.py
  rmsprop: {
    formula: 'w −= rate·g/√(v + ε) or, with momentum, w −= p, where p = momentum·p + rate·g/√(v + ε)',
    start({ rho, momentum, epsilon, centered }, count) {
      const squares = new Float64Array(count);
      const means = new Float64Array(count);
      const moves = new Float64Array(count);
      return (parameters, gradients, rate) => {
        for (let n = 0; n < count; n++) {
          const g = gradients[n]!;
          squares[n] = rho * squares[n]! + (1 - rho) * g ** 2;
          means[n] = rho * means[n]! + (1 - rho) * g;
          const below = squares[n]! - (centered ? means[n]! ** 2 : 0) + epsilon;
          moves[n] = momentum * moves[n]! + (rate * g) / Math.sqrt(below);
          parameters[n]! -= moves[n]!;
        }
      };
    },
  },
  // keras/optimizers/adagrad.py
  adagrad: {
    formula: 'w −= rate·g/√(v + ε), where v += g²',
    start({ initialAccumulatorValue, epsilon }, count) {
      const accumulators = new Float64Array(count).fill(initialAccumulatorValue);
      return (parameters, gradients, rate) => {
        for (let n = 0; n < count; n++) {
          accumulators[n]! += gradients[n]! ** 2;
          parameters[n]! -= (rate * gradients[n]!) / Math.sqrt(accumulators[n]! + epsilon);
        }
      };
    },
  },
  // keras/optimizers/adadelta.py
  adadelta: {
    formula: 'w −= rate·u, where u = g·√(d + ε)/√(v + ε)',
    start({ rho, epsilon }, count) {
      const [squares, moves] = [new Float64Array(count), new Float64Array(count)];
      return (parameters, gradients, rate) => {
        for (let n = 0; n < count; n++) {
          squares[n] = rho * squares[n]! + (1 - rho) * gradients[n]! ** 2;
          const move = gradients[n]! * Math.sqrt((moves[n]! + epsilon) / (squares[n]! + epsilon));
          moves[n] = rho * moves[n]! + (1 - rho) * move ** 2;
          parameters[n]! -= rate * move;
        }
      };
    },
  },
  // keras/optimizers/adamax.py
  adamax: {
    formula: 'w −= rate/(1 − β₁ᵗ)·m/(u + ε), where u = max(β₂·u, |g|)',
    start({ beta1, beta2, epsilon }, count) {
      const [m, u] = [new Float64Array(count), new Float64Array(count)];
      let t = 0;
      return (parameters, gradients, rate) => {
        t++;
        for (let n = 0; n < count; n++) {
          m[n]! += (gradients[n]! - m[n]!) * (1 - beta1);
          u[n] = Math.max(beta2 * u[n]!, Math.abs(gradients[n]!));
          parameters[n]! -= (rate * m[n]!) / (oneMinusPower(beta1, t) * (u[n]! + epsilon));
        }
      };
    },
  },
  // keras/optimizers/nadam.py
  nadam: {
    formula: 'w −= rate·(μ′·m/(1 − Pμ′) + (1 − μ)·g/(1 − P))/(√(v/(1 − β₂ᵗ)) + ε)',
    start({ beta1, beta2, epsilon }, count) {
      const [m, v] = [new Float64Array(count), new Float64Array(count)];
      const momentumAt = (t: number): number => beta1 * (1 - 0.5 * 0.96 ** t);
      let [t, product] = [0, 1];
      return (parameters, gradients, rate) => {
        t++;
        const [own, next] = [momentumAt(t), momentumAt(t + 1)];
        product *= own;
        for (let n = 0; n < count; n++) {
          const g = gradients[n]!;
          m[n]! += (g - m[n]!) * (1 - beta1);
          v[n]! += (g ** 2 - v[n]!) * (1 - beta2);
          const ahead = (next * m[n]!) / (1 - product * next) + ((1 - own) * g) / (1 - product);
          parameters[n]! -= (rate * ahead) / (Math.sqrt(v[n]! / oneMinusPower(beta2, t)) + epsilon);
        }
      };
    },
  },
  // keras/optimizers/lion.py
  lion: {
    formula: 'w −= rate·sign(β₁m + (1 − β₁)g)',
    start({ beta1, beta2 }, count) {
      const m = new Float64Array(count);
      return (parameters, gradients, rate) => {
        for (let n = 0; n < count; n++) {
          parameters[n]! -= rate * Math.sign(beta1 * m[n]! + (1 - beta1) * gradients[n]!);
          m[n] = beta2 * m[n]! + (1 - beta2) * gradients[n]!;
        }
      };
    },
  },
  // keras/optimizers/adam.py
  adam: { formula: 'w −= rate·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + ε)', start: adam },
  // its decay is that of all, decoupled
  adamw: { formula: 'w −= rate·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + ε)', start: adam },
};

interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

function adam({ beta1, beta2, epsilon }: AdamOptions, count: number): Update {
  const m = new Float64Array(count);
  const v = new Float64Array(count);
  let t = 0;
  return (parameters, gradients, rate) => {
    t++;
    const alpha = (rate * Math.sqrt(oneMinusPower(beta2, t))) / oneMinusPower(beta1, t);
    for (let n = 0; n < count; n++) {
      m[n]! += (gradients[n]! - m[n]!) * (1 - beta1);
      v[n]! += (gradients[n]! ** 2 - v[n]!) * (1 - beta2);
      parameters[n]! -= (alpha * m[n]!) / (Math.sqrt(v[n]!) + epsilon);
    }
  };
}

/**
 * The steps of an optimizer from its start on, for `count` parameters: gradients are made shorter, then weights decay, then
 * the rule (keras/optimizers/base_optimizer.py; where a decay is not decoupled, torch/optim).
 */
export function startSteps(optimizer: Optimizer, count: number): Update {
  const move = ruleOf(optimizer).start(optimizer, count);
  const { clipNorm = Number.POSITIVE_INFINITY, weightDecay = 0 } = optimizer;
  return (parameters, gradients, rate) => {
    const norm = Math.hypot(...Array.from(gradients));
    const shorter = Float64Array.from(gradients, (g) => (norm > clipNorm ? (g * clipNorm) / norm : g));
    for (let n = 0; n < count; n++) {
      if (isDecoupled(optimizer)) parameters[n]! -= parameters[n]! * weightDecay * rate;
      else shorter[n]! += weightDecay * parameters[n]!;
    }
    move(parameters, shorter, rate);
  };
}

function isDecoupled({ type, decoupledWeightDecay }: Optimizer): boolean {
  return type === 'adamw' || decoupledWeightDecay === true;
}

/** What a step does, in the signs of the field. */
export function stepFormula(optimizer: Optimizer): string {
  const { clipNorm, weightDecay = 0 } = optimizer;
  return [
    ...(clipNorm === undefined ? [] : [`g·min(1, ${clipNorm}/‖g‖)`]),
    ...(weightDecay === 0 ? [] : [isDecoupled(optimizer) ? 'w −= rate·λ·w' : 'g + λ·w']),
    ruleOf(optimizer).formula,
  ].join(', then ');
}

function ruleOf({ type }: Optimizer): Rule<Optimizer> {
  // The options belong to the type that they stand beside.
  return rules[type] as Rule<Optimizer>;
}

/** 1 − βᵗ = (1 − β)·Σₖ βᵏ for k < t: nothing cancels where β is close to 1. */
function oneMinusPower(beta: number, t: number): number {
  let sum = 0;
  for (let k = 0; k < t; k++) sum += beta ** k;
  return (1 - beta) * sum;
}
