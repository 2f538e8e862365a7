import type { Index } from '../../../equations/affine.ts';
import type { Equation } from '../../../equations/equation.ts';

/** What decides whether a window's values are computed where their maximum is taken. */
export type WindowRule = (sum: Equation, window: readonly Index[]) => boolean;
