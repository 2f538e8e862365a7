import type { Index } from '../../equations/affine.ts';
import type { Equation, Program } from '../../equations/equation.ts';
import type { Tensor } from '../../equations/tensor.ts';
import type { CalledPass } from '../calledPass.ts';
import type { Layouts } from './layout.ts';
import type { Member, Mode } from './member.ts';
import type { ScheduledNest } from './schedule.ts';

/**
 * When a function of loops is called: `input` copies the caller's input to where the program reads it; `prepareForward` and
 * `prepare` compute what depends on parameters alone, which a batch does once, before the passes that read it.
 */
export type LoopPass = CalledPass | 'input' | 'prepareForward' | 'prepare' | 'clear' | 'finish';

/** Equations that are computed in one go. */
export interface Part {
  readonly pass: LoopPass;
  readonly equations: readonly Equation[];
}

/** A program whose tensors have a place each, on the way to functions. */
export interface Draft<P extends { readonly pass: LoopPass }> {
  readonly program: Program;
  /** The caller's input. */
  readonly input: Tensor;
  readonly layouts: Layouts;
  readonly modes: Modes;
  /** Tensors that a caller sees or gives. */
  readonly seen: ReadonlySet<Tensor>;
  /** Sums that a batch adds up over all its samples: they start at zero before the first. */
  readonly sums: ReadonlySet<Tensor>;
  readonly parts: readonly P[];
}

/** What a target gets of each equation. */
export interface Modes {
  modeOf(equation: Equation): Mode;
  /** Whether the target starts at zero right before the equation. */
  isCleared(equation: Equation): boolean;
}

/** All nests of one layer in one pass. */
export interface FunctionDraft<N> {
  readonly pass: LoopPass;
  readonly layers: readonly string[];
  readonly nests: readonly N[];
}

/** Equations that share a nest, and arrays that it clears first. */
export interface Fused {
  readonly group: Group;
  readonly cleared: readonly Tensor[];
}

export type Group = readonly Shared[];

/** An equation in the indices of the nest that it shares with others. */
export interface Shared {
  readonly equation: Equation;
  /** Indices of its own, which are written out inside the shared loops: the places of a window. */
  readonly within: readonly Index[];
  readonly original: Equation;
  /** Computed before it is asked whether the others are: the factor that decides it, or what only adds that factor up. */
  readonly isLeading?: boolean;
}

/** The equations of a nest as they stand in its loops. */
export interface Joined {
  readonly equations: readonly Equation[];
  readonly cleared: readonly Tensor[];
  readonly members: readonly Member[];
}

/** A nest and the order, tiles and vectors of its loops. */
export interface Scheduled {
  readonly equations: readonly Equation[];
  readonly cleared: readonly Tensor[];
  readonly schedules: readonly ScheduledNest[];
}
