import type { z } from 'zod';
import type { Affine } from '../../equations/affine.ts';
import type { Expression } from '../../equations/expression.ts';
import type { Shape } from '../../shape.ts';
import type { Misfit } from '../layer.ts';
import type { ActivationName } from '../options.ts';

/** An element of the output, by its coordinates. */
export type At = readonly Affine[];

/** What the formula of a loss is made of. */
export interface LossTerms {
  readonly y: (at: At) => Expression;
  /** The target at an element of the output; of class numbers 1 where the class is the element's, 0 elsewhere. */
  readonly t: (at: At) => Expression;
  /** log y and log(1 − y), by the definition of y where that is more exact. */
  readonly logY: (at: At) => Expression;
  readonly logOneMinusY: (at: At) => Expression;
  /** y less the logarithm of the sum of e to the power of all y beside it: log softmax y. */
  readonly logSoftmaxY: (at: At) => Expression;
  /** Σ over all elements, each times its weight where there are some. */
  readonly total: (term: (at: At) => Expression, weights?: Weights) => Expression;
  /** Σ over all places; an element is asked for by its place alone. */
  readonly totalOfPlaces: (term: (at: At) => Expression) => Expression;
  /** Σ or max over the elements along the last axis, a number for each place, read at an element or at a place. */
  readonly sumAlong: (letter: string, term: (at: At) => Expression) => (at: At) => Expression;
  readonly maxAlong: (letter: string, term: (at: At) => Expression) => (at: At) => Expression;
  /** A number for each element, by the name of a letter. */
  readonly named: (letter: string, term: (at: At) => Expression) => (at: At) => Expression;
  /** A number that the loss is divided by, and 0 where it is 0. */
  readonly perCount: (total: Expression, count: Expression) => Expression;
  /** The activation of the last layer. */
  readonly activation: ActivationName;
  /** How many elements the output has, how many of them stand beside each other, and how many places there are. */
  readonly size: number;
  readonly classes: number;
  readonly places: number;
}

export interface Weights {
  /** One for each element, row by row, or one for each class. */
  readonly of: 'elements' | 'classes';
  readonly values: readonly number[];
}

/** All that longhand knows of a loss. One value in one file; the registry lists them. */
export interface LossDefinition<Schema extends z.ZodObject = z.ZodObject> {
  readonly options: Schema;
  /** Whether the numbers along the last axis are classes, so that the shape of the output counts; else any order will do. */
  readonly hasClasses?: true;
  /** Whether a target is a class number for each place, from 0, instead of a number for each element. */
  readonly takesClasses?: true;
  /** The last activations that the loss is defined for, or any. */
  activations?(options: z.output<Schema>): readonly ActivationName[] | undefined;
  /** The misfit of an option for the output's shape. */
  misfit?(output: Shape, options: z.output<Schema>): Misfit | undefined;
  of(terms: LossTerms, options: z.output<Schema>): Expression;
}

export function defineLossKind<Schema extends z.ZodObject>(definition: LossDefinition<Schema>): LossDefinition<Schema> {
  return definition;
}
