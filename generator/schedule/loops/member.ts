import type { Index } from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';

/** What a target gets of one equation. */
export type Mode = 'assign' | 'accumulate';

/** One equation of a nest. */
export interface Member {
  readonly equation: Equation;
  readonly mode: Mode;
  /** Indices that only this member has: it is written out for all their values. */
  readonly within?: readonly Index[];
  /** Computed before it is asked whether the others are. */
  readonly isLeading?: boolean;
  /** Whether nobody outside the nest reads the target, so that it need not be stored. */
  readonly isLocal?: boolean;
}
