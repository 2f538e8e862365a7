/** Adding in pairs in float32, the measure of the others. */
function inPairs(values: readonly number[]): number {
  if (values.length === 1) return values[0]!;
  const middle = values.length >> 1;
  return Math.fround(inPairs(values.slice(0, middle)) + inPairs(values.slice(middle)));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Root mean squares of the errors of a module and of adding in pairs, over many sums. */
export class Errors {
  #ours = 0;
  #pairs = 0;

  note(found: number, terms: readonly number[], share = 1): void {
    const rounded = terms.map(Math.fround);
    const exact = sum(terms) * share;
    this.#ours += (found - exact) ** 2;
    this.#pairs += (inPairs(rounded) * share - exact) ** 2;
  }

  get ratio(): number {
    return Math.sqrt(this.#ours / this.#pairs);
  }
}
