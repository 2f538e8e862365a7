import { Arithmetic } from './arithmetic.ts';
import { type ArrayName, Cells, type CellsConstructor, cellsConstructor, conversions } from './cells.ts';
import type { Derivatives } from './derivatives.ts';
import { type ExactMath, exactMath } from './math.ts';
import { Refusal } from './refusal.ts';
import { floatOf, type Scalar, Value } from './value.ts';

/**
 * Exact arithmetic for translated programs: every operator of the text is a call of one of these methods. Plain numbers
 * stay plain while they are integers; whatever meets a number of the network becomes one.
 */
export class Ring<D extends Derivatives = Derivatives> extends Arithmetic<D> {
  readonly Math: ExactMath;
  readonly arrays: Readonly<Record<ArrayName, CellsConstructor>>;
  /** The line that the program is at. */
  line = 0;
  /** Which way the program went at its branches since `startRound`, by the numbers that the translator gave them. */
  visited = new Uint8Array(0);

  /** @param numbers what a float32 may stand for that is no simple fraction */
  constructor(seed: number, derivatives: D, numbers: readonly number[] = []) {
    super(seed, derivatives, numbers);
    this.Math = exactMath(this);
    const names = Object.keys(conversions) as ArrayName[];
    this.arrays = Object.fromEntries(names.map((name) => [name, cellsConstructor(name)])) as Record<
      ArrayName,
      CellsConstructor
    >;
  }

  /** A new computation begins; forgets what was noted about branches. */
  startRound(): void {
    this.derivatives.clear();
    this.visited.fill(0);
    this.hasTies = false;
    this.undecided = undefined;
    this.ties = 'first';
  }

  // Branches

  /** A condition; notes which arm it leads to, where the translator gave the branch a number. */
  test<T>(condition: T, branch = -1): T {
    if (condition instanceof Value) throw new Refusal('found a number of the network as a condition');
    if (branch >= 0) {
      this.visited[branch + (condition ? 0 : 1)] = 1;
      if (this.tied) this.visited[branch + 2] = 1;
    }
    this.tied = false;
    return condition;
  }

  /** `Math.max` and its like; notes which argument won, for |u| whether u is negative. */
  choose(name: 'max' | 'min' | 'abs', first: number, ...values: Scalar[]): Scalar {
    const chosen = name === 'abs' ? this.Math.abs(values[0]!) : this.Math[name](...values);
    const winner =
      name === 'abs' ? Number(floatOf(values[0]!) < 0) : values.findIndex((one) => floatOf(one) === floatOf(chosen));
    if (winner >= 0) this.visited[first + winner] = 1;
    return chosen;
  }

  /** Notes that a place was reached. */
  visit(place: number): void {
    this.visited[place] = 1;
  }

  /** `typeof`, to which a number is a number. */
  typeOf(value: unknown): string {
    return value instanceof Value ? 'number' : typeof value;
  }

  // Arrays

  get(from: unknown, at: unknown): unknown {
    if (from instanceof Cells) return from.get(at);
    return (from as Record<string | number, unknown>)[this.#key(at)];
  }

  /** Within an optional chain: nothing of nothing. */
  getFromChain(from: unknown, at: unknown): unknown {
    return from === undefined || from === null ? undefined : this.get(from, at);
  }

  put<T>(into: unknown, at: unknown, value: T): T {
    if (into instanceof Cells) into.put(at, value as Scalar, this.line);
    else (into as Record<string | number, unknown>)[this.#key(at)] = value;
    return value;
  }

  /** `array[at] ⊕= operand` */
  revise(array: unknown, at: unknown, operator: 'plus' | 'subtract' | 'times' | 'divide', operand: Scalar): Scalar {
    return this.put(array, at, this[operator](this.get(array, at) as Scalar, operand));
  }

  #key(at: unknown): string | number {
    if (at instanceof Value) throw new Refusal('found a number of the network as an index, expected an integer');
    return at as string | number;
  }
}
