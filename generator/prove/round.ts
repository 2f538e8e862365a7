import { hasLoss } from '../spec/losses.ts';
import { areEqual } from './field.ts';
import { gradientFaults, nameOf } from './gradients.ts';
import type { Floats } from './plainModel.ts';
import type { Point } from './points.ts';
import type { Claim, Failure } from './proof.ts';
import type { Place, Session, Variables } from './session.ts';
import { floatOf, type Scalar } from './value.ts';
import { blame } from './wasm/blame.ts';

/** What one point shows. */
export interface RoundResult {
  /** Whether derivatives were a matter of convention here, as numbers tied. */
  readonly onKinks: boolean;
  /** Why the point decides nothing, if so; then only the floats count. */
  readonly undecided: string | undefined;
  readonly failures: readonly Failure[];
  readonly floats: Floats;
  /** Whether the output is not the reference's. */
  readonly isOutputWrong: boolean;
}

interface Trained {
  readonly output: readonly Scalar[];
  /** What backward gives. */
  readonly returned: Scalar | undefined;
  /** What the gradients should be the derivative of, and whether that is known. */
  readonly loss: Scalar | undefined;
  readonly isKnown: boolean;
}

/** A training step at one point, every number compared with what it should be. */
export function runRound(session: Session, point: Point): RoundResult {
  const { ring } = session;
  ring.startRound();
  session.thresholds.startRound();
  const variables = session.variables(point);
  const round = new Round(session, variables, point.onKinks);
  return round.run();
}

class Round {
  readonly #session: Session;
  readonly #variables: Variables;
  readonly #failures: Failure[] = [];
  readonly #floats = new Map<string, readonly (number | undefined)[]>();
  readonly #claimed: boolean;
  /** Whether the gradients are a matter of convention: as numbers tied, and that mattered. */
  #isConvention = true;

  constructor(session: Session, variables: Variables, onKinks: boolean) {
    this.#session = session;
    this.#variables = variables;
    this.#claimed = onKinks;
  }

  run(): RoundResult {
    const { ring } = this.#session;
    let step = this.#train(this.#session.followsAll);
    if (!step.isKnown) {
      // The loss reads what backward wrote: derivatives are followed through backward from now on.
      this.#session.followsAll = true;
      step = this.#train(true);
    }
    const { output, returned, loss } = step;
    const onKinks = this.#claimed || ring.hasTies;
    const isOutputWrong = this.#compareWithReference(output, returned, loss, onKinks);
    this.#blame(loss);
    ring.derivatives.areFollowed = false;
    this.#step();
    ring.derivatives.areFollowed = true;
    this.#note('output', output);
    this.#floats.set('loss', [returned === undefined ? undefined : floatOf(returned)]);
    return {
      onKinks: onKinks && this.#isConvention,
      undecided: ring.undecided,
      failures: this.#failures,
      floats: this.#floats,
      isOutputWrong,
    };
  }

