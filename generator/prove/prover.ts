import { batchLayers } from '../reference/batch.ts';
import { hasLoss } from '../spec/losses.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { checkBatch } from './batch.ts';
import { armsOf } from './branches.ts';
import { explain, rootsOf } from './explain.ts';
import { type FloatCheck, floatCheckOf } from './floatCheck.ts';
import { checkHelpers, helperTolerance } from './helpers.ts';
import { type PointName, pointOf, styleCount } from './points.ts';
import { type Exports, moduleHelpers, runPlain } from './program.ts';
import type { Failure, Proof } from './proof.ts';
import { type RoundResult, runRound } from './round.ts';
import { Session, type WasmSubject } from './session.ts';
import { stepFormulaOf } from './step.ts';
import { TapeIsFull } from './tape.ts';
import { type Translation, translate } from './translate.ts';
import { Undecided } from './value.ts';
import { MemoryFault } from './wasm/exactMemory.ts';

export interface ProverOptions {
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
/**
 * So many points in a row that show no new arm, and no new branch where numbers tie, end the search. One point of a large
 * network takes an arm at thousands of places, and seconds: fewer do, one in so many for each doubling of the work.
 *
 * @param work numbers that a point records
 */
function patienceFor(work: number): number {
  const doublings = Math.max(0, Math.log2(work / 2 ** 18));
  return Math.max(work > large ? 3 : 5, Math.round(24 / (1 + doublings)));
}

/** Samples that the functions for many are tried with, at least, and numbers that a trial with more may compute. */
const batch = { few: 3, least: 2, most: 2 ** 21 };
/** From so many numbers at a point on, what is no part of the proof itself is done as seldom as it may: half of ResNet8's. */
const large = 2 ** 26;
/** So many rounds' work it is to try them. */
const batchRounds = 6;

/** Proves one of the codes of a module; of TypeScript there is one. */
export function proveVariant(
  text: string,
  network: ShapedNetwork,
  options: ProverOptions,
  wasm?: WasmSubject,
): { readonly proof: Proof; readonly relaxed: Session['relaxed']; readonly isLarge: boolean } {
  const prover = new Prover(text, network, options, wasm);
  return { proof: prover.prove(), relaxed: prover.relaxed, isLarge: prover.isLarge };
}

class Prover {
  readonly #text: string;
  readonly #network: ShapedNetwork;
  readonly #wasm: WasmSubject | undefined;
  readonly #seed: number;
  readonly #mostRounds: number;
  readonly #onProgress: (progress: Progress) => void;
  readonly #failures: Failure[] = [];
  #helpers: Proof['helpers'] = [];
  readonly #rounds = { random: 0, kinks: 0, undecided: 0 };
  /** The point before, whose numbers the buffers still hold. */
  #before: readonly PointName[] = [];
  #session: Session | undefined;
  #sources: { readonly translation: Translation; readonly plain: Exports } | undefined;
  #taken = new Uint8Array(0);
  #takenAtRandom = new Uint8Array(0);
  /** Whether a point is so much work that not everything is looked at again at each. */
  #isLarge = false;

  constructor(
    text: string,
    network: ShapedNetwork,
    { seed = 1, rounds = defaultRounds, onProgress }: ProverOptions,
    wasm: WasmSubject | undefined,
  ) {
    this.#text = text;
    this.#network = network;
    this.#wasm = wasm;
    this.#seed = seed;
    this.#mostRounds = rounds;
    this.#onProgress = onProgress ?? (() => {});
  }

  get relaxed(): Session['relaxed'] {
    return this.#session?.relaxed ?? 'none';
  }

  get isLarge(): boolean {
    return this.#isLarge;
  }

