import { batchLayers } from '../reference/batch.ts';
import { maskedLayers } from '../reference/interpreter.ts';
import { type Kept, startMasks } from '../reference/masks.ts';
import { hasLoss } from '../spec/losses.ts';
import type { Cells } from './cells.ts';
import type { ExactModel } from './exactModel.ts';
import { areEqual } from './field.ts';
import { nameOf } from './gradients.ts';
import type { Coordinate, Point } from './points.ts';
import type { Failure } from './proof.ts';
import type { Session } from './session.ts';
import type { Scalar } from './value.ts';

type Masks = readonly (readonly Scalar[])[];

/** What a model offers for many samples at once. */
interface BatchModel extends ExactModel {
  forwardBatch?(inputs: readonly Scalar[], count: number): Iterable<Scalar>;
  trainBatch?(inputs: readonly Scalar[], given: readonly Scalar[], count: number, rate: Scalar): Scalar | undefined;
  backwardBatch?(inputs: readonly Scalar[], given: readonly Scalar[], count: number): Scalar | undefined;
}

/**
 * Whether the functions for many samples do what those for one sample do, one after the other: the outputs, the sum or
 * mean of the gradients, the mean loss and the step.
 *
 * @param session one that keeps a record, where layers have the statistics of a batch
 * @param another a session whose model has trained nothing yet: then a second model begins with the same masks
 */
export function checkBatch(session: Session, points: readonly Point[], another: () => Session): readonly Failure[] {
  const check = new BatchCheck(session, points);
  if (batchLayers(session.network).length === 0) return check.run();
  const { failures, batch } = check.runTogether();
  return failures.length > 0 ? failures : new BatchCheck(another(), points).runStep(batch);
}

/** What a batch should come to, before a step. */
interface BatchSum {
  readonly gradients: readonly Scalar[];
  readonly loss: Scalar;
  readonly parameters: readonly Scalar[];
}

class BatchCheck {
  readonly #session: Session;
  readonly #model: BatchModel;
  readonly #coordinates: readonly Coordinate[];
  readonly #parameters: readonly Scalar[];
  readonly #inputs: readonly (readonly Scalar[])[];
  readonly #given: readonly (readonly Scalar[])[];
  readonly #rate: Scalar;
  readonly #failures: Failure[] = [];
  /** What the parameters and the gradients are compared with, in words. */
  readonly #left: string;
  readonly #sum: string;

