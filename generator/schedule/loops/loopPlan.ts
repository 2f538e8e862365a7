import type { Code } from '../../code/code.ts';
import type { Equation, Program } from '../../equations/equation.ts';
import type { Tensor } from '../../equations/tensor.ts';
import type { LoopPass } from './draft.ts';
import type { Layouts } from './layout.ts';
import type { ScheduledNest } from './schedule.ts';

/** A whole program as loops. */
export interface LoopPlan {
  readonly program: Program;
  /** What each sample runs, in order. */
  readonly functions: readonly LoopFunction[];
  /** What forward runs before, and backward before and after: a batch runs it once for all its samples. */
  readonly prepareForward: readonly LoopFunction[];
  readonly prepare: readonly LoopFunction[];
  readonly finish: readonly LoopFunction[];
  readonly layouts: Layouts;
  /** Every array that some function reads or writes. */
  readonly stored: readonly Tensor[];
  /** The caller's input, and its copy to where the program reads it. */
  readonly input: Tensor;
  readonly copy: LoopFunction;
  /** A step of the optimiser, and the scaling of the gradients by which a batch takes their mean. */
  readonly step: readonly Code[];
  readonly scale: readonly Code[];
}

/** All nests of one layer in one pass. */
export interface LoopFunction {
  readonly name: string;
  readonly pass: LoopPass;
  readonly layers: readonly string[];
  readonly nests: readonly Nest[];
}

/** Equations computed by one nest of loops. */
export interface Nest {
  readonly equations: readonly Equation[];
  /** By equation: whether several values of its indices add up to one number, or it adds to what is there. */
  readonly isSum: readonly boolean[];
  /** How its loops are laid out: what the code was written by. */
  readonly schedules: readonly ScheduledNest[];
  readonly code: readonly Code[];
}

/** Every function in the order of its call in a training step. */
export function functionsInOrder({ functions, prepareForward, prepare, finish }: LoopPlan): readonly LoopFunction[] {
  const passOf = (pass: LoopPass) => functions.filter((one) => one.pass === pass);
  return [...prepareForward, ...passOf('forward'), ...passOf('loss'), ...prepare, ...passOf('backward'), ...finish];
}

/** Every equation that a plan computes, in that order. */
export function equationsOf(plan: LoopPlan): readonly Equation[] {
  return functionsInOrder(plan).flatMap(({ nests }) => nests.flatMap(({ equations }) => equations));
}

/** The same with the code of every nest rewritten. */
export function mapCode<P extends LoopPlan>(plan: P, change: (code: readonly Code[]) => readonly Code[]): P {
  const inFunction = (one: LoopFunction): LoopFunction => ({
    ...one,
    nests: one.nests.map((nest) => ({ ...nest, code: change(nest.code) })),
  });
  return {
    ...plan,
    functions: plan.functions.map(inFunction),
    prepareForward: plan.prepareForward.map(inFunction),
    prepare: plan.prepare.map(inFunction),
    finish: plan.finish.map(inFunction),
    copy: inFunction(plan.copy),
    step: change(plan.step),
    scale: change(plan.scale),
  };
}
