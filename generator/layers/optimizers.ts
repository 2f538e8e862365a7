import { index, plus } from '../equations/affine.ts';
import { type Equation, equation } from '../equations/equation.ts';
import { read } from '../equations/expression.ts';
import { Names } from '../equations/names.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { OptimizerDefinition, Slot } from './optimizers/optimizer.ts';
import { type Optimizer, optimizers } from './optimizers/registry.ts';

/** Parameters that lie side by side and learn: `count` of them from `start` on. */
export interface Run {
  readonly start: number;
  readonly count: number;
}

/** One step of an optimiser over all parameters that learn. */
export interface Step {
  readonly rate: Tensor;
  readonly parameters: Tensor;
  readonly gradients: Tensor;
  /** What is kept between steps, for each parameter that learns: 0 at first and after `initialize`. */
  readonly state: readonly Tensor[];
  /** Of all parameters, those that learn. */
  readonly learning: readonly Run[];
  /** Each assigns its target, in this order; a target may read its own old value. */
  readonly equations: readonly Equation[];
  /** Those of the first run: the others have the same for other places. */
  readonly formulas: readonly Equation[];
}

/**
 * The equations of one step.
 *
 * @param count of all parameters
 * @param learning which of them learn: all, where absent
 * @param names those beside the network's: a formula may use any letter
 */
export function writeStep(
  optimizer: Optimizer,
  count: number,
  learning: readonly Run[] = [{ start: 0, count }],
  names: Names = new Names(),
): Step {
  const rate: Tensor = { name: 'rate', shape: [1], role: 'argument' };
  const parameters: Tensor = { name: 'parameters', shape: [count], role: 'flat' };
  const gradients: Tensor = { name: 'gradients', shape: [count], role: 'flat' };
  const runs = learning.filter((run) => run.count > 0);
  const total = runs.reduce((sum, run) => sum + run.count, 0);
  const state = new Map<string, Tensor>();
  const kept = (letter: string, size: number): Tensor => {
    const tensor = state.get(letter) ?? { name: names.fresh(letter), shape: [size], role: 'state' };
    state.set(letter, tensor);
    return tensor;
  };
  const equations: Equation[] = [];
  // The options belong to the type that they stand beside.
  const { update } = optimizers[optimizer.type] as unknown as OptimizerDefinition;
  const once = [index('n', 1)];
  const ignored = (): void => {};
  let before = 0;
  let formulas: readonly Equation[] = [];
  for (const [position, run] of runs.entries()) {
    const n = index('n', run.count);
    const [at, within] = [[plus(n, run.start)], [plus(n, before)]];
    const slotOf = (tensor: Tensor, place: typeof at): Slot => ({
      value: read(tensor, place),
      becomes: (value) => equations.push(equation(tensor, place, value, { layer: 'step', pass: 'step' })),
    });
    const terms = {
      w: slotOf(parameters, at),
      g: read(gradients, at),
      rate: read(rate, once),
      slot: (letter: string) => slotOf(kept(letter, total), within),
      // What is kept for all moves on once.
      scalar: (letter: string) => ({ ...slotOf(kept(letter, 1), once), ...(position > 0 && { becomes: ignored }) }),
    };
    update(terms, optimizer);
    before += run.count;
    if (position === 0) formulas = [...equations];
  }
  return { rate, parameters, gradients, state: [...state.values()], learning: runs, equations, formulas };
}
