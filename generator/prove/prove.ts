import { type Form, type GenerateOptions, stages } from '../pipeline.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { armsOf, type Branch } from './branches.ts';
import { explain } from './explain.ts';
import { checkHelpers, helperTolerance } from './helpers.ts';
import { PlainModel } from './plainModel.ts';
import { type PointName, pointOf, styleCount } from './points.ts';
import { type Exports, moduleHelpers, runPlain } from './program.ts';
import type { Failure, Proof } from './proof.ts';
import { type RoundResult, runRound } from './round.ts';
import { Session } from './session.ts';
import { stepFormulaOf } from './step.ts';
import { type Translation, translate } from './translate.ts';
import { Undecided } from './value.ts';

export interface ProveOptions {
  /** What all random numbers come from; the same seed gives the same proof. */
  readonly seed?: number;
  /** At most this many points, if branches ask for more than the least. */
  readonly rounds?: number;
  /** Called after every point. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly rounds: number;
  readonly arms: number;
  readonly armsTaken: number;
  /** A guess of how much of the work is done, from 0 to 1. */
  readonly share: number;
}

const defaultRounds = 96;
/** Points where every arm was taken before: what is left of them goes to kinks. */
const enoughRounds = 40;
/** So many points in a row that show no new arm, and no new branch where numbers tie, end the search. */
const patience = 24;

/**
 * Proves the module that longhand writes for a spec.
 *
 * @param spec what a `*.net.json` file holds
 * @throws SpecError if the spec is not right or too large for the form
 */
export function proveNetwork(spec: unknown, options: ProveOptions & { readonly form?: Form } = {}): Proof {
  const { form } = options;
  const generated: GenerateOptions = { inputGradient: true, ...(form === undefined ? {} : { form }) };
  const network = stages.shape(stages.parse(spec));
  const program = stages.equations(network, generated);
  const text = stages.print(network, program, stages.plan(program, generated));
  return proveText(text, network, options);
}

/**
 * Proves the text of a generated module: that its backward pass is the derivative of its forward pass, and its forward
 * pass is that of the reference interpreter, in exact arithmetic at random points until every arm of every branch was
 * taken. What was shown and what was not, the proof says.
 */
export function proveText(text: string, network: ShapedNetwork, options: ProveOptions = {}): Proof {
  return new Prover(text, network, options).prove();
}

class Prover {
  readonly #text: string;
  readonly #network: ShapedNetwork;
  readonly #seed: number;
  readonly #mostRounds: number;
  readonly #onProgress: (progress: Progress) => void;
  readonly #failures: Failure[] = [];
  #helpers: Proof['helpers'] = [];
  readonly #rounds = { random: 0, kinks: 0, undecided: 0 };
  /** The point before, whose numbers the buffers still hold. */
  #before: readonly PointName[] = [];
  #taken = new Uint8Array(0);
  #takenAtRandom = new Uint8Array(0);

  constructor(text: string, network: ShapedNetwork, { seed = 1, rounds = defaultRounds, onProgress }: ProveOptions) {
    this.#text = text;
    this.#network = network;
    this.#seed = seed;
    this.#mostRounds = rounds;
    this.#onProgress = onProgress ?? (() => {});
  }

  prove(): Proof {
    const translation = this.#guard(() =>
      translate(this.#text, { file: `${this.#network.name}.ts`, branches: true, helpers: moduleHelpers() }),
    );
    const plain = this.#guard(() => runPlain(this.#text));
    if (translation === undefined || plain === undefined) return this.#conclude(0, []);
    this.#taken = new Uint8Array(translation.places);
    this.#takenAtRandom = new Uint8Array(translation.places);
    const slots = this.#runRounds(translation, plain);
    this.#checkHelpers(plain);
    return this.#conclude(slots, translation.branches);
  }

