import type { Code, Int, Lanes, Local, Sum, Test, Value, Variable } from '../../code/code.ts';
import { bodyOf, partsOf, valuesIn } from '../../code/parts.ts';
import type { Tensor } from '../../equations/tensor.ts';
import { lanes } from '../loops/vectorPolicy.ts';

/** Which names of a nest stand for four numbers: whatever is made of something that moves along a vector's index. */
export class FoundLanes {
  /** How many addresses a variable moves with the index that fills a vector; absent: not at all. */
  readonly #moves = new Map<Variable, number>();
  /** Variables among them that stand for half a vector: two lanes are loaded and stored. */
  readonly #halves = new Set<Variable>();
  readonly #vectors = new Set<Local | Variable>();
  readonly #unit: number;

  /** @param unit what one element adds to an address */
  constructor(code: readonly Code[], unit: number) {
    this.#unit = unit;
    // A number that is added to is one of four as soon as one of its terms is, and what was made of it before as well.
    let known = -1;
    while (known !== this.#vectors.size) {
      known = this.#vectors.size;
      this.#find(code);
    }
    for (const local of usedByVectorsAlone(code, this)) this.#vectors.add(local);
  }

  has(one: Local | Variable): boolean {
    return this.#vectors.has(one);
  }

  /** How many elements one load or store at an address takes; a vector's lie side by side. */
  at(sum: Sum, array: Tensor): Lanes {
    const move = this.#moveOf(sum);
    if (move === 0) return 1;
    if (move !== this.#unit) throw new Error(`${array.name} does not lie in the direction of the vector`);
    return this.#isHalf(sum) ? 2 : lanes;
  }

  isWide(value: Value): boolean {
    if (value.kind === 'local') return this.has(value.local);
    if (value.kind === 'load') return this.#moveOf(value.at) !== 0;
    return (value.kind === 'select' && this.isWideTest(value.test)) || partsOf(value).some((one) => this.isWide(one));
  }

  isWideTest(test: Test): boolean {
    if (test.kind === 'compare') return this.isWide(test.left) || this.isWide(test.right);
    if (test.kind === 'equal') return this.#isWideInt(test.left);
    return test.kind === 'every' && test.of.some((one) => this.isWideTest(one));
  }

  #isWideInt(value: Int): boolean {
    return value.kind === 'sum' && [...value.terms.keys()].some((variable) => this.has(variable));
  }

  #find(code: readonly Code[]): void {
    for (const one of code) this.#findIn(one);
  }

  #findIn(one: Code): void {
    switch (one.kind) {
      case 'loop':
        if (one.lanes > 1) this.#moves.set(one.variable, 1);
        if (one.lanes === lanes / 2) this.#halves.add(one.variable);
        for (const { variable, value } of one.pointers ?? []) this.#noteMove(variable, value);
        this.#find(one.body);
        return;
      case 'if':
      case 'row':
        this.#find(bodyOf(one));
        return;
      case 'integer':
        this.#findInteger(one.variable, one.value);
        return;
      case 'constant':
      case 'mutable':
      case 'plus':
      case 'replace':
        if (this.isWide(one.value)) this.#vectors.add(one.local);
        return;
      case 'across':
        // A sum without a term is of four numbers as its neighbours are.
        this.#vectors.add(one.vector);
        return;
      case 'tournament':
        if (one.candidates.some(({ value }) => this.isWide(value))) this.#mark(one.maximum, one.winner);
        return;
      case 'challenge':
        if (this.isWide(one.candidate)) this.#mark(one.maximum, one.place?.variable);
        return;
      case 'counter':
      case 'store':
      case 'storeInteger':
      case 'clear':
      case 'remark':
        return;
    }
  }

  #findInteger(variable: Variable, value: Int): void {
    if (value.kind === 'sum') this.#noteMove(variable, value);
    const isWide = value.kind === 'load' && this.#moveOf(value.at) !== 0;
    if (isWide || (value.kind === 'digit' && this.has(value.number))) this.#vectors.add(variable);
  }

  #mark(maximum: Local, winner: Variable | undefined): void {
    this.#vectors.add(maximum);
    if (winner !== undefined) this.#vectors.add(winner);
  }

  #noteMove(variable: Variable, sum: Sum): void {
    const move = this.#moveOf(sum);
    if (move !== 0) this.#moves.set(variable, move);
    if (this.#isHalf(sum)) this.#halves.add(variable);
  }

  #moveOf({ terms }: Sum): number {
    let move = 0;
    for (const [variable, coefficient] of terms) move += coefficient * (this.#moves.get(variable) ?? 0);
    return move;
  }

  #isHalf({ terms }: Sum): boolean {
    return [...terms.keys()].some((variable) => this.#halves.has(variable));
  }
}

/** Numbers of memory and of the text that vectors alone use: they fill all lanes from the beginning. */
function usedByVectorsAlone(code: readonly Code[], found: FoundLanes): ReadonlySet<Local> {
  const [byNumbers, byVectors] = [new Set<Local>(), new Set<Local>()];
  const note = (value: Value, isWide: boolean): void => {
    if (value.kind === 'local') (isWide ? byVectors : byNumbers).add(value.local);
    const isWideWithin = isWide && found.isWide(value);
    for (const part of partsOf(value)) note(part, isWideWithin);
  };
  const candidates: Local[] = [];
  const visit = (one: Code): void => {
    const isWide = takesVectors(one, found);
    for (const value of valuesIn(one)) note(value, isWide);
    bodyOf(one).forEach(visit);
    const isGiven = one.kind === 'constant' && (one.value.kind === 'load' || one.value.kind === 'number');
    if (isGiven) candidates.push(one.local);
  };
  code.forEach(visit);
  return new Set(candidates.filter((local) => byVectors.has(local) && !byNumbers.has(local)));
}

/** Whether a statement takes four numbers of each value that it reads. */
function takesVectors(one: Code, found: FoundLanes): boolean {
  if (one.kind === 'store') return found.at(one.at, one.array) > 1;
  if (one.kind === 'tournament' || one.kind === 'challenge') return found.has(one.maximum);
  return 'local' in one && found.has(one.local);
}
