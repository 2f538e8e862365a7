import { addValues, timesOf } from '../../code/arithmetic.ts';
import { isConstant, type Value } from '../../code/code.ts';
import type { Index } from '../../equations/affine.ts';
import { type Entry, type Expression, entryAt, type Times } from '../../equations/expression.ts';
import { present } from '../../lists.ts';
import { type Place, places } from '../loops/places.ts';
import type { Scope } from '../loops/scope.ts';
import type { Instance } from './instance.ts';
import { type Multiple, shareTerms } from './linear.ts';
import { Loops } from './loops.ts';
import { elementKey, named } from './values.ts';

/** Writes products with matrices of constants. */
export abstract class Matrices extends Loops {
  /** A term that may be absent counts as 0 where it is. */
  protected abstract guarded(term: Expression, instances: readonly Instance[], scope: Scope, name: string): Value[];

  /**
   * Rows of a matrix of constants times what is read, all of it written out: a 0 loads nothing, a 1 multiplies nothing, and
   * what rows have in common is added up once.
   */
  protected weighted(
    over: readonly Index[],
    { factors: [weight, factor] }: Times,
    instances: readonly Instance[],
    scope: Scope,
    name: string,
    start: readonly Value[] | undefined,
  ): Value[] {
    if (weight?.kind !== 'entry' || factor?.kind !== 'read') throw new Error(`${name}: no matrix times what is read`);
    // What a border of zeros answers nobody asks.
    const open = this.constraintsOf(factor, true).filter(({ isSoft }) => !isSoft);
    const loaded = (place: Place): Value =>
      open.length === 0
        ? this.load(factor, place, scope)
        : present(this.guarded(factor, [{ place, owner: 0 }], scope, name)[0]);
    const read: Value[] = [];
    const columns = new Map<string, number>();
    const rows = instances.map(({ place: outer }) => {
      const row = new Map<number, number>();
      for (const place of places(over, outer)) {
        const value = this.entry(weight, place);
        if (value === 0 || this.test(open, place, scope) === false) continue;
        const key = elementKey(factor.tensor, this.addressOf(factor, place, scope));
        const column = columns.get(key) ?? columns.size;
        if (column === columns.size) read.push(loaded(place));
        columns.set(key, column);
        row.set(column, (row.get(column) ?? 0) + value);
      }
      return row;
    });
    const { partial, sums } = shareTerms(rows.map((row) => read.map((_, column) => row.get(column) ?? 0)));
    const addedUp = (terms: readonly Multiple[]): Value =>
      addValues(terms.map(({ of, weight }) => this.multiple(weight, present(read[of]), scope)));
    for (const terms of partial) read.push(named(addedUp(terms), scope, name));
    return sums.map((terms, position) => addValues([...(start ? [present(start[position])] : []), addedUp(terms)]));
  }

  /** A weight is a sign and a size, which vectors have in a local: four numbers are long to write. */
  protected multiple(weight: number, value: Value, scope: Scope): Value {
    const size: Value = { kind: 'number', value: Math.abs(weight) };
    const factors: Value[] = [
      ...(weight < 0 ? [{ kind: 'number', value: -1 } as const] : []),
      ...(size.value === 1 ? [] : [this.schedule.lanes === 1 ? size : scope.number(size)]),
      value,
    ];
    return timesOf(factors);
  }

  /** Its indices are written out, so that every place knows its number. */
  protected entry({ matrix, at: [row, column] }: Entry, place: Place): number {
    const [r, c] = [this.coordinate(row, place, undefined), this.coordinate(column, place, undefined)];
    if (!isConstant(r) || !isConstant(c)) throw new Error(`an element of ${matrix.name} that a loop decides`);
    return entryAt(matrix, r.constant, c.constant);
  }
}