  prove(): Proof {
    const isWasm = this.#wasm !== undefined;
    const translation = this.#guard(() =>
      translate(this.#text, {
        file: `${this.#network.name}.ts`,
        branches: !isWasm,
        isFloat32: isWasm,
        helpers: moduleHelpers(),
      }),
    );
    const plain = this.#guard(() => runPlain(this.#text));
    if (translation === undefined || plain === undefined) return this.#conclude(0);
    const slots = this.#runRounds(translation, plain);
    this.#checkHelpers(plain);
    return this.#conclude(slots);
  }

  /** Rounds until nothing new is seen, or the first that fails; the number of slots compared in each. */
  #runRounds(translation: Translation, plain: Exports): number {
    this.#sources = { translation, plain };
    const session = this.#guard(() => this.#start());
    const floats = this.#guard(() => floatCheckOf(this.#text, plain, this.#wasm?.variant));
    if (session === undefined || floats === undefined) return 0;
    this.#session = session;
    this.#taken = new Uint8Array(session.ring.visited.length);
    this.#takenAtRandom = new Uint8Array(session.ring.visited.length);
    let sinceNew = 0;
    let share = 0;
    let isComplete = false;
    for (let round = 0; round < this.#mostRounds && this.#failures.length === 0; round++) {
      const seen = this.#taken.reduce((sum, taken) => sum + taken, 0);
      this.#runRound(session, floats, { seed: this.#seed, round, onKinks: isComplete });
      // Arms, and branches at which numbers tied.
      sinceNew = this.#taken.reduce((sum, taken) => sum + taken, 0) > seen ? 0 : sinceNew + 1;
      const { total, untaken } = armsOf(session.branches, this.#taken);
      const patience = patienceFor(session.work);
      // Where nothing new is seen from here on.
      const last = Math.max(styleCount, round + 1 - sinceNew + patience);
      share = Math.max(share, (round + 1) / Math.min(this.#mostRounds, last + batchRounds));
      this.#onProgress({
        rounds: round + 1,
        arms: total,
        armsTaken: total - untaken.length,
        share: this.#shareOfAll(share),
      });
      if (round + 1 < styleCount || !this.#isDecided()) continue;
      isComplete = untaken.length === 0;
      const isTieless = isComplete && total === 0;
      if (isTieless || sinceNew >= patience || (isComplete && round + 1 >= enoughRounds)) break;
    }
    if (this.#failures.length === 0) this.#checkThresholds(session);
    if (this.#failures.length === 0) this.#checkBatch(session);
    const { gradients, inputGradient } = session.model;
    return gradients.length + (inputGradient?.length ?? 0);
  }

  /** Two codes are two halves, where they are proved one by one. */
  #shareOfAll(share: number): number {
    if (this.#wasm?.variant === 'relaxed') return 0.5 + share / 2;
    return this.relaxed === 'other' ? share / 2 : share;
  }

  #start(isRecorded = false): Session {
    const { translation, plain } = this.#sources!;
    const wasm = this.#wasm === undefined ? {} : { wasm: this.#wasm };
    return new Session(translation, () => plain, this.#network, { seed: this.#seed, isRecorded, ...wasm });
  }

  #checkThresholds(session: Session): void {
    const [line] = session.thresholds.unknownLines();
    if (line === undefined) return;
    const message = 'a number is compared with a constant that the reference does not compare it with';
    this.#failures.push({ claim: 'reference', message, ...session.placeOfComparison(line) });
  }

  /** More samples than one call of the code takes, where that is not too much work. */
  #checkBatch(session: Session): void {
    const atOnce = this.#wasm?.map.batch ?? 0;
    const many = session.work * (atOnce + 1) <= batch.most ? atOnce + 1 : 0;
    const points = Array.from({ length: Math.max(this.#isLarge ? batch.least : batch.few, many) }, (_, n) =>
      pointOf(this.#network, { seed: this.#seed, round: styleCount * n, onKinks: false }),
    );
    const trial = batchLayers(this.#network).length > 0 ? this.#guard(() => this.#start(true)) : session;
    const failures = trial && this.#guard(() => checkBatch(trial, points, () => this.#start()), trial);
    this.#failures.push(...(failures ?? []));
  }

  #isDecided(): boolean {
    return this.#rounds.random + this.#rounds.kinks > 0;
  }

  #runRound(session: Session, floats: FloatCheck, name: PointName): void {
    const point = pointOf(this.#network, name);
    const result = this.#guard(() => runRound(session, point), session);
    const before = this.#before;
    this.#before = [name];
    if (result === undefined) return;
    this.#isLarge = session.work > large;
    if (!this.#isLarge || this.#wasm === undefined || before.length === 0)
      this.#failures.push(...floats.compare(point, result.floats));
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
    if (result.failures.length > 0) this.#failures.push(...this.#explained(result, [...before, name]));
  }

  /**
   * The failures of a round with what is to blame. That some gradient is wrong was seen by the derivative along one
   * direction; which one it is, a record of the same round says.
   */
  #explained(result: RoundResult, points: readonly PointName[]): readonly Failure[] {
    try {
      const recorded = this.#start(true);
      const { failures } = points.map((name) => runRound(recorded, pointOf(this.#network, name))).at(-1)!;
      const located = failures.length > 0 ? { ...result, failures } : result;
      if (this.#wasm !== undefined) return rootsOf(located.failures);
      return explain(located, { text: this.#text, network: this.#network, points });
    } catch (error) {
      // Of what is too large to be recorded, that has to do.
      if (error instanceof TapeIsFull) return rootsOf(result.failures);
      throw error;
    }
  }

  /** What the program refuses to do is a failure with the line it stood at, not an exception. */
  #guard<T>(run: () => T, session?: Session): T | undefined {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof Undecided) this.#rounds.undecided++;
      else {
        const claim = error instanceof MemoryFault ? 'memory' : 'gradient';
        this.#failures.push({ claim, message: error.message, ...session?.placeOfError(error) });
      }
      return undefined;
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

  #conclude(slots: number): Proof {
    const { name, optimizer } = this.#network;
    if (this.#failures.length === 0 && !this.#isDecided()) {
      this.#failures.push({
        claim: 'gradient',
        message: 'no point was decided: rounding hid or feigned a tie at each',
      });
    }
    const branches = this.#session?.branches ?? [];
    const arms = armsOf(branches, this.#taken, this.#session?.placeOfBranch);
    const atRandom = armsOf(branches, this.#takenAtRandom);
    const taken = ({ total, untaken }: typeof arms): number => total - untaken.length;
    return {
      network: name,
      proved: this.#failures.length === 0,
      failures: this.#failures,
      hasLoss: hasLoss(this.#network),
      hasStatistics: batchLayers(this.#network).length > 0,
      variants: this.#wasm === undefined ? [] : ['plain'],
      slots,
      stepFormula: stepFormulaOf(optimizer),
      rounds: this.#rounds,
      arms: { total: arms.total, onKinksOnly: taken(arms) - taken(atRandom), untaken: arms.untaken },
      helpers: this.#helpers,
      recognized: this.#session?.recognized ?? [],
    };
  }
}
