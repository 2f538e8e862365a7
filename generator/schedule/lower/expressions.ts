import { addValues, timesOf, zero } from '../../code/arithmetic.ts';
import { addSums, isConstant, type Local, scaleSum, type Test, type Value, variableSum } from '../../code/code.ts';
import type { Index } from '../../equations/affine.ts';
import type { Condition, Expression } from '../../equations/expression.ts';
import { pairsOf, present } from '../../lists.ts';
import { type Chain, handOn, type Levels, openChain, valueOfChain } from '../loops/levels.ts';
import { below, type Constraint, type Place } from '../loops/places.ts';
import type { Scope } from '../loops/scope.ts';
import type { Instance, OpenSum } from './instance.ts';
import { Maxima } from './maxima.ts';
import { named } from './values.ts';

/** Writes expressions as values, with the loops of their sums and maxima. */
export class Expressions extends Maxima {
  protected values(e: Expression, instances: readonly Instance[], scope: Scope, name: string): Value[] {
    const recur = (child: Expression): Value[] => this.values(child, instances, scope, name);
    const zipped = (children: readonly Expression[], join: (values: Value[]) => Value): Value[] => {
      const all = children.map(recur);
      return instances.map((_, position) => join(all.map((values) => present(values[position]))));
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
        return pairsOf(recur(e.dividend), recur(e.divisor)).map(([dividend, divisor]) => {
          return { kind: 'divide', dividend, divisor };
        });
      case 'call':
        return recur(e.argument).map((u) => ({ kind: 'call', name: e.name, argument: named(u, scope, name) }));
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

  /** The value at one place. */
  protected valueAt(e: Expression, instance: Instance, scope: Scope, name: string): Value {
    return present(this.values(e, [instance], scope, name)[0]);
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
    return instances.map((_, position) => addValues(all.map((values) => present(values[position]))));
  }

  /** A term that may be absent counts as 0 where it is. */
  protected guarded(term: Expression, instances: readonly Instance[], scope: Scope, name: string): Value[] {
    const constraints = this.constraintsOf(term, false);
    if (constraints.length === 0) return this.values(term, instances, scope, name);
    return instances.map((instance) => {
      const test = this.test(constraints, instance.place, scope);
      if (test === false) return zero;
      if (test === true) return this.valueAt(term, instance, scope, name);
      const local = { name: scope.names.numbered(name) };
      const inner = scope.inner(true);
      inner.code.push({ kind: 'replace', local, value: this.valueAt(term, instance, inner, name) });
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
      const [yes, no] = [present(then[position]), present(otherwise[position])];
      if (typeof test === 'boolean') return test ? yes : no;
      return { kind: 'select', test, yes, no };
    };
    if (condition.kind === 'compare') {
      const left = this.values(condition.left, instances, scope, name);
      const right = this.values(condition.right, instances, scope, name);
      const { sign } = condition;
      return pairsOf(left, right).map(([a, b], position) =>
        pick({ kind: 'compare', sign, left: a, right: b }, position),
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
    const across = vector !== undefined && lanes > 1 && over.includes(vector) ? vector : undefined;
    const chains = open((position) => (across ? zero : (start?.[position] ?? zero)));
    // What does not fill a vector adds to numbers of their own, and so does what the sum starts from.
    const hasRest = across !== undefined && (start !== undefined || across.size % lanes > 0);
    const rests = hasRest ? open((position) => start?.[position] ?? zero) : [];
    this.addUp(ordered, body, instances, scope, name, { levels, chains, rests, across });
    if (across === undefined) return chains.map(valueOfChain);
    return chains.map((chain, position) => {
      const local: Local = { name: scope.names.numbered(name) };
      scope.code.push({ kind: 'across', local, vector: chain.whole });
      const rest = rests[position];
      return addValues([{ kind: 'local', local }, ...(rest ? [valueOfChain(rest)] : [])]);
    });
  }

  /** The loops of a sum: each turn adds to the chain of its instance, or to the rest's where it fills no vector. */
  protected addUp(
    ordered: readonly Index[],
    body: Expression,
    instances: readonly Instance[],
    scope: Scope,
    name: string,
    { levels, chains, rests, across }: Accumulators,
  ): void {
    const sum: OpenSum = {
      levels,
      handOn: (level, some, code) => {
        const owners = [...new Set(some.map(({ owner }) => owner))];
        const own = owners.flatMap((owner) => [chains[owner], rests[owner]]).filter((chain) => chain !== undefined);
        handOn(own, level, code);
      },
    };
    const visit = (inner: readonly Instance[], at: Scope, rest: readonly Constraint[]): void => {
      this.eachExisting(inner, rest, at, (existing, where) => {
        const values = this.values(body, existing, where, name);
        for (const [position, { owner, place }] of existing.entries()) {
          const isRest = across !== undefined && isConstant(present(place.get(across)));
          const { first } = present((isRest ? rests : chains)[owner]);
          where.code.push({ kind: 'plus', local: first, value: present(values[position]) });
        }
      });
    };
    const owned = instances.map(({ place }, owner) => ({ place, owner }));
    this.open(ordered, owned, this.constraintsOf(body, true), scope, visit, sum);
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
    return timesOf(factors);
  }
}

/** Where a sum is added up, by instance. */
interface Accumulators {
  readonly levels: Levels;
  readonly chains: readonly Chain[];
  /** Of what fills no vector. */
  readonly rests: readonly Chain[];
  /** The index that fills vectors, if the sum runs over it. */
  readonly across: Index | undefined;
}
