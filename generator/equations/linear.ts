/** A constant plus whole multiples of unknowns, such as 2i + p − 1: a coordinate of indices, an address of variables. */
export interface Linear<N> {
  readonly constant: number;
  /** No multiple is 0. */
  readonly terms: ReadonlyMap<N, number>;
}

export function addLinear<N>(...summands: readonly (Linear<N> | number)[]): Linear<N> {
  let total = 0;
  const terms = new Map<N, number>();
  for (const summand of summands) {
    if (typeof summand === 'number') {
      total += summand;
      continue;
    }
    total += summand.constant;
    for (const [one, coefficient] of summand.terms) {
      const sum = (terms.get(one) ?? 0) + coefficient;
      if (sum === 0) terms.delete(one);
      else terms.set(one, sum);
    }
  }
  return { constant: total, terms };
}

export function scaleLinear<N>(factor: number, { constant, terms }: Linear<N>): Linear<N> {
  if (factor === 0) return { constant: 0, terms: new Map() };
  return {
    constant: factor * constant,
    terms: new Map([...terms].map(([one, coefficient]) => [one, factor * coefficient])),
  };
}

export function sameLinear<N>(a: Linear<N>, b: Linear<N>): boolean {
  return a.constant === b.constant && sameTerms(a, b);
}

/** Whether two differ by a constant alone, or not at all. */
export function sameTerms<N>(a: Linear<N>, b: Linear<N>): boolean {
  return a.terms.size === b.terms.size && [...a.terms].every(([one, coefficient]) => b.terms.get(one) === coefficient);
}
