import { seluAlpha, seluScale } from '../equations/functions.ts';
import { one, product, quotient, type Residue, residueOf } from './field.ts';
import { randomResidue } from './random.ts';

/** A fraction in lowest terms. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * The residues of literals. A literal means the simplest fraction that rounds to it (0.2 is 1/5, not the double next
 * to it), unless it is one of a few irrational numbers, whose residues satisfy the identities between them.
 */
export class Constants {
  readonly #irrational: ReadonlyMap<number, Residue>;
  readonly #known = new Map<number, Residue>();
  /** Numbers that are known to be meant by the float32 nearest to them. */
  readonly #meant: ReadonlyMap<number, number>;

  /** @param numbers what a float32 may stand for that is no simple fraction: the numbers of a spec */
  constructor(seed: number, numbers: readonly number[] = []) {
    // (2^31)² = 2^62 = 2, so √2 is 2^31.
    const root = { hi: 1, lo: 0 };
    const twoOverRootPi = this.twoOverRootPi(seed);
    const rootPi = quotient(residueOf(2n), twoOverRootPi);
    this.#irrational = new Map([
      [Math.SQRT2, root],
      [Math.SQRT1_2, quotient(one, root)],
      [2 / Math.sqrt(Math.PI), twoOverRootPi],
      // 1/√π, for ½·2/√π
      [1 / Math.sqrt(Math.PI), quotient(one, rootPi)],
      [Math.sqrt(Math.PI), rootPi],
      [1 / Math.sqrt(2 * Math.PI), quotient(one, product(rootPi, root))],
      [Math.PI, product(rootPi, rootPi)],
      // gelu by tanh: 2√(2/π), and twice that in its derivative
      [2 * Math.sqrt(2 / Math.PI), product(root, twoOverRootPi)],
      [4 * Math.sqrt(2 / Math.PI), product(residueOf(2n), product(root, twoOverRootPi))],
    ]);
    // Products that the code holds as one constant: λα of selu's derivative, and in that of gelu by tanh, 2√(2/π)·0.044715·2.
    const gelu = 2 * Math.sqrt(2 / Math.PI);
    const ofCube = (factor: number): readonly [number, number] => [factor, 0.044715];
    const products = [[seluScale, seluAlpha] as const, ...[gelu, 2 * gelu, 2].map(ofCube)];
    for (const [a, b] of products) this.#known.set(a * b, product(this.residue(a), this.residue(b)));
    const factors = [seluScale, seluAlpha, 0.044715, ...products.map(([a, b]) => a * b)];
    // Of losses: log 2, and what keeps a probability away from 0 and 1; what keeps a norm and its square away from 0.
    const bounds = [Math.LN2, 1e-7, 1 - 1e-7, 1e-12, 1e-24];
    // A float32 that is an integer means itself: 3 + 1e-7 rounds to 3. Of two numbers that round alike the later is meant.
    const all = [...this.#irrational.keys(), ...factors, ...bounds, ...numbers];
    const meant = all.filter((number) => !Number.isInteger(Math.fround(number)));
    this.#meant = new Map(meant.flatMap((number) => [number, -number]).map((number) => [Math.fround(number), number]));
  }

  /** The random residue that stands for 2/√π. */
  twoOverRootPi(seed: number): Residue {
    return randomResidue(seed, 0x2f70695e);
  }

  /** The residue of a finite number. */
  residue(value: number): Residue {
    if (value < 0) return product(this.residue(-value), residueOf(-1n));
    const known = this.#irrational.get(value) ?? this.#known.get(value);
    if (known !== undefined) return known;
    const { numerator, denominator } = simplestFraction(value);
    const residue = quotient(residueOf(numerator), residueOf(denominator));
    this.#known.set(value, residue);
    return residue;
  }

  /**
   * The number that a float32 other than 0 stands for: one of a few that are known, or the simplest fraction that rounds
   * to it.
   */
  float32(value: number): { readonly float: number; readonly residue: Residue } {
    const meant = this.#meant.get(value);
    if (meant !== undefined) return { float: meant, residue: this.residue(meant) };
    if (value < 0) {
      const { float, residue } = this.float32(-value);
      return { float: -float, residue: product(residue, residueOf(-1n)) };
    }
    const { numerator, denominator } = simplestFraction(value, neighbourInFloat32);
    const residue = quotient(residueOf(numerator), residueOf(denominator));
    return { float: Number(numerator) / Number(denominator), residue };
  }
}

/** The fraction of the smallest denominator that rounds to `value`, a finite number ≥ 0. */
export function simplestFraction(value: number, neighbour = neighbourInFloat64): Fraction {
  if (value === 0) return { numerator: 0n, denominator: 1n };
  const { numerator, denominator } = exactFraction(value);
  // Half-way to either neighbour. At a power of two the one below is nearer, but what is simpler there rounds up too.
  const half = (neighbour: number): Fraction => {
    const other = exactFraction(neighbour);
    return {
      numerator: numerator * other.denominator + other.numerator * denominator,
      denominator: 2n * denominator * other.denominator,
    };
  };
  return simplestBetween(half(neighbour(value, -1n)), half(neighbour(value, 1n)));
}

/** The next double above (+1) or below (−1). */
function neighbourInFloat64(value: number, direction: 1n | -1n): number {
  const bits = new BigInt64Array(new Float64Array([value]).buffer);
  bits[0]! += direction;
  return new Float64Array(bits.buffer)[0]!;
}

/** The next float32 above (+1) or below (−1). */
function neighbourInFloat32(value: number, direction: 1n | -1n): number {
  const bits = new Int32Array(new Float32Array([value]).buffer);
  bits[0]! += Number(direction);
  return new Float32Array(bits.buffer)[0]!;
}

/** A double is an integer times a power of two. */
function exactFraction(value: number): Fraction {
  let scaled = value;
  let denominator = 1n;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    denominator *= 2n;
  }
  return { numerator: BigInt(scaled), denominator };
}

/** The simplest fraction strictly between two, by continued fractions (the Stern–Brocot tree). */
function simplestBetween(low: Fraction, high: Fraction): Fraction {
  const whole = low.numerator / low.denominator;
  if ((whole + 1n) * high.denominator < high.numerator) return { numerator: whole + 1n, denominator: 1n };
  const below = { numerator: high.denominator, denominator: high.numerator - whole * high.denominator };
  const above = { numerator: low.denominator, denominator: low.numerator - whole * low.denominator };
  if (above.denominator === 0n) return betweenAndInfinity(whole, below);
  const { numerator, denominator } = simplestBetween(below, above);
  return { numerator: whole * numerator + denominator, denominator: numerator };
}

/** whole + 1/n for the smallest integer n above `least`. */
function betweenAndInfinity(whole: bigint, least: Fraction): Fraction {
  const n = least.numerator / least.denominator + 1n;
  return { numerator: whole * n + 1n, denominator: n };
}
