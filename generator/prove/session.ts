import { type Ends, flattened } from '../check/namedEnds.ts';
import { packageFile } from '../packageFile.ts';
import { maskedLayers, parameterShapes } from '../reference/interpreter.ts';
import { hasLoss } from '../spec/losses.ts';
import type { Network, ShapedNetwork } from '../spec/network.ts';
import { announceLayers } from './announce.ts';
import type { Branch } from './branches.ts';
import { Cells } from './cells.ts';
import { Direction } from './direction.ts';
import type { ExactEvaluation, ExactModel, ExactReference } from './exactModel.ts';
import { type Residue, zero } from './field.ts';
import { type Coordinate, type Point, sizeOf } from './points.ts';
import { type Exports, ModuleFolder, type Program, runTranslated, type Trace } from './program.ts';
import { randomResidue } from './random.ts';
import { Refusal } from './refusal.ts';
import { Ring } from './ring.ts';
import { type StepRule, startSteps } from './step.ts';
import { Tape } from './tape.ts';
import { Thresholds } from './thresholds.ts';
import type { Translation } from './translate.ts';
import { type Scalar, Value } from './value.ts';
import { endlessPlace } from './wasm/endless.ts';
import { type ExactMemory, MemoryFault } from './wasm/exactMemory.ts';
import { ExactHost, type Variant } from './wasm/host.ts';
import type { MemoryMap } from './wasm/memoryMap.ts';

/** The numbers of a point in the ring; what a derivative may be taken in is a variable of its own. */
export interface Variables {
  readonly parameters: readonly Value[];
  readonly input: readonly Value[];
  readonly given: readonly Value[];
  readonly gradients: readonly Value[];
  readonly rate: Value;
  readonly masks: readonly (readonly Value[])[];
}

/** Which of its two codes a WebAssembly module runs, and where its arrays lie. */
export interface WasmSubject {
  readonly variant: Variant;
  readonly map: MemoryMap;
}

export interface SessionOptions {
  readonly seed: number;
  readonly trace?: Trace;
  /** For a module whose functions are WebAssembly. */
  readonly wasm?: WasmSubject;
  /** Whether every derivative is to be known, and not only that along one direction: which takes memory. */
  readonly isRecorded?: boolean;
}

/** Who wrote a number: a line of the text, or an instruction of the WebAssembly. */
export interface Place {
  readonly line?: number;
  readonly place?: string;
}

/** A module and the reference side by side in one ring, with the state that a model keeps from round to round. */
export class Session {
  readonly ring: Ring;
  /** The record of what was computed, of a session that keeps one. */
  readonly tape: Tape | undefined;
  readonly network: ShapedNetwork;
  readonly program: Program;
  readonly reference: ExactReference;
  /** The network as the reference gets it: it tells the ring which layer it computes. */
  readonly announced: Network;
  /** The slots of statistics that do not learn: their gradients are 0 by definition. */
  readonly frozen: ReadonlySet<number>;
  readonly thresholds: Thresholds;
  readonly model: ExactModel;
  readonly branches: readonly Branch[];
  /** Whether derivatives must be followed through backward, too, for that of the loss to be known. */
  followsAll: boolean;
  /** What the reference multiplies by, by layer. */
  readonly #masks = new Map<string, Cells>();
  readonly #host: ExactHost | undefined;
  readonly #direction = new Direction();
  readonly #step: StepRule;
  /** By the number of their first arm. */
  #comparisons: ReadonlyMap<number, Branch> | undefined;

