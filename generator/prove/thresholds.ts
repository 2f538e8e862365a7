import { difference, isZero, keyOf, minusOne, type Residue } from './field.ts';
import type { Ring } from './ring.ts';
import type { Value } from './value.ts';

/** By what a module may scale a comparison: hardSigmoid's z/6 + ½ > 0 is z > −3. */
const scales = [1, 6, 1 / 6, 2, 0.5];

/** A comparison with a constant in the module's text. */
interface Question {
  /** Its instruction and its constant. */
  readonly key: string;
  readonly line: number;
  readonly difference: Residue;
}

/**
 * Where regions end. That both arms of `z > 6` were taken and were right says nothing of the 6, unless a point falls
 * between it and the right number. So a module may compare a number with a constant other than 0 only if the reference
 * does, at some point at least: z − 6 must be among the differences that it compares with 0, but for sign and scale.
 */
export class Thresholds {
  readonly #ring: Ring;
  readonly #lines = new Map<string, number>();
  readonly #confirmed = new Set<string>();
  readonly #known = new Set<string>();
  readonly #instructionOf: (line: number) => number;
  #asked: Question[] = [];

  /**
   * @param instructionOf what stands at a line of the ring. Lanes are lines of their own, but one instruction asks for
   *   all: some of them may hold nothing that anyone uses, and the reference does not ask about these.
   */
  constructor(ring: Ring, instructionOf: (line: number) => number = (line) => line) {
    this.#ring = ring;
    this.#instructionOf = instructionOf;
  }

  startRound(): void {
    this.#known.clear();
    this.#asked = [];
  }

  /** Takes note of a comparison that the module makes. */
  readonly ofModule = (a: Value, b: Value): void => {
    // What is always 0, as W·0 beyond a border, the reference need not ask about; nor that a candidate of a pool happens
    // to be computed from limits alone, where the games are played in another order.
    const isThreshold = (one: Value, other: Value): boolean =>
      one.isWritten && !isZero(one) && this.#ring.isVariable(other) && !isZero(other);
    const limit = isThreshold(a, b) ? a : isThreshold(b, a) ? b : undefined;
    if (limit === undefined) return;
    const { line } = this.#ring;
    this.#asked.push({ key: `${this.#instructionOf(line)} ${keyOf(limit)}`, line, difference: difference(a, b) });
  };

  /** Takes note of a comparison that the reference makes. */
  readonly ofReference = (a: Value, b: Value): void => {
    const sign = difference(a, b);
    this.#known.add(keyOf(sign)).add(keyOf(this.#ring.product(sign, minusOne)));
  };

  /** Holds what the module asked in a round against what the reference asked. */
  finishRound(): void {
    const factors = scales.map((scale) => this.#ring.lift(scale));
    for (const { key, line, difference: asked } of this.#asked) {
      this.#lines.set(key, line);
      if (this.#confirmed.has(key)) continue;
      const isKnown = factors.some((factor) => this.#known.has(keyOf(this.#ring.product(asked, factor))));
      if (isKnown) this.#confirmed.add(key);
    }
  }

  /** The lines of comparisons that the reference never made. */
  unknownLines(): readonly number[] {
    return [...this.#lines].filter(([key]) => !this.#confirmed.has(key)).map(([, line]) => line);
  }
}
