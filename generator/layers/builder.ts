import { type Affine, index } from '../equations/affine.ts';
import {
  type BatchStatistics,
  type Equation,
  equation,
  type Initial,
  type Mask,
  type Parameter,
} from '../equations/equation.ts';
import { call, type Expression, negate, number, read, subtract } from '../equations/expression.ts';
import { Names } from '../equations/names.ts';
import { bindIndices } from '../equations/recall.ts';
import { substitute } from '../equations/substitute.ts';
import { isDifferentiable, type Role, type Tensor, view } from '../equations/tensor.ts';
import { present } from '../lists.ts';
import type { Shape } from '../shape.ts';

/** What all layers of one network write into: their equations, their parameters, the names of all tensors. */
export class ProgramBuilder {
  readonly forward: Equation[] = [];
  readonly parameters: Parameter[] = [];
  readonly masks: Mask[] = [];
  readonly statistics: BatchStatistics[] = [];
  /** Whether there is a backward pass. */
  readonly trains: boolean;
  /** The names of all tensors; rewrites ask it for more. */
  readonly names = new Names();
  #weighted = 0;
  #weightless = 0;

  constructor(trains: boolean) {
    this.trains = trains;
  }

  /** W, b, z and a of one layer share a number; layers without parameters count apart. */
  nextNumber(weighted: boolean): number {
    return weighted ? ++this.#weighted : ++this.#weightless;
  }

  /** The equation that defines a tensor, if exactly one does. */
  definitionOf(tensor: Tensor): Equation | undefined {
    const found = this.forward.filter(({ target }) => target === tensor);
    return found.length === 1 ? found[0] : undefined;
  }
}

interface ParameterOptions {
  readonly role?: Role;
  /** The shape that a user sees, where the equations have more axes, of size 1. */
  readonly shown?: Shape;
}

/** What one layer sees while it writes its forward equations. */
export class LayerBuilder {
  readonly name: string;
  /** The layer's inputs. */
  readonly inputs: readonly Tensor[];
  /** The layer's output shape. */
  readonly shape: Shape;
  readonly #program: ProgramBuilder;
  readonly #weightsOf: string | undefined;
  #number: number | undefined;

  readonly #learns: boolean;

  /** @param owner the layer whose parameters this one uses, and whether its own learn */
  constructor(
    program: ProgramBuilder,
    name: string,
    inputs: readonly Tensor[],
    shape: Shape,
    owner: { readonly weightsOf?: string | undefined; readonly trainable?: boolean | undefined } = {},
  ) {
    this.#weightsOf = owner.weightsOf;
    this.#learns = owner.trainable ?? true;
    this.#program = program;
    this.name = name;
    this.inputs = inputs;
    this.shape = shape;
  }

  /** The first input, which is the only one of most layers. */
  get x(): Tensor {
    return present(this.inputs[0]);
  }

  /** A parameter tensor; `kind` is the second half of its public name, as in `conv2d1/kernel`. */
  parameter(letter: string, kind: string, shape: Shape, initial: Initial, options: ParameterOptions = {}): Tensor {
    const { role = 'parameter', shown = shape } = options;
    const owner = this.#weightsOf;
    // A layer may be called undefined.
    const shared = owner !== undefined && this.#program.parameters.find(({ name }) => name === `${owner}/${kind}`);
    // z and a of a layer with another's weights have a number of their own.
    const number = this.#numberAs(true);
    if (shared) return shared.tensor;
    const tensor: Tensor = { name: this.#program.names.fresh(`${letter}${number}`), shape, role };
    const learns = this.#learns && isDifferentiable(tensor);
    this.#program.parameters.push({ tensor, name: `${this.name}/${kind}`, initial, shape: shown, learns });
    return tensor;
  }

  /** A new tensor, all zeros until something is assigned. */
  tensor(letter: string, shape: Shape, role: Role = 'value'): Tensor {
    const name = role === 'loss' ? letter : this.#program.names.fresh(`${letter}${this.#numberAs(false)}`);
    return { name, shape, role };
  }

  /** target[at] += value for all indices of `at`; a place outside the target is dropped. */
  assign(target: Tensor, at: readonly Affine[], value: Expression): void {
    this.#program.forward.push(equation(target, at, value, { layer: this.name, pass: 'forward' }));
  }

  /** A new tensor with target[at] = value for all indices of `at`. */
  define(letter: string, shape: Shape, at: readonly Affine[], value: Expression, role: Role = 'value'): Tensor {
    const target = this.tensor(letter, shape, role);
    this.assign(target, at, value);
    return target;
  }

  /**
   * What a sample is multiplied by while a batch trains; undefined where none will.
   *
   * @param seed default: the number of the mask
   */
  mask(letter: string, shape: Shape, rate: number, seed?: number): Tensor | undefined {
    const { masks, trains } = this.#program;
    if (!trains) return undefined;
    const tensor = this.tensor(letter, shape, 'mask');
    // Seeds side by side begin far from each other (Knuth, TAOCP 3, 6.4: the golden ratio of 2^32).
    const start = Math.imul((seed ?? masks.length) + 1, 0x9e3779b1) >>> 0;
    masks.push({ tensor, layer: this.name, rate, start });
    return tensor;
  }

  /** Whether there is a backward pass that changes the layer's parameters. */
  get learns(): boolean {
    return this.#program.trains && this.#learns;
  }

  /** The layer is normalised by the statistics of a batch while that trains. */
  normaliseByBatch(statistics: Omit<BatchStatistics, 'layer'>): void {
    this.#program.statistics.push({ ...statistics, layer: this.name });
  }

  /** The same numbers in another shape. */
  view(tensor: Tensor, shape: Shape): Tensor {
    return view(tensor, shape);
  }

  /** Fresh indices over a shape: i, j, o for an image, i, o for a sequence, o for a vector. */
  indices(shape: Shape): Affine[] {
    return shape.map((size, axis) => index(axis === shape.length - 1 ? 'o' : (['i', 'j'][axis] ?? `i${axis}`), size));
  }

  /**
   * log of a stored value, by its definition, which keeps its digits: log eᵘ = u, log σ(u) = −softplus(−u). It looks at
   * the definition rather than at the layer's activation, so it holds behind any layer.
   */
  log(tensor: Tensor, at: readonly Affine[]): Expression {
    const argument = this.#argumentOf(tensor, at);
    if (argument?.name === 'exp') return argument.u;
    if (argument?.name === 'sigmoid') return negate(call('softplus', negate(argument.u)));
    return call('log', read(tensor, at));
  }

  /** log(1 − value), likewise: log(1 − σ(u)) = −softplus u. */
  logOneMinus(tensor: Tensor, at: readonly Affine[]): Expression {
    const argument = this.#argumentOf(tensor, at);
    if (argument?.name === 'sigmoid') return negate(call('softplus', argument.u));
    return call('log', subtract(number(1), read(tensor, at)));
  }

  #argumentOf(tensor: Tensor, at: readonly Affine[]): { name: string; u: Expression } | undefined {
    const definition = this.#program.definitionOf(tensor);
    if (definition?.value.kind !== 'call') return undefined;
    const binding = bindIndices(definition, at);
    return binding && { name: definition.value.name, u: substitute(definition.value.argument, binding) };
  }

  #numberAs(weighted: boolean): number {
    this.#number ??= this.#program.nextNumber(weighted);
    return this.#number;
  }
}