  constructor(session: Session, points: readonly Point[]) {
    const { ring } = session;
    ring.startRound();
    ring.derivatives.areFollowed = false;
    this.#session = session;
    this.#model = session.model;
    const [first] = points as [Point];
    const isTogether = batchLayers(session.network).length > 0;
    this.#left = isTogether ? 'it had, or the moving averages that the reference comes to' : 'it had';
    this.#sum = isTogether ? 'the derivatives of the batch' : 'the gradients of the samples one by one';
    this.#coordinates = first.parameters;
    const numbers = (list: readonly Coordinate[]): Scalar[] =>
      list.map(({ float, residue }) => ring.make(float, residue));
    this.#parameters = numbers(first.parameters);
    this.#inputs = points.map(({ input }) => numbers(input));
    this.#given = points.map(({ given }) => numbers(given));
    [this.#rate] = numbers([first.rate]) as [Scalar];
  }

  run(): readonly Failure[] {
    const singles = this.#runSingles(() => this.#whole());
    this.#checkForward(singles.outputs);
    // A batch that trains draws its masks, the next one others.
    const next = startMasks(this.#session.network);
    const drawn = (): Masks => this.#scaled(next());
    const isMasked = maskedLayers(this.#session.network).length > 0;
    const expected = (): BatchSum => (isMasked ? this.#runSingles(drawn) : singles);
    this.#checkBackward(expected());
    this.#checkTraining(expected());
    return this.#decided();
  }

  /**
   * The same where layers have the statistics of the batch: against the derivatives of the reference. The step of `trainBatch`
   * asks for floats of the gradients too, as their norm may be compared with a number: those that were found.
   */
  runTogether(): { readonly failures: readonly Failure[]; readonly batch: BatchSum } {
    const singles = this.#runSingles(() => this.#whole());
    this.#checkForward(singles.outputs);
    const next = startMasks(this.#session.network);
    const drawn = (): Masks => this.#scaled(next());
    const first = this.#sumTogether(drawn);
    this.#checkBackward(first);
    const batch = { ...first, gradients: [...this.#model.gradients] };
    this.#checkBackward(this.#sumTogether(drawn));
    this.#checkAfter(singles.gradients);
    return { failures: this.#decided(), batch };
  }

  /** `trainBatch` of a model that has trained nothing. */
  runStep(batch: BatchSum): readonly Failure[] {
    this.#checkTraining(batch);
    return this.#decided();
  }

  #decided(): readonly Failure[] {
    const { ring } = this.#session;
    ring.derivatives.areFollowed = true;
    return ring.undecided === undefined ? this.#failures : [];
  }

  /** The samples one by one: their outputs, and the sums of their gradients and losses. */
  #runSingles(masksOf: () => Masks): BatchSum & { readonly outputs: readonly Scalar[] } {
    const { ring } = this.#session;
    this.#start();
    let loss: Scalar = 0;
    const outputs = this.#inputs.flatMap((input, n) => {
      this.#session.startSample();
      this.#session.setMasks(masksOf());
      const output = [...this.#model.forward(input)];
      loss = ring.plus(loss, this.#model.backward(this.#given[n]!) ?? 0);
      return output;
    });
    return { outputs, gradients: [...this.#model.gradients], loss, parameters: this.#parameters };
  }

  /** The reference with the statistics of the batch: the derivatives of the sum of the losses, and the averages moved. */
  #sumTogether(masksOf: () => Masks): BatchSum {
    const { ring, reference, frozen, network, tape } = this.#session;
    ring.derivatives.areFollowed = true;
    const variables = this.#coordinates.map(({ float, residue }) => ring.variable(float, residue));
    const cells = (values: readonly Scalar[]): Cells => ring.arrays.Float64Array.from(values);
    const samples = this.#inputs.map((input) => ({ network: this.#session.under(masksOf()), input: cells(input) }));
    const own = reference.batchParameters(network, cells(variables), samples);
    const loss = samples.reduce((sum: Scalar, { network: masked, input }, n) => {
      const given = this.#given[n]!;
      const one = hasLoss(network)
        ? reference.evaluatedLoss(masked, reference.evaluate(masked, own, input), cells(given))
        : this.#session.weighted(given, reference.evaluate(masked, own, input).output.values);
      return ring.plus(sum, one);
    }, 0);
    ring.ties = 'first';
    const adjoints = tape!.adjointsOf(typeof loss === 'object' ? loss.node : 0);
    const gradients = variables.map(({ node }, slot) => (frozen.has(slot) ? 0 : ring.make(0, adjoints.of(node))));
    ring.derivatives.areFollowed = false;
    return { gradients, loss, parameters: [...reference.movedParameters(network, cells(variables), own)] };
  }

  /** Masks that leave nothing out. */
  #whole(): Masks {
    return maskedLayers(this.#session.network).map(({ count }) => new Array<Scalar>(count).fill(1));
  }

  /** What stays is scaled up by 1/(1 − rate). */
  #scaled(kept: Kept): Masks {
    const { ring, network } = this.#session;
    return maskedLayers(network).map(({ rate }, position) => {
      const scale = ring.divide(1, ring.subtract(1, ring.lift(rate)));
      return kept[position]!.map((stays) => (stays ? scale : 0));
    });
  }

  /** Parameters as they are at the point, gradients 0, buffers without a meaning. */
  #start(): void {
    this.#session.startSample();
    this.#model.parameters.set(this.#parameters);
    this.#model.gradients.fill(0);
  }

  #checkForward(expected: readonly Scalar[]): void {
    if (this.#model.forwardBatch === undefined) return;
    this.#start();
    const outputs = [...this.#model.forwardBatch(this.#inputs.flat(), this.#inputs.length)];
    const size = expected.length / this.#inputs.length;
    const wrong = expected.findIndex((one, n) => outputs[n] === undefined || !this.#equal(outputs[n], one));
    if (wrong < 0 && outputs.length === expected.length) return;
    const [sample, slot] = [Math.floor(wrong / size), wrong % size];
    this.#fail(`forwardBatch gives sample ${sample} another output[${slot}] than forward does`);
  }

  #checkBackward({ gradients, loss, parameters }: BatchSum): void {
    if (this.#model.backwardBatch === undefined) return;
    this.#start();
    const returned = this.#model.backwardBatch(this.#inputs.flat(), this.#given.flat(), this.#inputs.length);
    this.#checkLoss('backwardBatch', returned, loss);
    const { network } = this.#session;
    const moved = [...this.#model.parameters].findIndex((found, n) => !this.#equal(found, parameters[n]!));
    if (moved >= 0) this.#fail(`backwardBatch gives ${nameOf(network, moved)} another value than ${this.#left}`);
    const slot = [...this.#model.gradients].findIndex((found, n) => !this.#equal(found, gradients[n]!));
    if (slot >= 0) this.#fail(`backwardBatch gives ${nameOf(network, slot)} another gradient than ${this.#sum}`);
  }

  #checkTraining({ gradients, loss, parameters }: BatchSum): void {
    if (this.#model.trainBatch === undefined) return;
    const { ring, network } = this.#session;
    this.#start();
    const count = this.#inputs.length;
    const mean = gradients.map((gradient) => ring.divide(gradient, count));
    const expected = this.#session.stepped(parameters, mean, this.#rate);
    const returned = this.#model.trainBatch(this.#inputs.flat(), this.#given.flat(), count, this.#rate);
    this.#checkLoss('trainBatch', returned, loss);
    const slot = [...this.#model.parameters].findIndex((found, n) => !this.#equal(found, expected[n]!));
    if (slot < 0) return;
    this.#fail(`trainBatch gives ${nameOf(network, slot)} another value than a step by the mean of ${this.#sum}`);
  }

  /** What a batch gave the gradients of its samples is gone behind it. */
  #checkAfter(before: readonly Scalar[]): void {
    const { gradients } = this.#runSingles(() => this.#whole());
    const slot = gradients.findIndex((found, n) => !this.#equal(found, before[n]!));
    if (slot < 0) return;
    const name = nameOf(this.#session.network, slot);
    this.#fail(`behind a batch backward gives ${name} another gradient than before`);
  }

  #checkLoss(name: string, returned: Scalar | undefined, sum: Scalar): void {
    const { ring, network } = this.#session;
    if (!hasLoss(network)) return;
    const mean = ring.divide(sum, this.#inputs.length);
    if (returned === undefined || !this.#equal(returned, mean)) {
      this.#fail(`${name} returns another loss than the mean of the samples'`);
    }
  }

  #equal(found: Scalar, expected: Scalar): boolean {
    return areEqual(this.#session.ring.lift(found), this.#session.ring.lift(expected));
  }

  #fail(message: string): void {
    this.#failures.push({ claim: 'batch', message });
  }
}
