/** A multiple of a number: of one of those that are given, counted from 0, or of a partial sum, counted on from there. */
export interface Multiple {
  readonly of: number;
  readonly weight: number;
}

/** Sums of multiples, and the partial sums that several of them are made of. */
export interface Linear {
  readonly partial: readonly (readonly Multiple[])[];
  readonly sums: readonly (readonly Multiple[])[];
}

/** Two numbers that stand in several sums in one proportion. */
interface Pair {
  readonly a: number;
  readonly b: number;
  readonly ratio: number;
  readonly rows: number[];
}

/**
 * The rows of a matrix times some numbers, with what several rows have in common added up once: the pair that stands in most
 * rows first, until no pair stands in two (Paar, "Optimized arithmetic for Reed-Solomon encoders", 1997, with weights). For
 * points ±p this is what one writes by hand, the sum and the difference of an even and an odd part:
 *
 *   4a + 4b − c − d, −4a + 4b + c − d   →   u = 4a − c, v = 4b − d;  u + v, −u + v
 *
 * @param rows a weight for each number; 0 where it has no part in a sum
 */
export function shareTerms(rows: readonly (readonly number[])[]): Linear {
  const sums = rows.map((row) => new Map([...row.entries()].filter(([, weight]) => weight !== 0)));
  const partial: Multiple[][] = [];
  const given = rows[0]?.length ?? 0;
  for (let pair = commonest(sums); pair !== undefined; pair = commonest(sums)) {
    const { a, b, rows: own } = pair;
    const weighted = own.map((row) => [sums[row]!.get(a)!, sums[row]!.get(b)!] as const);
    // The weights that leave the fewest products: those of a row, or none in a mere sum or difference.
    const candidates = [...weighted, ...(Math.abs(pair.ratio) === 1 ? [[1, pair.ratio] as const] : [])];
    const costs = candidates.map(([weight, other]) => {
      const inside = products(weight) + products(other);
      return weighted.reduce((sum, [one]) => sum + products(one / weight), inside);
    });
    const [first, second] = candidates[costs.indexOf(Math.min(...costs))]!;
    const of = given + partial.length;
    partial.push([
      { of: a, weight: first },
      { of: b, weight: second },
    ]);
    for (const [position, row] of own.entries()) {
      const sum = sums[row]!;
      sum.delete(a);
      sum.delete(b);
      sum.set(of, weighted[position]![0] / first);
    }
  }
  return {
    partial: partial.map(positiveFirst),
    sums: sums.map((sum) => positiveFirst([...sum].map(([of, weight]) => ({ of, weight })))),
  };
}

/** The pair that stands in most rows, the first of those; none if none stands in two. */
function commonest(sums: readonly ReadonlyMap<number, number>[]): Pair | undefined {
  const pairs = new Map<string, Pair>();
  for (const [row, sum] of sums.entries()) {
    const terms = [...sum].sort(([a], [b]) => a - b);
    for (const [position, [a, weight]] of terms.entries()) {
      for (const [b, other] of terms.slice(position + 1)) {
        const ratio = other / weight;
        const key = `${a} ${b} ${ratio}`;
        const known = pairs.get(key);
        if (known === undefined) pairs.set(key, { a, b, ratio, rows: [row] });
        else known.rows.push(row);
      }
    }
  }
  let best: Pair | undefined;
  for (const pair of pairs.values()) if (pair.rows.length > (best?.rows.length ?? 1)) best = pair;
  return best;
}

const products = (weight: number): number => (Math.abs(weight) === 1 ? 0 : 1);

/** A sum begins with what is added, so that no sign is turned. */
function positiveFirst(terms: readonly Multiple[]): Multiple[] {
  return [...terms.filter(({ weight }) => weight > 0), ...terms.filter(({ weight }) => weight < 0)];
}
