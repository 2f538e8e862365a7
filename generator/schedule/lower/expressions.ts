import type { Index } from '../../equations/affine.ts';
import {
  type Condition,
  type Entry,
  type Expression,
  entryAt,
  type Max,
  type Times,
} from '../../equations/expression.ts';
import {
  addSums,
  type Contender,
  isConstant,
  type Local,
  type Sum,
  scaleSum,
  sumOf,
  type Test,
  type Value,
  type Variable,
  variableSum,
} from '../loops/kernel.ts';
import { type Chain, handOn, openChain } from '../loops/levels.ts';
import { below, type Constraint, type Place, places } from '../loops/places.ts';
import type { Scope } from '../loops/scope.ts';
import type { Instance, OpenSum } from './instance.ts';
import { type Multiple, shareTerms } from './linear.ts';
import { Loops } from './loops.ts';
import { addValues, elementKey, letterOf, named, zero } from './values.ts';

/** A maximum, and the place of the first that is as large. */
export interface Found {
  readonly value: Value;
  readonly winner: Variable | undefined;
}

/** Writes expressions as values, with the loops of their sums and maxima. */
export class Expressions extends Loops {
  protected values(e: Expression, instances: readonly Instance[], scope: Scope, name: string): Value[] {
    const recur = (child: Expression): Value[] => this.values(child, instances, scope, name);
    const zipped = (children: readonly Expression[], join: (values: Value[]) => Value): Value[] => {
      const all = children.map(recur);
      return instances.map((_, position) => join(all.map((values) => values[position] as Value)));
    };
    switch (e.kind) {
      case 'number':
        return instances.map(() => e);
      case 'read':
        return instances.map(({ place }) => this.load(e, place, scope));
      case 'entry':
        return instances.map(({ place }) => ({ kind: 'number', value: this.entry(e, place) }));
      case 'plus':
        return this.added(e.terms, instances, scope, name);
      case 'times':
        return zipped(e.factors, (factors) => ({ kind: 'times', factors }));
      case 'divide':
        return zipped([e.dividend, e.divisor], ([dividend, divisor]) => ({
          kind: 'divide',
          dividend: dividend as Value,
          divisor: divisor as Value,
        }));
      case 'call':
        return recur(e.argument).map((argument) => ({
          kind: 'call',
          name: e.name,
          argument: named(argument, scope, name),
        }));
      case 'where':
        return this.chosen(e.condition, e.yes, e.no, instances, scope, name);
      case 'sum':
        return this.summed(e.over, e.body, instances, scope, name, undefined);
      case 'max':
        return this.maxima(e, instances, scope, name).map(({ value }) => value);
      case 'count':
        return instances.map(({ place }) => this.counted(e.over, e.inside, place, scope));
      case 'argmax':
      case 'address':
      case 'logSumExp':
        throw new Error(`${e.kind} stands alone in a nest of loops`);
    }
  }

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
        : (this.guarded(factor, [{ place, owner: 0 }], scope, name)[0] as Value);
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
      addValues(terms.map(({ of, weight }) => this.multiple(weight, read[of] as Value, scope)));
    for (const terms of partial) read.push(named(addedUp(terms), scope, name));
    return sums.map((terms, position) => addValues([...(start ? [start[position] as Value] : []), addedUp(terms)]));
  }

  /** A weight is a sign and a size, which vectors have in a local: four numbers are long to write. */
  protected multiple(weight: number, value: Value, scope: Scope): Value {
    const size: Value = { kind: 'number', value: Math.abs(weight) };
    const factors: Value[] = [
      ...(weight < 0 ? [{ kind: 'number', value: -1 } as const] : []),
      ...(size.value === 1 ? [] : [this.schedule.lanes === 1 ? size : scope.number(size)]),
      value,
    ];
    return factors.length === 1 ? value : { kind: 'times', factors };
  }

  /** Its indices are written out, so that every place knows its number. */
  protected entry({ matrix, at: [row, column] }: Entry, place: Place): number {
    const known = [row, column].map((coordinate) => this.coordinate(coordinate, place, undefined));
    if (!known.every(isConstant)) throw new Error(`an element of ${matrix.name} that a loop decides`);
    const [r, c] = known.map(({ constant }) => constant) as [number, number];
    return entryAt(matrix, r, c);
  }

  /** A sum of terms; a single reduction among them starts from the others. */
  protected added(terms: readonly Expression[], instances: readonly Instance[], scope: Scope, name: string): Value[] {
    const reductions = terms.filter(({ kind }) => kind === 'sum');
    const [reduction] = reductions;
    if (reductions.length === 1 && reduction?.kind === 'sum' && terms.length > 1) {
      const others = terms.filter((term) => term !== reduction);
      const start = this.added(others, instances, scope, name);
      return this.summed(reduction.over, reduction.body, instances, scope, name, start);
    }
    const all = terms.map((term) => this.guarded(term, instances, scope, name));
    return instances.map((_, position) => addValues(all.map((values) => values[position] as Value)));
  }

  /** A term that may be absent counts as 0 where it is. */
  protected guarded(term: Expression, instances: readonly Instance[], scope: Scope, name: string): Value[] {
    const constraints = this.constraintsOf(term, false);
    if (constraints.length === 0) return this.values(term, instances, scope, name);
    return instances.map((instance) => {
      const test = this.test(constraints, instance.place, scope);
      if (test === false) return zero;
      if (test === true) return this.values(term, [instance], scope, name)[0] as Value;
      const local = { name: scope.names.numbered(name) };
      const inner = scope.inner(true);
      const [value] = this.values(term, [instance], inner, name);
      inner.code.push({ kind: 'replace', local, value: value as Value });
      scope.code.push({ kind: 'mutable', local, value: zero }, { kind: 'if', test, body: inner.code });
      return { kind: 'local', local };
    });
  }

  protected chosen(
    condition: Condition,
    yes: Expression,
    no: Expression,
    instances: readonly Instance[],
    scope: Scope,
    name: string,
  ): Value[] {
    const then = this.guarded(yes, instances, scope, name);
    const otherwise = this.guarded(no, instances, scope, name);
    const pick = (test: Test | boolean, position: number): Value => {
      if (typeof test === 'boolean') return (test ? then : otherwise)[position] as Value;
      return { kind: 'select', test, yes: then[position] as Value, no: otherwise[position] as Value };
    };
    if (condition.kind === 'compare') {
      const left = this.values(condition.left, instances, scope, name);
      const right = this.values(condition.right, instances, scope, name);
      return instances.map((_, position) =>
        pick(
          { kind: 'compare', sign: condition.sign, left: left[position] as Value, right: right[position] as Value },
          position,
        ),
      );
    }
    return instances.map(({ place }, position) => {
      if (condition.kind === 'within') return pick(this.test([condition.coordinate], place, scope), position);
      const number = this.winner(condition.winner, place, scope);
      const wanted = addSums(
        ...condition.at.map((at, axis) => scaleSum(below(condition.sizes, axis), this.coordinate(at, place, scope))),
      );
      return pick({ kind: 'equal', left: variableSum(number), right: wanted }, position);
    });
  }

  /** Accumulators, one for each instance, and the loops that add to them. */
  protected summed(
    over: readonly Index[],
    body: Expression,
    instances: readonly Instance[],
    scope: Scope,
    name: string,
    start: readonly Value[] | undefined,
  ): Value[] {
    const { vector, lanes, unroll } = this.schedule;
    const isMatrix = body.kind === 'times' && body.factors[0]?.kind === 'entry' && over.every((one) => unroll.has(one));
    if (isMatrix) return this.weighted(over, body, instances, scope, name, start);
    const ordered = this.ordered(over);
    const levels = this.levels(ordered);
    const open = (value: (position: number) => Value): Chain[] =>
      instances.map((_, position) =>
        openChain(levels.count, () => ({ name: scope.names.numbered(name) }), value(position), scope.code),
      );
    const isAcross = vector !== undefined && lanes > 1 && over.includes(vector);
    const chains = open((position) => (isAcross ? zero : (start?.[position] ?? zero)));
    // What does not fill a vector adds to numbers of their own, and so does what the sum starts from.
    const hasRest = isAcross && (start !== undefined || vector.size % lanes > 0);
    const rests = hasRest ? open((position) => start?.[position] ?? zero) : [];
    const owned = instances.map(({ place }, owner) => ({ place, owner }));
    const constraints = this.constraintsOf(body, true);
    const sum: OpenSum = {
      levels,
      handOn: (level, some, code) => {
        const owners = [...new Set(some.map(({ owner }) => owner))];
        handOn(
          owners.flatMap((n) => [chains[n] as Chain, ...(rests[n] ? [rests[n] as Chain] : [])]),
          level,
          code,
        );
      },
    };
    const visit = (inner: readonly Instance[], at: Scope, rest: readonly Constraint[]): void => {
      this.eachExisting(inner, rest, at, (existing, where) => {
        const values = this.values(body, existing, where, name);
        for (const [position, { owner, place }] of existing.entries()) {
          const isRest = isAcross && isConstant(place.get(vector) as Sum);
          const [local] = (isRest ? rests : chains)[owner] as Chain;
          where.code.push({ kind: 'plus', local: local as Local, value: values[position] as Value });
        }
      });
    };
    this.open(ordered, owned, constraints, scope, visit, sum);
    const wholeOf = (chain: Chain): Value => ({ kind: 'local', local: chain.at(-1) as Local });
    if (!isAcross) return chains.map(wholeOf);
    return chains.map((chain, position) => {
      const local: Local = { name: scope.names.numbered(name) };
      scope.code.push({ kind: 'across', local, vector: chain.at(-1) as Local });
      const rest = rests[position];
      return addValues([{ kind: 'local', local }, ...(rest ? [wholeOf(rest)] : [])]);
    });
  }

  /** The largest value of each instance's window and, with `winnerName`, the place of the first that is as large. */
  protected maxima(e: Max, instances: readonly Instance[], scope: Scope, name: string, winnerName?: string): Found[] {
    const constraints = this.constraintsOf(e.body, false);
    const isUnrolled = e.over.every((one) => this.schedule.unroll.has(one));
    const sizes = e.over.map(({ size }) => size);
    const numberOf = (place: Place): Sum =>
      addSums(...e.over.map((one, axis) => scaleSum(below(sizes, axis), place.get(one) as Sum)));
    const isStatic = instances.every(({ place }) =>
      places(e.over, place).every((inner) => typeof this.test(constraints, inner, scope) === 'boolean'),
    );
    return instances.map(({ place }): Found => {
      const maximum = { name: scope.names.numbered(name) };
      const winner = winnerName === undefined ? undefined : { name: scope.names.fresh(letterOf(winnerName)) };
      if (isUnrolled && isStatic) {
        const candidates = places(e.over, place).flatMap((inner): Contender[] => {
          if (this.test(constraints, inner, scope) === false) return [];
          const [value] = this.values(e.body, [{ place: inner, owner: 0 }], scope, name);
          return [{ value: value as Value, place: numberOf(inner).constant }];
        });
        scope.code.push({ kind: 'tournament', maximum, winner, candidates });
      } else {
        scope.code.push({
          kind: 'mutable',
          local: maximum,
          value: { kind: 'number', value: Number.NEGATIVE_INFINITY },
        });
        if (winner) scope.code.push({ kind: 'counter', variable: winner, value: sumOf(0) });
        this.open(this.ordered(e.over), [{ place, owner: 0 }], constraints, scope, (inner, at, rest) => {
          for (const one of inner) {
            this.eachExisting([one], rest, at, (existing, where) => {
              const [candidate] = this.values(e.body, existing, where, name);
              const value = numberOf(one.place);
              where.code.push({
                kind: 'challenge',
                maximum,
                candidate: candidate as Value,
                place: winner && { variable: winner, value },
              });
            });
          }
        });
      }
      if (winner) scope.bind(winner);
      return { value: { kind: 'local', local: maximum }, winner };
    });
  }

  /** How many places keep every coordinate inside: a product, as each coordinate speaks of one counted index. */
  protected counted(over: readonly Index[], inside: readonly Constraint[], place: Place, scope: Scope): Value {
    const factors = over.map((one): Value => {
      const own = inside.filter(({ at }) => at.terms.has(one));
      if (own.some(({ at }) => over.some((other) => other !== one && at.terms.has(other)))) {
        throw new Error('a count over a coordinate with two counted indices');
      }
      const { from, to } = this.range(one, own, place, scope);
      return { kind: 'fromInt', value: { kind: 'between', from, to } };
    });
    return factors.length === 1 ? (factors[0] as Value) : { kind: 'times', factors };
  }
}
