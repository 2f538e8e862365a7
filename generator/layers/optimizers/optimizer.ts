import { z } from 'zod';
import { add, type Expression, multiply, number, one, subtract } from '../../equations/expression.ts';
import { flag, nonNegativeNumber, positiveNumber } from '../options.ts';

/** A number that an update assigns, with its old value until then. */
export interface Slot {
  readonly value: Expression;
  becomes(value: Expression): void;
}

/** What an update reads: a weight w, its gradient g, the rate. */
export interface UpdateTerms {
  readonly w: Slot;
  readonly g: Expression;
  readonly rate: Expression;
  /** A number kept for each weight between steps, 0 at first. */
  slot(letter: string): Slot;
  /** A number kept between steps, or for one; 0 at first. */
  scalar(letter: string): Slot;
}

/** All that longhand knows of an optimiser. One value in one file; the registry lists them. */
export interface OptimizerDefinition<Schema extends z.ZodObject = z.ZodObject> {
  /** Under the names and with the defaults of Keras. */
  readonly options: Schema;
  /** Whether a weight decay never meets the gradient: the option that asks for it is not offered then. */
  readonly decouples?: true;
  /** The formulas of a step, in the order in which they are computed. */
  update(terms: UpdateTerms, options: z.output<Schema>): void;
}

export function defineOptimizer<Schema extends z.ZodObject>(
  definition: OptimizerDefinition<Schema>,
): OptimizerDefinition<Schema> {
  return definition;
}

/** What every optimiser takes beside its own options. */
export const commonOptions = {
  clipNorm: positiveNumber
    .optional()
    .describe(
      'Gradients are made shorter where the norm of all of them together is above this (Keras: global_clipnorm).',
    ),
  weightDecay: nonNegativeNumber
    .optional()
    .describe(
      'λ: adds λ·w to the gradient of each weight w (PyTorch), or takes rate·λ·w from it, where decoupled (Keras).',
    ),
  decoupledWeightDecay: flag
    .optional()
    .describe('Whether the decay is taken from the weights, beside the step, instead of being added to the gradients.'),
};

const shareError = 'expected a number from 0 up to, not including, 1';

/** How much of what is kept stays in a step. */
export const share = z
  .number({ error: shareError })
  .min(0, { error: shareError, abort: true })
  .lt(1, { error: shareError, abort: true })
  .describe('A number from 0 up to, not including, 1.');

/**
 * β·old + (1 − β)·next. Near 1 it is written with 1 − β alone: in float32 the rounded β and 1 − β would not add up to 1, and
 * the average would be off by the difference, divided by 1 − β.
 */
export function average(old: Expression, next: Expression, beta: number): Expression {
  const rest = subtract(one, number(beta));
  return beta < 0.5
    ? add(multiply(number(beta), old), multiply(rest, next))
    : add(old, multiply(rest, subtract(next, old)));
}
