import { index } from '../equations/affine.ts';
import { type Equation, equation } from '../equations/equation.ts';
import { read } from '../equations/expression.ts';
import { Names } from '../equations/names.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { OptimizerDefinition, Slot, UpdateTerms } from './optimizers/optimizer.ts';
import { type Optimizer, optimizers } from './optimizers/registry.ts';

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
  const terms: UpdateTerms = {
    w: slotOf(parameters, everywhere),
    g: read(gradients, everywhere),
    rate: read(rate, once),
    slot: (letter) => kept(letter, [count], everywhere),
    scalar: (letter) => kept(letter, [1], once),
  };
  // The options belong to the type that they stand beside.
  (optimizers[optimizer.type] as unknown as OptimizerDefinition).update(terms, optimizer);
  return { rate, parameters, gradients, state, equations: withoutUnused(equations) };
}

/** A formula without any weight is left out where there are none. */
function withoutUnused(equations: readonly Equation[]): readonly Equation[] {
  return equations.filter(({ target }) => target.shape[0] !== 0);
}