  constructor(
    translation: Translation,
    plain: () => Exports,
    network: ShapedNetwork,
    { seed, trace, wasm, isRecorded = false }: SessionOptions,
  ) {
    this.tape = isRecorded ? new Tape() : undefined;
    this.ring = new Ring(seed, this.tape ?? this.#direction, numbersIn(network));
    this.ring.visited = new Uint8Array(translation.places);
    this.network = network;
    this.#host = wasm && new ExactHost(this.ring, wasm.variant, wasm.map);
    const globals = this.#host === undefined ? {} : { WebAssembly: this.#host.webAssembly };
    this.program = runTranslated(translation, this.ring, plain, undefined, trace, globals);
    const folder = new ModuleFolder(this.ring);
    this.reference = { ...folder.exact(interpreter), ...folder.exact(batch) } as unknown as ExactReference;
    this.thresholds = new Thresholds(this.ring, (line) => this.#branchAt(line)?.line ?? line);
    this.ring.onComparison = this.thresholds.ofModule;
    this.frozen = frozenSlots(network);
    this.announced = announceLayers(network, this.ring, this.#masks);
    this.#step = startSteps(this.ring, network.optimizer, wasm !== undefined);
    this.model = this.#createModel();
    this.followsAll = hasLoss(network) && this.model.loss === undefined;
    this.branches = this.#host?.branches ?? translation.branches;
    this.ring.visited = new Uint8Array(this.#host?.places ?? translation.places);
  }

  /** Whether the text holds a code with relaxed multiply-adds, and whether it is the plain one but for these. */
  get relaxed(): ExactHost['relaxed'] {
    return this.#host?.relaxed ?? 'none';
  }

  /** What is known of its WebAssembly's memory. */
  get memory(): { readonly map: MemoryMap; readonly cells: ExactMemory } | undefined {
    return this.#host && { map: this.#host.map, cells: this.#host.memory };
  }

  /** Functions of its WebAssembly that are longhand's own. */
  get recognized(): readonly string[] {
    return this.#host?.recognized ?? [];
  }

  /** Numbers that a round computes from its variables, as a measure of its work. */
  get work(): number {
    return this.ring.derivatives.count;
  }

  /** The derivative of a number along the direction of its point, in a session that keeps no record. */
  slopeOf(scalar: Scalar | undefined): Residue {
    return scalar instanceof Value ? this.#direction.slopeOf(scalar) : zero;
  }

  /** Where a refusal was met. */
  placeOfError(error: Error): Place {
    if (this.#host !== undefined) {
      // A fault of the memory says itself where it is.
      const place =
        error instanceof MemoryFault
          ? undefined
          : (this.#host.placeOfError(error).place ?? endlessPlace(this.#host.map, this.#host.memory));
      return place === undefined ? {} : { place };
    }
    return this.ring.line === 0 ? {} : { line: this.ring.line };
  }

  /** What earlier samples left in buffers may not be read from now on. */
  startSample(): void {
    this.#host?.memory.forget();
  }

  /** Who wrote a number of an array last. */
  writerOf(cells: Cells, at: number): Place {
    const writer = cells.writerOf(at);
    if (writer === 0) return {};
    return this.#host === undefined ? { line: writer } : { place: this.#host.memory.placeOf(writer - 1) };
  }

  /** Where a branch stands in WebAssembly; of a text its line says it. */
  readonly placeOfBranch = (branch: Branch): Place =>
    this.#host === undefined ? {} : { place: this.#host.placeOf(branch) };

  /** Where a comparison stands, by what the ring calls the line at which it is made. */
  placeOfComparison(line: number): Place {
    if (this.#host === undefined) return line === 0 ? {} : { line };
    const branch = this.#branchAt(line);
    return branch === undefined ? {} : this.placeOfBranch(branch);
  }

  /** The comparison of WebAssembly that the ring calls this line. */
  #branchAt(line: number): Branch | undefined {
    if (this.#host === undefined) return undefined;
    this.#comparisons ??= new Map(this.#host.branches.map((branch) => [branch.first, branch]));
    return this.#comparisons.get(line);
  }

  /** `createModel` without and with numbers to start from. */
  #createModel(): ExactModel {
    const { createModel } = this.program.exports;
    if (typeof createModel !== 'function') throw new Refusal('found no createModel among the exports of the module');
    const ends = (this.program.exports.network ?? {}) as Ends;
    const model: ExactModel = createModel();
    for (const name of ['parameters', 'gradients', 'output'] as const) {
      if (!(model[name] instanceof Cells)) throw new Refusal(`found no array \`${name}\` in the model`);
    }
    return flattened(ends, createModel([...model.parameters]) as ExactModel);
  }

  /** The numbers of a point, which a random direction leads along: those whose gradients the module computes. */
  variables(point: Point): Variables {
    const { ring, frozen } = this;
    const along = (n: number, { residue: { hi, lo } }: Coordinate): Residue =>
      randomResidue(ring.seed, 0x64697265, n, hi, lo);
    const list = (coordinates: readonly Coordinate[], slope: (n: number, one: Coordinate) => Residue = () => zero) =>
      coordinates.map((one, n) => ring.variable(one.float, one.residue, slope(n, one)));
    const inputs = this.model.inputGradient === undefined ? () => zero : along;
    return {
      parameters: list(point.parameters, (slot, one) => (frozen.has(slot) ? zero : along(slot, one))),
      input: list(point.input, inputs),
      given: list(point.given),
      gradients: list(point.gradients),
      rate: ring.variable(point.rate.float, point.rate.residue),
      masks: point.masks.map((mask) => list(mask)),
    };
  }

  /** Gives the module and the reference the numbers that their masks have from now on. */
  setMasks(masks: readonly (readonly Scalar[])[]): void {
    for (const [position, { name }] of maskedLayers(this.network).entries()) {
      const [cells, numbers] = [this.model.masks?.[position], masks[position]!];
      if (cells === undefined) throw new Refusal(`found no mask of ${name} in the model`);
      cells.set(numbers);
      this.#masks.set(name, this.ring.arrays.Float64Array.from(numbers) as Cells);
    }
  }

  /**
   * The output and the loss of the reference; without a loss in the spec, of Σ given·output.
   *
   * @param isFollowed whether their derivatives matter
   */
  runReference(
    { parameters, input, given }: Variables,
    isFollowed = false,
  ): {
    readonly evaluation: ExactEvaluation;
    readonly loss: Scalar;
  } {
    const { ring, reference, announced } = this;
    ring.onComparison = this.thresholds.ofReference;
    ring.derivatives.areFollowed = isFollowed;
    const [weights, image, target] = [parameters, input, given].map((values) => ring.arrays.Float64Array.from(values));
    const evaluation = reference.evaluate(announced, weights!, image!);
    // A loss is flat on its kinks, as an activation, whatever layer came last.
    ring.ties = 'flat';
    const loss = hasLoss(this.network)
      ? reference.evaluatedLoss(this.network, evaluation, target!)
      : this.weighted(given, evaluation.output.values);
    ring.ties = 'first';
    ring.onComparison = this.thresholds.ofModule;
    ring.derivatives.areFollowed = true;
    return { evaluation, loss };
  }

  /** Σ given·output, whose derivative `backward` yields where the spec has no loss. */
  weighted(given: readonly Scalar[], output: Iterable<Scalar>): Scalar {
    const { ring } = this;
    return [...output].reduce((sum, y, n) => ring.plus(sum, ring.times(given[n]!, y)), 0);
  }

  /** The network that the reference computes under these masks. */
  under(masks: readonly (readonly Scalar[])[]): Network {
    const names = maskedLayers(this.network).map(({ name }) => name);
    const cells = masks.map((mask) => this.ring.arrays.Float64Array.from(mask) as Cells);
    return announceLayers(this.network, this.ring, new Map(names.map((name, n) => [name, cells[n]!])));
  }

  /** What the next `step` should make of the parameters; every call is a step of the optimizer. What is frozen stays. */
  stepped(parameters: readonly Scalar[], gradients: readonly Scalar[], rate: Scalar): readonly Scalar[] {
    const learning = parameters.map((_, slot) => slot).filter((slot) => !this.frozen.has(slot));
    const moved = this.#step(
      learning.map((slot) => parameters[slot]!),
      learning.map((slot) => gradients[slot]!),
      rate,
    );
    const stepped = [...parameters];
    for (const [position, slot] of learning.entries()) stepped[slot] = moved[position]!;
    return stepped;
  }
}

/** The numbers that a spec gives, as a slope or a rate of decay. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return Number.isInteger(value) ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

function frozenSlots(network: Network): ReadonlySet<number> {
  const slots = parameterShapes(network)
    .filter(({ frozen }) => frozen)
    .flatMap(({ offset, shape }) => Array.from({ length: sizeOf(shape) }, (_, n) => offset + n));
  return new Set(slots);
}

const interpreter = packageFile('generator/reference/interpreter.ts');

const batch = packageFile('generator/reference/batch.ts');
