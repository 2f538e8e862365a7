import { z } from 'zod';
import { index } from '../equations/affine.ts';
import { type Equation, equation } from '../equations/equation.ts';
import { add, call, divide, type Expression, multiply, number, one, read, subtract } from '../equations/expression.ts';
import { Names } from '../equations/names.ts';
import type { Tensor } from '../equations/tensor.ts';
import { flag, positiveNumber } from './options.ts';

const decay = z
  .number({ error: 'expected a number from 0 up to, not including, 1' })
  .min(0, { error: 'expected a number from 0 up to, not including, 1', abort: true })
  .lt(1, { error: 'expected a number from 0 up to, not including, 1', abort: true })
  .describe('A number from 0 up to, not including, 1.');

/** The options of each optimiser, under the names and with the defaults of Keras. */
const schemas = {
  sgd: z.strictObject({ type: z.literal('sgd') }),
  momentum: z.strictObject({
    type: z.literal('momentum'),
    momentum: decay.default(0.9),
    nesterov: flag.default(false),
  }),
  adam: z.strictObject({
    type: z.literal('adam'),
    beta1: decay.default(0.9),
    beta2: decay.default(0.999),
    epsilon: positiveNumber.default(1e-7),
  }),
};

export const optimizerSchemas: { readonly [K in OptimizerName]: (typeof schemas)[K] } = schemas;

export type OptimizerName = keyof typeof schemas;

/** An optimiser with its options. */
export type Optimizer = { readonly [K in OptimizerName]: z.output<(typeof schemas)[K]> }[OptimizerName];

/** What an update reads: a weight w, its gradient g, the rate. */
interface Terms {
  readonly w: Slot;
  readonly g: Expression;
  readonly rate: Expression;
  /** A number kept for each weight between steps, 0 at first. */
  slot(letter: string): Slot;
  /** A number kept between steps, or for one. */
  scalar(letter: string): Slot;
}

interface Slot {
  readonly value: Expression;
  becomes(value: Expression): void;
}

type Update<O> = (terms: Terms, options: O) => void;

/**
 * Every optimiser as its formulas, in the order in which they are computed (Keras 3, `keras.optimizers`; Kingma and Ba
 * 2015 for Adam).
 */
const updates: { readonly [K in OptimizerName]: Update<z.output<(typeof schemas)[K]>> } = {
  // w ← w − rate·g
  sgd: ({ w, g, rate }) => w.becomes(subtract(w.value, multiply(rate, g))),

  // v ← momentum·v − rate·g; w ← w + v, or with Nesterov's look ahead w ← w + momentum·v − rate·g
  momentum: ({ w, g, rate, slot }, { momentum, nesterov }) => {
    const v = slot('v');
    const pull = multiply(rate, g);
    v.becomes(subtract(multiply(number(momentum), v.value), pull));
    w.becomes(nesterov ? subtract(add(w.value, multiply(number(momentum), v.value)), pull) : add(w.value, v.value));
  },

  // α = rate·√(1 − β₂ᵗ)/(1 − β₁ᵗ); m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← w − α·m/(√v + ε)
  adam: ({ w, g, rate, slot, scalar }, { beta1, beta2, epsilon }) => {
    const [m, v] = [slot('m'), slot('v')];
    // β₁ᵗ and β₂ᵗ are kept as q = 1 − β₁ᵗ and r = 1 − β₂ᵗ, which are 0 before the first step as every slot is.
    const [c1, c2, alpha] = [scalar('q'), scalar('r'), scalar('α')];
    c1.becomes(add(c1.value, multiply(subtract(one, number(beta1)), subtract(one, c1.value))));
    c2.becomes(add(c2.value, multiply(subtract(one, number(beta2)), subtract(one, c2.value))));
    alpha.becomes(divide(multiply(rate, call('sqrt', c2.value)), c1.value));
    m.becomes(average(m.value, g, beta1));
    v.becomes(average(v.value, call('square', g), beta2));
    w.becomes(subtract(w.value, divide(multiply(alpha.value, m.value), add(call('sqrt', v.value), number(epsilon)))));
  },
};

/**
 * β·old + (1 − β)·next. Near 1 it is written with 1 − β alone: in float32 the rounded β and 1 − β would not add up to 1, and
 * the average would be off by the difference, divided by 1 − β.
 */
function average(old: Expression, next: Expression, beta: number): Expression {
  const share = subtract(one, number(beta));
  return beta < 0.5
    ? add(multiply(number(beta), old), multiply(share, next))
    : add(old, multiply(share, subtract(next, old)));
}

/** One step of an optimiser over all parameters at once. */
export interface Step {
  readonly rate: Tensor;
  readonly parameters: Tensor;
  readonly gradients: Tensor;
  /** What is kept between steps: 0 at first and after `initialize`. */
  readonly state: readonly Tensor[];
  /** Each assigns its target, in this order; a target may read its own old value. */
  readonly equations: readonly Equation[];
}

/**
 * The equations of one step for `count` parameters.
 *
 * @param names those beside the network's: a formula may use any letter
 */
export function writeStep(optimizer: Optimizer, count: number, names: Names = new Names()): Step {
  const rate: Tensor = { name: 'rate', shape: [1], role: 'argument' };
  const parameters: Tensor = { name: 'parameters', shape: [count], role: 'flat' };
  const gradients: Tensor = { name: 'gradients', shape: [count], role: 'flat' };
  const state: Tensor[] = [];
  const equations: Equation[] = [];
  const everywhere = [index('n', count)];
  const once = [index('n', 1)];
  const slotOf = (tensor: Tensor, at: typeof everywhere): Slot => ({
    value: read(tensor, at),
    becomes: (value) => equations.push(equation(tensor, at, value, { layer: 'step', pass: 'step' })),
  });
  const kept = (letter: string, shape: readonly number[], at: typeof everywhere): Slot => {
    const tensor: Tensor = { name: names.fresh(letter), shape, role: 'state' };
    state.push(tensor);
    return slotOf(tensor, at);
  };
  const terms: Terms = {
    w: slotOf(parameters, everywhere),
    g: read(gradients, everywhere),
    rate: read(rate, once),
    slot: (letter) => kept(letter, [count], everywhere),
    scalar: (letter) => kept(letter, [1], once),
  };
  // The options belong to the type that they stand beside.
  (updates[optimizer.type] as Update<Optimizer>)(terms, optimizer);
  return { rate, parameters, gradients, state, equations: withoutUnused(equations) };
}

/** A formula without any weight is left out where there are none. */
function withoutUnused(equations: readonly Equation[]): readonly Equation[] {
  return equations.filter(({ target }) => target.shape[0] !== 0);
}