  /**
   * One step without its end. The loss is asked for last, so that nothing which it writes can help backward; and what
   * backward computes needs no derivatives, of which there are none of second order here.
   */
  #train(followsAll: boolean): Trained {
    const { ring, model, network } = this.#session;
    const { parameters, input, given, gradients } = this.#variables;
    this.#session.startSample();
    model.parameters.set(parameters);
    model.gradients.set(gradients);
    this.#session.setMasks(this.#variables.masks);
    const output = [...model.forward(input)];
    const weighted = hasLoss(network) ? undefined : this.#session.weighted(given, output);
    this.#expectUntouched('forward');
    ring.derivatives.areFollowed = followsAll;
    const returned = model.backward(given);
    this.#expectUntouched('backward');
    ring.derivatives.areFollowed = true;
    const loss = weighted ?? (followsAll ? returned : model.loss?.(given));
    const isKnown =
      loss === undefined ? returned === undefined : typeof loss === 'number' || ring.derivatives.isKnown(loss);
    return { output, returned, loss, isKnown };
  }

  #fail(claim: Claim, message: string, place: Place = {}): void {
    // One failure of a kind is enough: the rest follows from it.
    if (this.#failures.some((failure) => failure.claim === claim)) return;
    this.#failures.push({ claim, message, ...place });
  }

  #note(name: string, values: Iterable<Scalar>): void {
    this.#floats.set(name, Array.from(values, floatOf));
  }

  #equal(found: Scalar, expected: Scalar): boolean {
    return areEqual(this.#session.ring.lift(found), this.#session.ring.lift(expected));
  }

  #expectUntouched(pass: string): void {
    const { model, network } = this.#session;
    const slot = [...model.parameters].findIndex((found, n) => !this.#equal(found, this.#variables.parameters[n]!));
    if (slot < 0) return;
    const place = this.#session.writerOf(model.parameters, slot);
    this.#fail('addition', `${pass} changes the parameter ${nameOf(network, slot)}`, place);
  }

  #compareWithReference(
    output: readonly Scalar[],
    returned: Scalar | undefined,
    loss: Scalar | undefined,
    onKinks: boolean,
  ): boolean {
    const { ring, model, network } = this.#session;
    const ties = ring.hasTies;
    const reference = this.#session.runReference(this.#variables, onKinks);
    const expected = [...reference.evaluation.output.values];
    const wrong = expected.findIndex((one, n) => output[n] === undefined || !this.#equal(output[n], one));
    if (wrong >= 0 || output.length !== expected.length) {
      const place = wrong < 0 ? {} : this.#session.writerOf(model.output, wrong);
      this.#fail('reference', `output[${wrong}] is not what the reference computes`, place);
    }
    if (!hasLoss(network) && returned !== undefined) {
      this.#fail('reference', 'backward returns a number, where a network without a loss has none');
    }
    if (hasLoss(network) && (returned === undefined || !this.#equal(returned, reference.loss))) {
      this.#fail('reference', 'the loss is not what the reference computes');
    } else if (hasLoss(network) && !this.#equal(loss!, reference.loss)) {
      this.#fail('reference', '`loss` gives another number than `backward` does');
    }
    // Small integers are equal by chance.
    if (!this.#claimed) this.#session.thresholds.finishRound();
    ring.hasTies = ties;
    if (onKinks && !this.#claimed && this.#isDerivativeOf(loss)) this.#isConvention = false;
    this.#compareGradients(onKinks ? reference.loss : loss, onKinks);
    return wrong >= 0;
  }

  /** Of WebAssembly: the first array that holds something wrong, with its equation. */
  #blame(loss: Scalar | undefined): void {
    const failure = this.#failures[0];
    if (failure === undefined || this.#session.memory === undefined) return;
    const cause = blame(this.#session, this.#variables, loss, failure.claim === 'reference');
    if (cause !== undefined) this.#failures[0] = { ...failure, message: `${failure.message}: ${cause}` };
  }

  /** Whether the gradients are the derivative of a number, along the arms that were taken. */
  #isDerivativeOf(loss: Scalar | undefined): boolean {
    return gradientFaults(this.#session, this.#variables, loss).length === 0;
  }

  /** Against the derivative of this very forward pass; where numbers tie, against that of the reference. */
  #compareGradients(loss: Scalar | undefined, onKinks: boolean): void {
    const { model } = this.#session;
    this.#note('gradients', model.gradients);
    if (model.inputGradient !== undefined) this.#note('inputGradient', model.inputGradient);
    for (const { claim, message, ...place } of gradientFaults(this.#session, this.#variables, loss)) {
      this.#fail(claim ?? (onKinks ? 'kinks' : 'gradient'), message, place);
    }
  }

  #step(): void {
    const { model, network } = this.#session;
    const { rate, parameters } = this.#variables;
    const expected = this.#session.stepped(parameters, [...model.gradients], rate);
    model.step(rate);
    this.#note('parameters', model.parameters);
    const [stepped, left] = [[...model.parameters], [...model.gradients]];
    const wrong = stepped.findIndex((p, slot) => !this.#equal(p, expected[slot]!));
    if (wrong >= 0) {
      const place = this.#session.writerOf(model.parameters, wrong);
      this.#fail('step', `step gives ${nameOf(network, wrong)} another value than its formula`, place);
    }
    const kept = left.findIndex((g) => !this.#equal(g, 0));
    if (kept >= 0) this.#fail('step', `step leaves a gradient other than 0 for ${nameOf(network, kept)}`);
  }
}
