import { type Affine, index, plus } from '../equations/affine.ts';
import { type Equation, equation, type Run, type Step } from '../equations/equation.ts';
import {
  add,
  call,
  compare,
  divide,
  multiply,
  number,
  one,
  read,
  subtract,
  sum,
  where,
  zero,
} from '../equations/expression.ts';
import { Names } from '../equations/names.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { Slot } from './optimizers/optimizer.ts';
import { type Optimizer, optimizerOf } from './optimizers/registry.ts';

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
  const runs = learning.filter((run) => run.count > 0);
  const writer = new StepWriter(optimizer, count, runs, names);
  const formulas = runs.flatMap((run, position) => {
    writer.write(run, position === 0);
    return position === 0 ? [...writer.equations] : [];
  });
  const { rate, parameters, gradients, equations } = writer;
  return { rate, parameters, gradients, state: [...writer.state.values()], learning: runs, equations, formulas };
}

class StepWriter {
  readonly rate: Tensor = { name: 'rate', shape: [1], role: 'argument' };
  readonly parameters: Tensor;
  readonly gradients: Tensor;
  readonly state = new Map<string, Tensor>();
  readonly equations: Equation[] = [];
  readonly #optimizer: Optimizer;
  readonly #runs: readonly Run[];
  readonly #names: Names;
  readonly #once = [index('n', 1)];
  /** How many parameters of earlier runs stand before those of the next. */
  #before = 0;
  #shortening: Slot | undefined;

  constructor(optimizer: Optimizer, count: number, runs: readonly Run[], names: Names) {
    this.parameters = { name: 'parameters', shape: [count], role: 'flat' };
    this.gradients = { name: 'gradients', shape: [count], role: 'flat' };
    this.#optimizer = optimizer;
    this.#runs = runs;
    this.#names = names;
  }

  /** The formulas for the parameters of one run; what is kept for all moves on with the first. */
  write(run: Run, isFirst: boolean): void {
    const n = index('n', run.count);
    const at = [plus(n, run.start)];
    const within = [plus(n, this.#before)];
    const total = this.#runs.reduce((sum, one) => sum + one.count, 0);
    const [w, g] = [this.#slot(this.parameters, at), this.#slot(this.gradients, at)];
    const rate = read(this.rate, this.#once);
    const { clipNorm, weightDecay = 0 } = this.#optimizer;
    const { update, decouples } = optimizerOf(this.#optimizer.type);
    const isDecoupled = decouples ?? this.#optimizer.decoupledWeightDecay ?? false;
    if (clipNorm !== undefined && isFirst) this.#shortening = this.#shorten(clipNorm);
    const pull = weightDecay > 0 && !isDecoupled ? multiply(number(weightDecay), w.value) : zero;
    if (this.#shortening) g.becomes(add(multiply(this.#shortening.value, g.value), pull));
    else if (pull !== zero) g.becomes(add(g.value, pull));
    if (weightDecay > 0 && isDecoupled) w.becomes(subtract(w.value, multiply(rate, number(weightDecay), w.value)));
    const slot = (letter: string): Slot => this.#slot(this.#kept(letter, total), within);
    const scalar = (letter: string): Slot => this.#scalar(letter, isFirst);
    // The options belong to the type that they stand beside.
    update({ w, g: g.value, rate, slot, scalar }, this.#optimizer);
    this.#before += run.count;
  }

  /** N = √Σg², over all that learns; c = clip/N where N is above it, else 1 (Pascanu et al. 2013; Keras 3, global_clipnorm). */
  #shorten(clipNorm: number): Slot {
    const squares = this.#runs.map(({ start, count }) => {
      const n = index('n', count);
      return sum([n], call('square', read(this.gradients, [plus(n, start)])));
    });
    // Not the slots of an update that has the same letters.
    const own = (letter: string): Slot => this.#slot(this.#kept(letter, 1, 'clip'), this.#once);
    const [norm, factor] = [own('N'), own('c')];
    norm.becomes(call('sqrt', add(...squares)));
    const isLonger = compare(norm.value, '>', number(clipNorm));
    factor.becomes(where(isLonger, divide(number(clipNorm), norm.value), one));
    return factor;
  }

  #slot(tensor: Tensor, at: readonly Affine[]): Slot {
    return {
      value: read(tensor, at),
      becomes: (value) => this.equations.push(equation(tensor, at, value, { layer: 'step', pass: 'step' })),
    };
  }

  #scalar(letter: string, moves: boolean): Slot {
    const slot = this.#slot(this.#kept(letter, 1), this.#once);
    return moves ? slot : { ...slot, becomes: () => {} };
  }

  #kept(letter: string, size: number, owner: 'update' | 'clip' = 'update'): Tensor {
    const key = `${owner} ${letter}`;
    const tensor = this.state.get(key) ?? { name: this.#names.fresh(letter), shape: [size], role: 'state' };
    this.state.set(key, tensor);
    return tensor;
  }
}
