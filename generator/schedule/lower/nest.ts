import { zero } from '../../code/arithmetic.ts';
import { type Code, type Test, type Value, variableSum } from '../../code/code.ts';
import { keyOfInt } from '../../code/integers.ts';
import type { Index } from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';
import type { Max, Read } from '../../equations/expression.ts';
import { namesIn } from '../../equations/namesIn.ts';
import { storageOf } from '../../equations/tensor.ts';
import { present } from '../../lists.ts';
import type { Layouts } from '../loops/layout.ts';
import { type Chain, handOn, openChain, valueOfChain } from '../loops/levels.ts';
import type { Member, Mode } from '../loops/member.ts';
import { type Constraint, type Place, places } from '../loops/places.ts';
import type { Schedule } from '../loops/schedule.ts';
import { Names, Scope } from '../loops/scope.ts';
import { Expressions } from './expressions.ts';
import type { Instance, OpenSum } from './instance.ts';
import { elementKey, named } from './values.ts';

/**
 * Writes equations as a nest of loops. All members share the loops over the first one's indices; a maximum and the
 * place where it is found are looked for together.
 *
 * @param unit what one element adds to an address: 1 for an array's index, 4 for bytes of float32
 * @param names those that are taken where the nest stands
 */
export function lowerNest(
  members: readonly Member[],
  schedule: Schedule,
  layouts: Layouts,
  unit: number,
  names: Names = new Names(namesIn(members.map(({ equation }) => equation))),
): Code[] {
  const scope = new Scope(names);
  new Lowering(schedule, layouts, unit).nest(members, scope);
  return scope.code;
}

/** Visits the instances that a loop makes, with the constraints that no loop could take. */
type Visit = (existing: readonly Instance[], deep: Scope, rest: readonly Constraint[]) => void;

class Lowering extends Expressions {
  nest(all: readonly Member[], scope: Scope): void {
    const leading = all.filter(({ isLeading }) => isLeading);
    const members = all.filter(({ isLeading }) => !isLeading);
    const own = new Set(members.flatMap(({ within }) => within ?? []));
    const over = [...new Set(members.flatMap(({ equation }) => equation.over))].filter((one) => !own.has(one));
    const constraints = members.flatMap(({ equation }) => {
      this.staysInside = equation.staysInside ?? false;
      return [...this.targetConstraints(equation), ...this.constraintsOf(equation.value, true)];
    });
    const start: Instance = { place: new Map(), owner: 0 };
    const ordered = this.ordered(over);
    const { skip } = this.schedule;
    if (skip === undefined) {
      this.open(ordered, [start], constraints, scope, (instances, inner, rest) => {
        this.body(members, instances, inner, rest);
      });
      return;
    }
    this.skipping(members, leading, ordered, constraints, skip, scope);
  }

  /** Loops inside which nothing is done where a factor of everything is 0. */
  protected skipping(
    members: readonly Member[],
    leading: readonly Member[],
    ordered: readonly Index[],
    constraints: readonly Constraint[],
    skip: Read,
    scope: Scope,
  ): void {
    const { held } = this.schedule;
    const start: Instance = { place: new Map(), owner: 0 };
    const isOfSkip = (one: Index): boolean => skip.at.some((coordinate) => coordinate.terms.has(one));
    const outer = ordered.filter(isOfSkip);
    const others = ordered.filter((one) => !isOfSkip(one) && !held?.has(one));
    const walk = (
      indices: readonly Index[],
      from: readonly Instance[],
      at: Scope,
      visits: () => Visit,
      sum?: OpenSum,
    ): void => {
      const body = (instances: readonly Instance[], inner: Scope): void => {
        const visit = visits();
        for (const one of instances) this.unlessZero(skip, leading, one, others, constraints, inner, visit);
      };
      this.open(indices, from, [], at, body, sum);
    };
    const [only] = members;
    if (held === undefined || only === undefined || members.length > 1) {
      walk(outer, [start], scope, () => (existing, deep, rest) => this.body(members, existing, deep, rest));
      return;
    }
    const holding = ordered.filter((one) => held.has(one));
    const walked = outer.filter((one) => !held.has(one));
    this.open(holding, [start], [], scope, (instances, middle) =>
      this.hold(only, instances, others, constraints, middle, walked, (visits, sum) =>
        walk(walked, instances, middle, visits, sum),
      ),
    );
  }

  /** The inner loops at one place of the factor, under a question where what they do takes longer than to ask it. */
  protected unlessZero(
    skip: Read,
    leading: readonly Member[],
    instance: Instance,
    others: readonly Index[],
    constraints: readonly Constraint[],
    scope: Scope,
    visit: Visit,
  ): void {
    this.members(leading, [instance], scope);
    // What is added to locals takes less time than a branch that nobody can foresee. Nor does a list of the
    // winners that count pay: N2's step in a batch took 1.04 µs with one instead of 0.92.
    if (this.schedule.held !== undefined) {
      this.open(others, [instance], constraints, scope, visit);
      return;
    }
    const factor = this.load(skip, instance.place, scope);
    const guarded = scope.inner(true);
    this.open(others, [instance], constraints, guarded, visit);
    const test: Test = { kind: 'compare', sign: '≠', left: factor, right: zero };
    scope.code.push({ kind: 'if', test, body: guarded.code });
  }

