import type { Program } from '../equations/equation.ts';
import type { Draft, FunctionDraft, Fused, Joined, Part, Scheduled } from '../schedule/loops/draft.ts';
import type { LoopPlan } from '../schedule/loops/loopPlan.ts';
import type { PlacedPlan } from '../schedule/loops/memory.ts';
import type { UnrolledPlan, WrittenOut } from '../schedule/unrolled/plan.ts';
import type { Source } from './source.ts';

/** What a network is between two passes. */
export interface States {
  readonly source: Source;
  /** Equations. */
  readonly program: Program;
  /** Equations in the parts that are called one after the other, every tensor in its place. */
  readonly parts: Draft<Part>;
  /** The same in functions of nests. */
  readonly nests: Draft<FunctionDraft<Fused>>;
  /** The same with loops joined. */
  readonly joined: Draft<FunctionDraft<Joined>>;
  /** The same with a schedule for each nest. */
  readonly scheduled: Draft<FunctionDraft<Scheduled>>;
  /** Functions of code. */
  readonly loops: LoopPlan;
  /** The same with every array in one memory. */
  readonly placed: PlacedPlan;
  /** A definition for each element. */
  readonly statements: WrittenOut;
  /** Functions of code without loops. */
  readonly functions: UnrolledPlan;
}

export type StateName = keyof States;
