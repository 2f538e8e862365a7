import { parameterShapes } from '../reference/interpreter.ts';
import type { Network, ShapedNetwork } from '../spec/network.ts';
import { Cells } from './cells.ts';
import { type Coordinate, type Point, sizeOf } from './points.ts';
import { type Exports, ModuleFolder, type Program, runTranslated, type Trace } from './program.ts';
import { Ring } from './ring.ts';
import { type StepRule, startSteps } from './step.ts';
import { Thresholds } from './thresholds.ts';
import type { Translation } from './translate.ts';
import { Refusal, type Scalar, type Value } from './value.ts';

/** A generated model, its numbers exact. */
export interface ExactModel {
  readonly parameters: Cells;
  readonly gradients: Cells;
  readonly output: Cells;
  readonly inputGradient?: Cells;
  forward(input: readonly Scalar[]): Cells;
  backward(given: readonly Scalar[]): Scalar | undefined;
  step(rate: Scalar): void;
}

/** The reference interpreter in the ring, as far as a proof calls it. */
export interface ExactReference {
  loss(network: Network, parameters: Cells, input: Cells, target: Cells): Scalar;
  evaluate(network: Network, parameters: Cells, input: Cells): ExactEvaluation;
}

export interface ExactEvaluation {
  readonly outputs: ReadonlyMap<string, { readonly values: Cells }>;
  readonly preActivations: ReadonlyMap<string, { readonly values: Cells }>;
  readonly output: { readonly values: Cells };
}

/** The numbers of a point in the ring; what a derivative may be taken in is a variable of its own. */
export interface Variables {
  readonly parameters: readonly Value[];
  readonly input: readonly Value[];
  readonly given: readonly Value[];
  readonly gradients: readonly Value[];
  readonly rate: Value;
}

/** A module and the reference side by side in one ring, with the state that a model keeps from round to round. */
export class Session {
  readonly ring: Ring;
  readonly network: ShapedNetwork;
  readonly program: Program;
  readonly reference: ExactReference;
  /** The network as the reference gets it: it tells the ring which layer it computes. */
  readonly announced: Network;
  /** The slots of statistics that do not learn: their gradients are 0 by definition. */
  readonly frozen: ReadonlySet<number>;
  readonly thresholds: Thresholds;
  readonly model: ExactModel;
  readonly #step: StepRule;

  constructor(translation: Translation, plain: () => Exports, network: ShapedNetwork, seed: number, trace?: Trace) {
    this.ring = new Ring(seed);
    this.ring.visited = new Uint8Array(translation.places);
    this.network = network;
    this.program = runTranslated(translation, this.ring, plain, undefined, trace);
    this.reference = new ModuleFolder(this.ring).exact(interpreter) as unknown as ExactReference;
    this.thresholds = new Thresholds(this.ring);
    this.ring.onComparison = this.thresholds.ofModule;
    this.frozen = frozenSlots(network);
    this.announced = announceLayers(network, this.ring);
    this.#step = startSteps(this.ring, network.optimizer);
    this.model = this.#createModel();
  }

  /** `createModel` without and with numbers to start from. */
  #createModel(): ExactModel {
    const { createModel } = this.program.exports;
    if (typeof createModel !== 'function') throw new Refusal('found no createModel among the exports of the module');
    const model: ExactModel = createModel();
    for (const name of ['parameters', 'gradients', 'output'] as const) {
      if (!(model[name] instanceof Cells)) throw new Refusal(`found no array \`${name}\` in the model`);
    }
    return createModel([...model.parameters]);
  }

  variables(point: Point): Variables {
    const { ring } = this;
    const list = (coordinates: readonly Coordinate[]): Value[] =>
      coordinates.map(({ float, residue }) => ring.variable(float, residue));
    return {
      parameters: list(point.parameters),
      input: list(point.input),
      given: list(point.given),
      gradients: list(point.gradients),
      rate: ring.variable(point.rate.float, point.rate.residue),
    };
  }

  /** The output and the loss of the reference; without a loss in the spec, of Σ given·output. */
  runReference({ parameters, input, given }: Variables): {
    readonly evaluation: ExactEvaluation;
    readonly loss: Scalar;
  } {
    const { ring, reference, announced } = this;
    ring.onComparison = this.thresholds.ofReference;
    const [weights, image, target] = [parameters, input, given].map((values) => ring.arrays.Float64Array.from(values));
    const evaluation = reference.evaluate(announced, weights!, image!);
    const loss =
      this.network.loss === undefined
        ? this.weighted(given, evaluation.output.values)
        : reference.loss(announced, weights!, image!, target!);
    ring.ties = 'first';
    ring.onComparison = this.thresholds.ofModule;
    return { evaluation, loss };
  }

  /** Σ given·output, whose derivative `backward` yields where the spec has no loss. */
  weighted(given: readonly Scalar[], output: Iterable<Scalar>): Scalar {
    const { ring } = this;
    return [...output].reduce((sum, y, n) => ring.plus(sum, ring.times(given[n]!, y)), 0);
  }

  /** What the next `step` should make of the parameters; every call is a step of the optimizer. */
  stepped(parameters: readonly Scalar[], gradients: readonly Scalar[], rate: Scalar): readonly Scalar[] {
    return this.#step(parameters, gradients, rate);
  }
}

function frozenSlots(network: Network): ReadonlySet<number> {
  const slots = parameterShapes(network)
    .filter(({ frozen }) => frozen)
    .flatMap(({ offset, shape }) => Array.from({ length: sizeOf(shape) }, (_, n) => offset + n));
  return new Set(slots);
}

const interpreter = new URL(`../reference/interpreter${import.meta.url.slice(-3)}`, import.meta.url);

/**
 * Where values tie, a gradient is a convention of the layer, and the reference computes no gradients: so whoever asks a
 * layer for its options, as the interpreter does before it computes the layer, sets the rule. A pool that names no rule
 * takes the first of equal places; an activation is flat on its kinks (relu′(0) = 0).
 */
function announceLayers(network: Network, ring: Ring): Network {
  const layers = network.layers.map((layer) => ({
    ...layer,
    get options() {
      const { options } = layer;
      ring.ties = 'activation' in options ? 'flat' : 'ties' in options ? options.ties : 'first';
      return options;
    },
  }));
  return { ...network, layers: layers as Network['layers'] };
}