  /** Rounds until nothing new is seen, or the first that fails; the number of slots compared in each. */
  #runRounds(translation: Translation, plain: Exports): number {
    const session = this.#guard(() => new Session(translation, () => plain, this.#network, this.#seed));
    const model = this.#guard(() => new PlainModel(plain));
    if (session === undefined || model === undefined) return 0;
    let sinceNew = 0;
    let isComplete = false;
    for (let round = 0; round < this.#mostRounds && this.#failures.length === 0; round++) {
      const seen = this.#taken.reduce((sum, taken) => sum + taken, 0);
      this.#runRound(session, model, { seed: this.#seed, round, onKinks: isComplete });
      // Arms, and branches at which numbers tied.
      sinceNew = this.#taken.reduce((sum, taken) => sum + taken, 0) > seen ? 0 : sinceNew + 1;
      const { total, untaken } = armsOf(translation.branches, this.#taken);
      const share = (round + 1) / Math.min(this.#mostRounds, untaken.length === 0 ? enoughRounds : defaultRounds);
      this.#onProgress({
        rounds: round + 1,
        arms: total,
        armsTaken: total - untaken.length,
        share: Math.min(share, 1),
      });
      if (round + 1 < styleCount || !this.#isDecided()) continue;
      isComplete = untaken.length === 0;
      const isTieless = isComplete && total === 0;
      if (isTieless || sinceNew >= patience || (isComplete && round + 1 >= enoughRounds)) break;
    }
    this.#checkThresholds(session);
    const { gradients, inputGradient } = session.model;
    return gradients.length + (inputGradient?.length ?? 0);
  }

  #checkThresholds({ thresholds }: Session): void {
    const [line] = thresholds.unknownLines();
    if (line === undefined || this.#failures.length > 0) return;
    const message = 'a number is compared with a constant that the reference does not compare it with';
    this.#failures.push({ claim: 'reference', message, line });
  }

  #isDecided(): boolean {
    return this.#rounds.random + this.#rounds.kinks > 0;
  }

  #runRound(session: Session, plain: PlainModel, name: PointName): void {
    const point = pointOf(this.#network, name);
    const result = this.#guard(() => runRound(session, point), session);
    const before = this.#before;
    this.#before = [name];
    if (result === undefined) return;
    this.#compareFloats(result, plain.run(point));
    if (result.undecided !== undefined) {
      this.#rounds.undecided++;
      return;
    }
    this.#rounds[result.onKinks ? 'kinks' : 'random']++;
    for (const [place, visits] of session.ring.visited.entries()) {
      if (visits === 0) continue;
      this.#taken[place] = 1;
      if (!result.onKinks) this.#takenAtRandom[place] = 1;
    }
    this.#failures.push(...explain(result, { text: this.#text, network: this.#network, points: [...before, name] }));
  }

  /** What the program refuses to do is a failure with the line it stood at, not an exception. */
  #guard<T>(run: () => T, session?: Session): T | undefined {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof Undecided) this.#rounds.undecided++;
      else this.#failures.push({ claim: 'gradient', message: error.message, ...lineOf(session) });
      return undefined;
    }
  }

  #compareFloats({ floats }: RoundResult, expected: RoundResult['floats']): void {
    for (const [name, numbers] of floats) {
      const right = expected.get(name);
      const slot = numbers.findIndex((found, n) => !Object.is(found, right?.[n]));
      if (slot < 0 && numbers.length === right?.length) continue;
      const message = `${name}[${slot}]: the translated text computes ${numbers[slot]}, the untouched one ${right?.[slot]}`;
      this.#failures.push({ claim: 'floats', message });
    }
  }

  #checkHelpers(plain: Exports): void {
    this.#helpers = checkHelpers(plain);
    for (const { name, error } of this.#helpers) {
      if (error <= helperTolerance) continue;
      const message = `${name} is off by up to ${error.toExponential(1)}, expected at most ${helperTolerance}`;
      this.#failures.push({ claim: 'reference', message });
    }
  }

  #conclude(slots: number, branches: readonly Branch[]): Proof {
    const { name, loss, optimizer } = this.#network;
    if (this.#failures.length === 0 && !this.#isDecided()) {
      this.#failures.push({
        claim: 'gradient',
        message: 'no point was decided: rounding hid or feigned a tie at each',
      });
    }
    const arms = armsOf(branches, this.#taken);
    const atRandom = armsOf(branches, this.#takenAtRandom);
    const taken = ({ total, untaken }: typeof arms): number => total - untaken.length;
    return {
      network: name,
      proved: this.#failures.length === 0,
      failures: this.#failures,
      hasLoss: loss !== undefined,
      slots,
      stepFormula: stepFormulaOf(optimizer),
      rounds: this.#rounds,
      arms: { total: arms.total, onKinksOnly: taken(arms) - taken(atRandom), untaken: arms.untaken },
      helpers: this.#helpers,
    };
  }
}

function lineOf(session: Session | undefined): { readonly line?: number } {
  const line = session?.ring.line ?? 0;
  return line === 0 ? {} : { line };
}
