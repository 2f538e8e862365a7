import type { Pass } from '../equations/equation.ts';

/** A pass that functions are called in. */
export type CalledPass = Exclude<Pass, 'step'>;

/** In the order of a training step. */
export const calledPasses = ['forward', 'loss', 'backward'] as const satisfies readonly CalledPass[];
