import { coordinatesOf } from '../equations/tensor.ts';
import { parameterShapes } from '../reference/interpreter.ts';
import { hasLoss } from '../spec/losses.ts';
import { areEqual, type Residue } from './field.ts';
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
    const { ring, model } = this.#session;
    const { parameters, input, given, gradients } = this.#variables;
    this.#session.startSample();
    model.parameters.set(parameters);
    model.gradients.set(gradients);
    this.#session.setMasks(this.#variables.masks);
    const output = [...model.forward(input)];
    const weighted = hasLoss(this.#session.network) ? undefined : this.#session.weighted(given, output);
    this.#expectUntouched('forward');
    const returned = model.backward(given);
    this.#expectUntouched('backward');
    const onKinks = this.#claimed || ring.hasTies;
    const isOutputWrong = this.#compareWithReference(output, returned, weighted ?? returned, onKinks);
    this.#blame(weighted ?? returned);
    this.#step();
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
    const reference = this.#session.runReference(this.#variables);
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
    const { ring, model, frozen } = this.#session;
    const { parameters, gradients } = this.#variables;
    const adjoints = ring.tape.adjointsOf(typeof loss === 'object' ? loss.node : 0);
    const found = [...model.gradients];
    return parameters.every((p, slot) => {
      const derivative = ring.make(0, 0, frozen.has(slot) ? zeroResidue : adjoints.of(p.node));
      return this.#equal(found[slot]!, ring.plus(gradients[slot]!, derivative));
    });
  }

  /** Against the derivative of this very forward pass; where numbers tie, against that of the reference. */
  #compareGradients(loss: Scalar | undefined, onKinks: boolean): void {
    const { ring, model, network } = this.#session;
    const { parameters, gradients, input } = this.#variables;
    const adjoints = ring.tape.adjointsOf(typeof loss === 'object' ? loss.node : 0);
    const claim = onKinks ? 'kinks' : 'gradient';
    const found = [...model.gradients];
    this.#note('gradients', found);
    for (const [slot, p] of parameters.entries()) {
      const derivative = this.#session.frozen.has(slot) ? zeroResidue : adjoints.of(p.node);
      const sum = ring.make(0, 0, derivative);
      if (this.#equal(found[slot]!, ring.plus(gradients[slot]!, sum))) continue;
      const [name, place] = [nameOf(network, slot), this.#session.writerOf(model.gradients, slot)];
      if (this.#equal(found[slot]!, sum)) {
        this.#fail('addition', `backward sets the gradient of ${name}, where it should add to it`, place);
      } else this.#fail(claim, `the gradient of ${name} is not the derivative`, place);
    }
    if (model.inputGradient === undefined) return;
    const inputGradient = [...model.inputGradient];
    this.#note('inputGradient', inputGradient);
    for (const [slot, x] of input.entries()) {
      if (this.#equal(inputGradient[slot]!, ring.make(0, 0, adjoints.of(x.node)))) continue;
      const name = `x[${coordinatesOf(network.input, slot).join(',')}]`;
      const place = this.#session.writerOf(model.inputGradient, slot);
      this.#fail(claim, `the gradient of the input ${name} is not the derivative`, place);
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

const zeroResidue: Residue = { hi: 0, lo: 0 };

/** `conv2d1/kernel[0,1,0,2]` */
export function nameOf(network: Session['network'], slot: number): string {
  const parameter = parameterShapes(network).findLast(({ offset }) => offset <= slot)!;
  return `${parameter.name}[${coordinatesOf(parameter.shape, slot - parameter.offset).join(',')}]`;
}
