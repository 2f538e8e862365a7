import { pairsOf } from '../lists.ts';
import type { Shape } from '../shape.ts';
import { type Affine, constant, type Index, index, indicesOf, plainIndex, sameAffine } from './affine.ts';
import type { Expression, Read } from './expression.ts';
import type { Names } from './names.ts';
import type { Tensor } from './tensor.ts';

/**
 * When an equation is computed: by `forward`; by `loss`, and again before every backward pass; by `backward`; by `step`.
 */
export type Pass = 'forward' | 'loss' | 'backward' | 'step';

/** target[at] += value, for all values of the indices of `over`; targets start at zero. */
export interface Equation {
  readonly target: Tensor;
  readonly at: readonly Affine[];
  readonly over: readonly Index[];
  readonly value: Expression;
  /** Every place lies in its array, whatever the coordinates say: an index of it may run over several axes. */
  readonly staysInside?: true;
  /** Name of the layer that it belongs to. */
  readonly layer: string;
  readonly pass: Pass;
  /** How a gradient comes about, for readers: an entry for each read that it is the gradient of. */
  readonly because?: readonly Contribution[];
}

/** What an equation belongs to. */
export type Home = Pick<Equation, 'layer' | 'pass'>;

export function equation(target: Tensor, at: readonly Affine[], value: Expression, { layer, pass }: Home): Equation {
  return { target, at, over: indicesOf(at), value, layer, pass };
}

/** Every place of a tensor, by indices of its own. */
export function everywhere({ shape }: Tensor): readonly Affine[] {
  return shape.map((size, axis) => index((shape.length === 4 && 'pqco'[axis]) || `n${axis}`, size));
}

/** A program with these equations in place of its own, each in its pass. */
export function withEquations(program: Program, equations: readonly Equation[]): Program {
  const isForward = ({ pass }: Equation): boolean => pass === 'forward';
  return {
    ...program,
    forward: equations.filter(isForward),
    backward: equations.filter((one) => !isForward(one)),
  };
}

/** Every coordinate an index of its own that runs over the whole of its axis, or 0 on an axis of size 1. */
export function isPlain({ at, over, target }: Equation): boolean {
  const indices = at.flatMap((coordinate) => plainIndex(coordinate) ?? []);
  const covers = pairsOf(at, target.shape).every(([coordinate, size]) =>
    size === 1 ? sameAffine(coordinate, constant(0)) : plainIndex(coordinate)?.size === size,
  );
  return covers && new Set(indices).size === indices.length && sameOrder(indices, over);
}

const sameOrder = (some: readonly Index[], others: readonly Index[]): boolean =>
  some.length === others.length && pairsOf(some, others).every(([one, other]) => one === other);

/** One reason why a gradient has its terms: an equation that reads the tensor. */
export interface Contribution {
  /** The forward equation, t[at] = value. */
  readonly source: Equation;
  /** The read s[f] in it. */
  readonly read: Read;
  /** ∂t/∂s of that read. */
  readonly local: Expression;
  /** ds[f] += dt·∂t/∂s, for all indices of the equation. */
  readonly scatter: Equation;
  /** The same as one sum for each element of ds. */
  readonly gathered: Equation;
}

/** A layer that computes nothing: its output shows its input's numbers, in another shape or the same. */
export interface View {
  readonly layer: string;
  readonly from: Tensor;
  readonly to: Tensor;
}

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

/** Everything a network computes, as equations. */
export interface Program {
  /** The name of the form that it is written for. */
  readonly form: string;
  readonly input: Tensor;
  readonly parameters: readonly Parameter[];
  readonly output: Tensor;
  readonly target: Tensor | undefined;
  readonly forward: readonly Equation[];
  /** Of the loss pass, if there is a loss; then every gradient, in an order in which each is complete before it is read. */
  readonly backward: readonly Equation[];
  readonly loss: Tensor | undefined;
  /** ∂L/∂output, where the caller gives it. */
  readonly outputGradient: Tensor | undefined;
  /** Gradients of parameters, by parameter. */
  readonly gradients: ReadonlyMap<Tensor, Tensor>;
  readonly inputGradient: Tensor | undefined;
  readonly views: readonly View[];
  /** What samples are multiplied by while a batch trains. */
  readonly masks: readonly Mask[];
  /** Layers that a batch normalises while it trains, in the order in which they are computed. */
  readonly statistics: readonly BatchStatistics[];
  /** What gradients are asked for, of parameters and of the input; absent: the module only runs forward. */
  readonly wanted: ReadonlySet<Tensor> | undefined;
  /** One step of the optimiser. */
  readonly step: Step;
  /** The names of all tensors: who makes a new one asks here. */
  readonly names: Names;
}

/**
 * A layer that is normalised by the mean and the variance of a whole batch while that trains. Meanwhile they stand in the
 * places of the moving ones, and the batch adds to the gradient of each sample what that does through both:
 * dx̂ += −γ·(g + h·x̂), where g and h are the means of dy and dy·x̂ over all places of the batch (Ioffe and Szegedy 2015).
 */
export interface BatchStatistics {
  readonly layer: string;
  readonly x: Tensor;
  readonly gamma: Tensor;
  readonly beta: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
  /** x̂ */
  readonly normal: Tensor;
  /** Means over the batch: of dy, and of dy·x̂; 0 unless a batch trains. */
  readonly pull: Tensor;
  readonly tilt: Tensor;
  /** What is added to the gradient of `normal` at `at`. */
  readonly at: readonly Affine[];
  readonly share: Expression;
  /** How much of the moving averages a batch leaves. */
  readonly momentum: number;
}

/** A tensor of 1s; while a batch trains, a share `rate` of it is 0 and the rest 1/(1 − rate), drawn for each sample. */
export interface Mask {
  readonly tensor: Tensor;
  readonly layer: string;
  readonly rate: number;
  /** What its random numbers begin with, to which the seed of `initialize` is added. */
  readonly start: number;
}

/** What a batch gives its layers' gradients. */
export function meansOf({ statistics }: Program): readonly Tensor[] {
  return statistics.flatMap(({ pull, tilt }) => [pull, tilt]);
}

/** A parameter tensor with its public name and how it is initialised. */
export interface Parameter {
  readonly tensor: Tensor;
  /** `conv2d1/kernel` */
  readonly name: string;
  readonly initial: Initial;
  /** Its public shape: that of the tensor, or with fewer axes of size 1. */
  readonly shape: Shape;
  /** Whether it has a gradient and `step` changes it: no statistic, and none of a layer that is held fixed. */
  readonly learns: boolean;
}

/** Constant, or uniform in ±limit. */
export type Initial =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly limit: number };

/** What `backward` is given: the target, or the output's gradient; nothing without training. */
export function givenOf({ target, outputGradient }: Pick<Program, 'target' | 'outputGradient'>): Tensor | undefined {
  return target ?? outputGradient;
}