  /**
   * Sums that stay in locals while `walk` goes along the winners, and are added to their places afterwards. The places
   * are gone through in the same order at every winner and at the end, so that their numbers tell which sum is whose.
   */
  protected hold(
    { equation }: Member,
    instances: readonly Instance[],
    others: readonly Index[],
    constraints: readonly Constraint[],
    scope: Scope,
    walkedIndices: readonly Index[],
    walk: (visits: () => Visit, sum: OpenSum) => void,
  ): void {
    const { name } = equation.target;
    const chains: Chain[] = [];
    const levels = this.levels(this.ordered(walkedIndices));
    const sum: OpenSum = { levels, handOn: (level, _instances, code) => handOn(chains, level, code) };
    // A loop in several pieces comes to the places once in each: the same sums go on.
    const atWinner = (): Visit => {
      let next = 0;
      return (existing, deep, rest) => {
        const first = next;
        next += existing.length;
        // Before the loops that are being written.
        while (chains.length < next) {
          chains.push(openChain(levels.count, () => ({ name: scope.names.numbered(name) }), zero, scope.code));
        }
        this.eachExisting(existing, rest, deep, (free, where) => {
          const values = this.values(equation.value, free, where, name);
          for (const [position, one] of free.entries()) {
            const { first: local } = present(chains[first + existing.indexOf(one)]);
            where.code.push({ kind: 'plus', local, value: present(values[position]) });
          }
        });
      };
    };
    walk(atWinner, sum);
    let next = 0;
    const store = (existing: readonly Instance[], deep: Scope): void => {
      for (const { place } of existing)
        this.store(equation, place, valueOfChain(present(chains[next++])), 'accumulate', deep);
    };
    for (const instance of instances) this.open(others, [instance], constraints, scope, store);
  }

  /** The innermost body: every member for every instance. */
  protected body(
    members: readonly Member[],
    instances: readonly Instance[],
    scope: Scope,
    rest: readonly Constraint[],
  ): void {
    const checked = instances.flatMap((instance) => {
      const test = this.test(rest, instance.place, scope);
      return test === false ? [] : [{ instance, test }];
    });
    // Where a test is left, each instance stands under its own.
    const free = checked.filter(({ test }) => test === true).map(({ instance }) => instance);
    this.members(members, free, scope);
    for (const { instance, test } of checked) {
      if (test === true) continue;
      const inner = scope.inner(true);
      this.members(members, [instance], inner);
      scope.code.push({ kind: 'if', test, body: inner.code });
    }
  }

  protected members(members: readonly Member[], instances: readonly Instance[], scope: Scope): void {
    if (instances.length === 0) return;
    const numbered = instances.map(({ place }, owner) => ({ place, owner }));
    if (members.length > 1 && numbered.length > 1 && members.every(({ mode }) => mode === 'accumulate')) {
      // What they share is at hand for all of them.
      for (const instance of instances) this.members(members, [instance], scope);
      return;
    }
    const maximum = members.find(({ equation }) => equation.value.kind === 'max');
    const winner = members.find(({ equation }) => equation.value.kind === 'argmax');
    for (const member of members) {
      if (member === winner && maximum !== undefined) continue;
      this.staysInside = member.equation.staysInside ?? false;
      const { equation, mode, isLocal } = member;
      if (member === maximum && winner !== undefined) {
        this.storeWinners(maximum, winner.equation, numbered, scope);
        continue;
      }
      // Neighbouring vectors of one place stand together: they share what the other factor has there.
      const own = places(member.within ?? [], new Map())
        .flatMap((inner) => numbered.map(({ place }) => new Map([...place, ...inner])))
        .map((place, owner) => ({ place, owner }));
      const values = this.values(equation.value, own, scope, equation.target.name);
      const isReadLater = (members.length > 1 || member.isLeading) && mode === 'assign';
      for (const [position, { place }] of own.entries()) {
        const given = present(values[position]);
        const value = isReadLater ? this.keep(equation, place, given, scope) : given;
        if (!isLocal) this.store(equation, place, value, mode, scope);
      }
    }
  }

  protected store({ target, at }: Equation, place: Place, value: Value, mode: Mode, scope: Scope): void {
    const address = scope.address(target.name, this.addressOf({ tensor: target, at }, place, scope));
    const isAdded = mode === 'accumulate';
    const kept = isAdded ? this.keptAt(place) : undefined;
    scope.code.push({
      kind: 'store',
      array: storageOf(target),
      at: address,
      value,
      isAdded,
      ...(kept ? { kept } : {}),
    });
  }

  /** How many lanes of the vector at a place the one before it has added to. */
  protected keptAt(place: Place): number | undefined {
    const { vector } = this.schedule;
    const value = vector && place.get(vector);
    return value && this.kept.get(keyOfInt(value));
  }

  /** A value that a later member reads, under the name by which it looks for it. */
  protected keep({ target, at }: Equation, place: Place, value: Value, scope: Scope): Value {
    const local = named(value, scope, target.name);
    if (local.kind === 'local') {
      const address = this.addressOf({ tensor: target, at }, place, scope);
      scope.homeOf(address.terms.keys()).know(elementKey(target, address), local.local);
    }
    return local;
  }

  protected storeWinners(
    { equation: maximum, isLocal }: Member,
    winner: Equation,
    instances: readonly Instance[],
    scope: Scope,
  ): void {
    const found = this.maxima(maximum.value as Max, instances, scope, maximum.target.name, winner.target.name);
    for (const [position, { place }] of instances.entries()) {
      const { value, winner: variable } = present(found[position]);
      const kept = this.keep(maximum, place, value, scope);
      if (!isLocal) this.store(maximum, place, kept, 'assign', scope);
      const by = new Map(winner.over.map((one, axis) => [one, present(place.get(present(maximum.over[axis])))]));
      const at = scope.address(winner.target.name, this.addressOf({ tensor: winner.target, at: winner.at }, by, scope));
      scope.code.push({ kind: 'storeInteger', array: winner.target, at, value: variableSum(present(variable)) });
    }
  }
}
