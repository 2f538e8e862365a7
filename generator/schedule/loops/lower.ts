import { type Affine, bounds, type Index, staysWithin, type WinnerDigit, winnersIn } from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';
import type { Condition, Expression, Max, Read } from '../../equations/expression.ts';
import { namesIn } from '../../equations/namesIn.ts';
import { storageOf, type Tensor } from '../../equations/tensor.ts';
import { extreme, keyOfInt, quotient } from './integers.ts';
import {
  addSums,
  type Code,
  type Contender,
  distance,
  type Int,
  isConstant,
  type Local,
  type Loop,
  type Sum,
  scaleSum,
  sumOf,
  type Test,
  type Value,
  type Variable,
  variableSum,
} from './kernel.ts';
import { absorbs, type Layout, type Layouts, layoutIn } from './layout.ts';
import {
  type Chain,
  handOn,
  type Levels,
  type LevelsOfLoop,
  openChain,
  planLevels,
  type SummedLoop,
} from './levels.ts';
import type { Member, Mode } from './member.ts';
import { below, type Constraint, decidingWinners, openCoordinates, type Place, places, staysInside } from './places.ts';
import type { Schedule } from './schedule.ts';
import { Names, Scope } from './scope.ts';

/** One of the copies that an unrolled loop makes of its body. */
interface Instance {
  readonly place: Place;
  /** Which accumulator it adds to. */
  readonly owner: number;
}

/** A sum whose loops are being written. */
interface OpenSum {
  readonly levels: Levels;
  /** Adds a level of these instances' sums to the next. */
  handOn(level: number, instances: readonly Instance[], code: Code[]): void;
}

const zero: Value = { kind: 'number', value: 0 };

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

class Lowering {
  readonly #schedule: Schedule;
  readonly #layouts: Layouts;
  readonly #unit: number;
  /** Whether no place of the equation at hand needs to be asked for. */
  #staysInside = false;

  constructor(schedule: Schedule, layouts: Layouts, unit: number) {
    this.#schedule = schedule;
    this.#layouts = layouts;
    this.#unit = unit;
  }

  nest(all: readonly Member[], scope: Scope): void {
    const leading = all.filter(({ isLeading }) => isLeading);
    const members = all.filter(({ isLeading }) => !isLeading);
    const own = new Set(members.flatMap(({ within }) => within ?? []));
    const over = [...new Set(members.flatMap(({ equation }) => equation.over))].filter((one) => !own.has(one));
    const constraints = members.flatMap(({ equation }) => {
      this.#staysInside = equation.staysInside ?? false;
      return [...this.#targetConstraints(equation), ...this.#constraintsOf(equation.value, true)];
    });
    const start: Instance = { place: new Map(), owner: 0 };
    const ordered = this.#ordered(over);
    const { skip, held } = this.#schedule;
    if (skip === undefined) {
      this.#open(ordered, [start], constraints, scope, (instances, inner, rest) => {
        this.#body(members, instances, inner, rest);
      });
      return;
    }
    const outer = ordered.filter((one) => skip.at.some((coordinate) => coordinate.terms.has(one)));
    const others = ordered.filter((one) => !outer.includes(one));
    const walk = (
      indices: readonly Index[],
      from: Instance,
      at: Scope,
      visit: (existing: readonly Instance[], deep: Scope, rest: readonly Constraint[]) => void,
      sum?: OpenSum,
    ): void => {
      const each = (instances: readonly Instance[], inner: Scope): void => {
        for (const instance of instances) {
          this.#members(leading, [instance], inner);
          // What is added to locals takes less time than a branch that nobody can foresee. Nor does a list of the
          // winners that count pay: N2's step in a batch took 1.04 µs with one instead of 0.92.
          if (held.size > 0) {
            this.#open(others, [instance], constraints, inner, visit);
            continue;
          }
          const factor = this.#load(skip, instance.place, inner);
          const guarded = inner.inner(true);
          this.#open(others, [instance], constraints, guarded, visit);
          const test: Test = { kind: 'compare', sign: '≠', left: factor, right: zero };
          inner.code.push({ kind: 'if', test, body: guarded.code });
        }
      };
      this.#open(indices, [from], [], at, each, sum);
    };
    const [only] = members;
    if (held.size === 0 || only === undefined || members.length > 1) {
      walk(outer, start, scope, (existing, deep, rest) => this.#body(members, existing, deep, rest));
      return;
    }
    const holding = outer.filter((one) => held.has(one));
    const walked = outer.filter((one) => !held.has(one));
    this.#open(holding, [start], [], scope, (instances, middle) => {
      for (const instance of instances)
        this.#hold(only, instance, others, constraints, middle, walked, (visit, sum) =>
          walk(walked, instance, middle, visit, sum),
        );
    });
  }

  /**
   * Sums that stay in locals while `walk` goes along the winners, and are added to their places afterwards. The places
   * are gone through twice in the same order, so that their numbers tell which sum is whose.
   */
  #hold(
    { equation }: Member,
    instance: Instance,
    others: readonly Index[],
    constraints: readonly Constraint[],
    scope: Scope,
    walkedIndices: readonly Index[],
    walk: (
      visit: (existing: readonly Instance[], deep: Scope, rest: readonly Constraint[]) => void,
      sum: OpenSum,
    ) => void,
  ): void {
    const { name } = equation.target;
    const chains: Chain[] = [];
    const walked = this.#ordered(walkedIndices);
    const levels = this.#levels(walked);
    const sum: OpenSum = { levels, handOn: (level, _instances, code) => handOn(chains, level, code) };
    walk((existing, deep, rest) => {
      // Before the loops that are being written.
      const first = chains.length;
      for (const _ of existing) {
        chains.push(openChain(levels.count, () => ({ name: scope.names.numbered(name) }), zero, scope.code));
      }
      this.#eachExisting(existing, rest, deep, (free, where) => {
        const values = this.#values(equation.value, free, where, name);
        for (const [position, one] of free.entries()) {
          const [local] = chains[first + existing.indexOf(one)] as Chain;
          where.code.push({ kind: 'plus', local: local as Local, value: values[position] as Value });
        }
      });
    }, sum);
    let next = 0;
    this.#open(others, [instance], constraints, scope, (existing, deep) => {
      for (const { place } of existing) {
        this.#store(equation, place, { kind: 'local', local: chains[next++]?.at(-1) as Local }, 'accumulate', deep);
      }
    });
  }

  /** The innermost body: every member for every instance. */
  #body(members: readonly Member[], instances: readonly Instance[], scope: Scope, rest: readonly Constraint[]): void {
    const checked = instances.flatMap((instance) => {
      const test = this.#test(rest, instance.place, scope);
      return test === false ? [] : [{ instance, test }];
    });
    // Where a test is left, each instance stands under its own.
    const free = checked.filter(({ test }) => test === true).map(({ instance }) => instance);
    this.#members(members, free, scope);
    for (const { instance, test } of checked) {
      if (test === true) continue;
      const inner = scope.inner(true);
      this.#members(members, [instance], inner);
      scope.code.push({ kind: 'if', test, body: inner.code });
    }
  }

  #members(members: readonly Member[], instances: readonly Instance[], scope: Scope): void {
    if (instances.length === 0) return;
    const numbered = instances.map(({ place }, owner) => ({ place, owner }));
    if (members.length > 1 && numbered.length > 1 && members.every(({ mode }) => mode === 'accumulate')) {
      // What they share is at hand for all of them.
      for (const instance of instances) this.#members(members, [instance], scope);
      return;
    }
    const maximum = members.find(({ equation }) => equation.value.kind === 'max');
    const winner = members.find(({ equation }) => equation.value.kind === 'argmax');
    for (const member of members) {
      if (member === winner && maximum !== undefined) continue;
      this.#staysInside = member.equation.staysInside ?? false;
      const { equation, mode, isLocal } = member;
      if (member === maximum && winner !== undefined) {
        this.#storeWinners(maximum, winner.equation, numbered, scope);
        continue;
      }
      // Neighbouring vectors of one place stand together: they share what the other factor has there.
      const own = places(member.within ?? [], new Map())
        .flatMap((inner) => numbered.map(({ place }) => new Map([...place, ...inner])))
        .map((place, owner) => ({ place, owner }));
      const values = this.#values(equation.value, own, scope, equation.target.name);
      const isReadLater = (members.length > 1 || member.isLeading) && mode === 'assign';
      for (const [position, { place }] of own.entries()) {
        const given = values[position] as Value;
        const value = isReadLater ? this.#keep(equation, place, given, scope) : given;
        if (!isLocal) this.#store(equation, place, value, mode, scope);
      }
    }
  }

  #store({ target, at }: Equation, place: Place, value: Value, mode: Mode, scope: Scope): void {
    const address = scope.address(target.name, this.#addressOf({ tensor: target, at }, place, scope));
    scope.code.push({ kind: 'store', array: storageOf(target), at: address, value, isAdded: mode === 'accumulate' });
  }

  /** A value that a later member reads, under the name by which it looks for it. */
  #keep({ target, at }: Equation, place: Place, value: Value, scope: Scope): Value {
    const local = named(value, scope, target.name);
    if (local.kind === 'local') {
      const address = this.#addressOf({ tensor: target, at }, place, scope);
      scope.homeOf(address.terms.keys()).know(elementKey(target, address), local.local);
    }
    return local;
  }

  #storeWinners(
    { equation: maximum, isLocal }: Member,
    winner: Equation,
    instances: readonly Instance[],
    scope: Scope,
  ): void {
    const found = this.#maxima(maximum.value as Max, instances, scope, maximum.target.name, winner.target.name);
    for (const [position, { place }] of instances.entries()) {
      const { value, winner: variable } = found[position] as Found;
      const kept = this.#keep(maximum, place, value, scope);
      if (!isLocal) this.#store(maximum, place, kept, 'assign', scope);
      const by = new Map(winner.over.map((one, axis) => [one, place.get(maximum.over[axis] as Index) as Sum]));
      const at = scope.address(
        winner.target.name,
        this.#addressOf({ tensor: winner.target, at: winner.at }, by, scope),
      );
      scope.code.push({ kind: 'storeInteger', array: winner.target, at, value: variableSum(variable as Variable) });
    }
  }

  /** Loops in the order of the schedule; those that it does not name keep theirs. */
  #ordered(over: readonly Index[]): Index[] {
    const { order } = this.#schedule;
    const rank = (one: Index): number => {
      const position = order.indexOf(one);
      return position < 0 ? order.length + over.indexOf(one) : position;
    };
    return [...over].sort((a, b) => rank(a) - rank(b));
  }

  /**
   * Opens loops over the indices, outermost first; each constraint becomes a bound of the innermost loop that it speaks
   * of. `body` gets the instances and the constraints that no loop could take.
   */
  #open(
    indices: readonly Index[],
    instances: readonly Instance[],
    constraints: readonly Constraint[],
    scope: Scope,
    body: (instances: readonly Instance[], scope: Scope, rest: readonly Constraint[]) => void,
    sum?: OpenSum,
  ): void {
    const looped = indices.filter((one) => !this.#schedule.unroll.has(one));
    const unrolled = indices.filter((one) => this.#schedule.unroll.has(one));
    const expanded = (given: readonly Instance[]): Instance[] =>
      unrolled.reduce<Instance[]>(
        (all, one) =>
          all.flatMap(({ place, owner }) =>
            Array.from({ length: one.size }, (_, value) => ({ place: new Map(place).set(one, sumOf(value)), owner })),
          ),
        [...given],
      );
    const descend = (depth: number, given: readonly Instance[], rest: readonly Constraint[], inner: Scope): void => {
      const one = looped[depth];
      if (one === undefined) {
        body(expanded(given), inner, rest);
        return;
      }
      const later = new Set([...looped.slice(depth + 1), ...unrolled]);
      const speaksOf = ({ at, isSoft }: Constraint): boolean => {
        const winners = decidingWinners(at);
        const undecided = (other: Index): boolean => later.has(other);
        return !isSoft && at.terms.has(one) && !winners.has(one) && ![...at.terms.keys(), ...winners].some(undecided);
      };
      const own = rest.filter(speaksOf);
      const others = rest.filter((constraint) => !own.includes(constraint));
      const narrowed = own.length === 0 ? this.#schedule.narrowed.get(one) : undefined;
      const groups = narrowed ? [this.#union(one, narrowed, given, inner)] : this.#byBounds(one, given, own, inner);
      for (const { instances: group, from, to } of groups) {
        const isWhole = own.length === 0 && narrowed === undefined;
        const next = (nested: readonly Instance[], child: Scope): void => descend(depth + 1, nested, others, child);
        const segments = this.#inBlocks(this.#segments(one, isWhole), isWhole ? sum?.levels.of.get(one) : undefined);
        if (this.#schedule.joinsRest && segments.length > 1 && segments.every(({ isSingle }) => isSingle)) {
          this.#beside(one, segments, group, inner, next);
          continue;
        }
        const dynamic = isWhole ? undefined : { from, to, runs: narrowed !== undefined };
        for (const segment of segments) this.#loop(one, segment, dynamic, group, inner, next, sum);
      }
    };
    descend(0, instances, constraints, scope);
  }

  /** What does not fill the innermost blocks of a sum is a piece by itself, so that every block has as many turns. */
  #inBlocks(segments: readonly Segment[], own: LevelsOfLoop | undefined): readonly Segment[] {
    const length = own?.blocks[0]?.turns;
    if (length === undefined) return segments;
    return segments.flatMap((segment) => {
      const { start, end, offsets, lanes, isSingle } = segment;
      const block = length * offsets.length * lanes;
      const rest = (end - start) % block;
      if (isSingle || rest === 0 || end - start < block) return [segment];
      return [
        { ...segment, end: end - rest },
        { ...segment, start: end - rest, isSingle: rest === offsets.length * lanes },
      ];
    });
  }

  /** A piece of an index's range that is walked in one way. */
  #segments(one: Index, isWhole: boolean): Segment[] {
    const lanes = isWhole && this.#schedule.vector === one ? this.#schedule.lanes : 1;
    const factor = isWhole ? (this.#schedule.tile.get(one) ?? 1) : 1;
    const segments: Segment[] = [];
    const add = (start: number, end: number, offsets: readonly number[], width: number): void => {
      const isSingle = (offsets.at(-1) as number) + width >= end - start;
      if (end > start) segments.push({ start, end, offsets, lanes: width, isSingle: isWhole && isSingle });
    };
    const steps = (count: number, width: number): number[] => Array.from({ length: count }, (_, n) => n * width);
    const block = factor * lanes;
    const main = one.size - (one.size % block);
    const vectors = Math.floor((one.size - main) / lanes);
    const scalars = main + vectors * lanes;
    const last = one.size - lanes;
    const overlaps = lanes > 1 && last >= 0 && scalars < one.size && this.#schedule.overlaps;
    if (overlaps && last < block) {
      add(0, one.size, [...steps(Math.floor(one.size / lanes), lanes), last], lanes);
      return segments;
    }
    add(0, main, steps(factor, lanes), lanes);
    add(main, scalars, steps(vectors, lanes), lanes);
    if (overlaps) add(last, one.size, [0], lanes);
    else if (lanes > 1) {
      const half = this.#schedule.joinsRest && one.size - scalars >= lanes / 2 ? lanes / 2 : 0;
      add(scalars, scalars + half, [0], half);
      add(scalars + half, one.size, steps(one.size - scalars - half, 1), 1);
    }
    return segments;
  }

  /** Pieces of one turn each, around one body. */
  #beside(
    one: Index,
    [segment, ...others]: readonly Segment[],
    instances: readonly Instance[],
    scope: Scope,
    body: (instances: readonly Instance[], scope: Scope) => void,
    before: readonly Instance[] = [],
  ): void {
    if (segment === undefined) {
      body(before, scope);
      return;
    }
    this.#loop(one, segment, undefined, instances, scope, (own, inner) =>
      this.#beside(one, others, instances, inner, body, [...before, ...own]),
    );
  }

  #loop(
    one: Index,
    { start, end, offsets, lanes, isSingle }: Segment,
    dynamic: { readonly from: Int; readonly to: Int; readonly runs: boolean } | undefined,
    instances: readonly Instance[],
    scope: Scope,
    body: (instances: readonly Instance[], scope: Scope) => void,
    sum?: OpenSum,
  ): void {
    const step = isSingle ? end - start : offsets.length * lanes;
    const turns = dynamic === undefined ? (end - start) / step : undefined;
    const isLoop = turns !== 1 || lanes > 1;
    const variable = { name: isLoop ? scope.names.fresh(one.name) : '' };
    const inner = isLoop ? scope.inner() : scope;
    if (isLoop) inner.bind(variable);
    const levels = sum?.levels.of.get(one);
    const base = isLoop ? variableSum(variable) : sumOf(start);
    const next = instances.flatMap(({ place, owner }) =>
      offsets.map((offset) => ({ place: new Map(place).set(one, addSums(base, offset)), owner })),
    );
    body(next, inner);
    if (levels?.atTurn !== undefined) sum?.handOn(levels.atTurn, next, inner.code);
    const blocks = levels?.blocks ?? [];
    const fits = (block: { readonly turns: number }): boolean => turns === undefined || block.turns < turns;
    // What a short piece leaves in the lower levels goes up as well.
    const finish = (): void => {
      for (const block of blocks) if (!fits(block)) sum?.handOn(block.level, instances, scope.code);
    };
    if (!isLoop) {
      finish();
      return;
    }
    const used = blocks.filter(fits);
    const from = dynamic?.from ?? sumOf(start);
    const to = used.length > 0 ? this.#oneInteger(dynamic?.to ?? sumOf(end), one, scope) : (dynamic?.to ?? sumOf(end));
    const loop: Loop = { kind: 'loop', variable, from, to, step, lanes, body: inner.code };
    const whole = dynamic?.runs ? { ...loop, runs: true } : loop;
    scope.code.push(this.#blocked(whole, used, scope.names, (level, code) => sum?.handOn(level, instances, code)));
    finish();
  }

  /** A limit that several loops compare with: a constant or one variable. */
  #oneInteger(value: Int, { name }: Index, scope: Scope): Sum {
    if (value.kind === 'sum' && isConstant(value)) return value;
    const variable = { name: scope.names.fresh(`${name}_to`) };
    scope.code.push({ kind: 'integer', variable, value });
    scope.bind(variable);
    return variableSum(variable);
  }

  /** A loop over blocks of a loop's turns, after each of which a partial sum is handed on. */
  #blocked(
    loop: Loop,
    blocks: LevelsOfLoop['blocks'],
    names: Names,
    handOn: (level: number, code: Code[]) => void,
  ): Loop {
    const { step } = loop;
    let whole = loop;
    for (const block of blocks) {
      const variable = { name: names.fresh(`${loop.variable.name}_block`) };
      const begin = variableSum(variable);
      const length = block.turns * step;
      const end = addSums(begin, length);
      const isWhole = (distance(loop.from, loop.to) ?? 1) % length === 0;
      const to = isWhole ? end : extreme('least', [loop.to, end]);
      const body: Code[] = [{ ...whole, from: begin, to, runs: true }];
      handOn(block.level, body);
      whole = { ...loop, variable, step: length, lanes: 1, body };
    }
    return whole;
  }

  /** Instances whose loops run over the same range. */
  #byBounds(one: Index, instances: readonly Instance[], own: readonly Constraint[], scope: Scope): Bounded[] {
    const groups = new Map<string, Bounded & { readonly instances: Instance[] }>();
    for (const instance of instances) {
      const { from, to } = this.#range(one, own, instance.place, scope);
      const key = `${keyOfInt(from)} … ${keyOfInt(to)}`;
      const group = groups.get(key) ?? { instances: [], from, to };
      group.instances.push(instance);
      groups.set(key, group);
    }
    return [...groups.values()];
  }

  /** One loop for instances at fixed distances from one another: over whatever one of them needs. */
  #union(one: Index, constraint: Constraint, instances: readonly Instance[], scope: Scope): Bounded {
    const { at } = constraint;
    const start = ({ place }: Instance): number =>
      this.#coordinate(at, new Map(place).set(one, sumOf(0)), scope).constant;
    const byPlace = [...instances].sort((a, b) => start(a) - start(b));
    const isForward = (at.terms.get(one) as number) > 0;
    const [first, last] = [byPlace.at(isForward ? -1 : 0), byPlace.at(isForward ? 0 : -1)] as [Instance, Instance];
    return {
      instances,
      from: this.#range(one, [constraint], first.place, scope).from,
      to: this.#range(one, [constraint], last.place, scope).to,
    };
  }

  /** The range of an index in which all its constraints hold: 0 ≤ rest + coefficient·index < size, solved for the index. */
  #range(one: Index, constraints: readonly Constraint[], place: Place, scope: Scope): { from: Int; to: Int } {
    const from: Int[] = [sumOf(0)];
    const to: Int[] = [sumOf(one.size)];
    for (const { at, size } of constraints) {
      const coefficient = at.terms.get(one) as number;
      const rest = this.#coordinate(at, new Map(place).set(one, sumOf(0)), scope);
      const { min, max } = bounds(at);
      const negative = scaleSum(-1, rest);
      if (coefficient > 0) {
        if (min < 0) from.push(quotient('ceiling', negative, coefficient));
        if (max >= size) to.push(quotient('ceiling', addSums(negative, size), coefficient));
      } else {
        if (min < 0) to.push(quotient('floor', addSums(rest, -coefficient), -coefficient));
        if (max >= size) from.push(quotient('floor', addSums(rest, -size - coefficient), -coefficient));
      }
    }
    return { from: extreme('greatest', from), to: extreme('least', to) };
  }

  /** Whether the constraints hold at a place: known now, or a test for run time. */
  #test(constraints: readonly Constraint[], place: Place, scope?: Scope): boolean | Test {
    const open: Test[] = [];
    const seen = new Set<string>();
    for (const { at, size, isSoft } of constraints) {
      if (isSoft && winnersIn(at).length > 0) continue;
      const value = this.#coordinate(at, place, scope);
      if (isConstant(value)) {
        if (value.constant < 0 || value.constant >= size) return false;
        continue;
      }
      if (isSoft || staysInside(at, place, size)) continue;
      const key = `${keyOfInt(value)} < ${size}`;
      if (!seen.has(key)) open.push({ kind: 'within', value, size });
      seen.add(key);
    }
    if (open.length === 0) return true;
    return open.length === 1 ? (open[0] as Test) : { kind: 'every', of: open };
  }

  #values(e: Expression, instances: readonly Instance[], scope: Scope, name: string): Value[] {
    const recur = (child: Expression): Value[] => this.#values(child, instances, scope, name);
    const zipped = (children: readonly Expression[], join: (values: Value[]) => Value): Value[] => {
      const all = children.map(recur);
      return instances.map((_, position) => join(all.map((values) => values[position] as Value)));
    };
    switch (e.kind) {
      case 'number':
        return instances.map(() => e);
      case 'read':
        return instances.map(({ place }) => this.#load(e, place, scope));
      case 'plus':
        return this.#added(e.terms, instances, scope, name);
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
        return this.#chosen(e.condition, e.yes, e.no, instances, scope, name);
      case 'sum':
        return this.#summed(e.over, e.body, instances, scope, name, undefined);
      case 'max':
        return this.#maxima(e, instances, scope, name).map(({ value }) => value);
      case 'count':
        return instances.map(({ place }) => this.#counted(e.over, e.inside, place, scope));
      case 'argmax':
      case 'address':
      case 'logSumExp':
        throw new Error(`${e.kind} stands alone in a nest of loops`);
    }
  }

  /** A sum of terms; a single reduction among them starts from the others. */
  #added(terms: readonly Expression[], instances: readonly Instance[], scope: Scope, name: string): Value[] {
    const reductions = terms.filter(({ kind }) => kind === 'sum');
    const [reduction] = reductions;
    if (reductions.length === 1 && reduction?.kind === 'sum' && terms.length > 1) {
      const others = terms.filter((term) => term !== reduction);
      const start = this.#added(others, instances, scope, name);
      return this.#summed(reduction.over, reduction.body, instances, scope, name, start);
    }
    const all = terms.map((term) => this.#guarded(term, instances, scope, name));
    return instances.map((_, position) => addValues(all.map((values) => values[position] as Value)));
  }

  /** A term that may be absent counts as 0 where it is. */
  #guarded(term: Expression, instances: readonly Instance[], scope: Scope, name: string): Value[] {
    const constraints = this.#constraintsOf(term, false);
    if (constraints.length === 0) return this.#values(term, instances, scope, name);
    return instances.map((instance) => {
      const test = this.#test(constraints, instance.place, scope);
      if (test === false) return zero;
      if (test === true) return this.#values(term, [instance], scope, name)[0] as Value;
      const local = { name: scope.names.numbered(name) };
      const inner = scope.inner(true);
      const [value] = this.#values(term, [instance], inner, name);
      inner.code.push({ kind: 'replace', local, value: value as Value });
      scope.code.push({ kind: 'mutable', local, value: zero }, { kind: 'if', test, body: inner.code });
      return { kind: 'local', local };
    });
  }

  #chosen(
    condition: Condition,
    yes: Expression,
    no: Expression,
    instances: readonly Instance[],
    scope: Scope,
    name: string,
  ): Value[] {
    const then = this.#guarded(yes, instances, scope, name);
    const otherwise = this.#guarded(no, instances, scope, name);
    const pick = (test: Test | boolean, position: number): Value => {
      if (typeof test === 'boolean') return (test ? then : otherwise)[position] as Value;
      return { kind: 'select', test, yes: then[position] as Value, no: otherwise[position] as Value };
    };
    if (condition.kind === 'compare') {
      const left = this.#values(condition.left, instances, scope, name);
      const right = this.#values(condition.right, instances, scope, name);
      return instances.map((_, position) =>
        pick(
          { kind: 'compare', sign: condition.sign, left: left[position] as Value, right: right[position] as Value },
          position,
        ),
      );
    }
    return instances.map(({ place }, position) => {
      if (condition.kind === 'within') return pick(this.#test([condition.coordinate], place, scope), position);
      const number = this.#winner(condition.winner, place, scope);
      const wanted = addSums(
        ...condition.at.map((at, axis) => scaleSum(below(condition.sizes, axis), this.#coordinate(at, place, scope))),
      );
      return pick({ kind: 'equal', left: variableSum(number), right: wanted }, position);
    });
  }

  /** Accumulators, one for each instance, and the loops that add to them. */
  #summed(
    over: readonly Index[],
    body: Expression,
    instances: readonly Instance[],
    scope: Scope,
    name: string,
    start: readonly Value[] | undefined,
  ): Value[] {
    const { vector, lanes } = this.#schedule;
    const ordered = this.#ordered(over);
    const levels = this.#levels(ordered);
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
    const constraints = this.#constraintsOf(body, true);
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
      this.#eachExisting(inner, rest, at, (existing, where) => {
        const values = this.#values(body, existing, where, name);
        for (const [position, { owner, place }] of existing.entries()) {
          const isRest = isAcross && isConstant(place.get(vector) as Sum);
          const [local] = (isRest ? rests : chains)[owner] as Chain;
          where.code.push({ kind: 'plus', local: local as Local, value: values[position] as Value });
        }
      });
    };
    this.#open(ordered, owned, constraints, scope, visit, sum);
    const wholeOf = (chain: Chain): Value => ({ kind: 'local', local: chain.at(-1) as Local });
    if (!isAcross) return chains.map(wholeOf);
    return chains.map((chain, position) => {
      const local: Local = { name: scope.names.numbered(name) };
      scope.code.push({ kind: 'across', local, vector: chain.at(-1) as Local });
      const rest = rests[position];
      return addValues([{ kind: 'local', local }, ...(rest ? [wholeOf(rest)] : [])]);
    });
  }

  /** The runs of a sum over these indices. */
  #levels(ordered: readonly Index[]): Levels {
    const { unroll, vector, lanes, tile, runs } = this.#schedule;
    const loops = ordered
      .filter((one) => !unroll.has(one))
      .map((index): SummedLoop => {
        const width = index === vector ? lanes : 1;
        const termsOfTurn = Math.min(tile.get(index) ?? 1, Math.max(1, Math.floor(index.size / width)));
        return { index, turns: Math.ceil(index.size / (width * termsOfTurn)), termsOfTurn };
      });
    const written = ordered.filter((one) => unroll.has(one)).reduce((product, { size }) => product * size, 1);
    return planLevels(loops, written, runs);
  }

  /** Calls `visit` with the instances that exist for certain, then under a test with each that may. */
  #eachExisting(
    instances: readonly Instance[],
    constraints: readonly Constraint[],
    scope: Scope,
    visit: (existing: readonly Instance[], scope: Scope) => void,
  ): void {
    const free: Instance[] = [];
    const open: { instance: Instance; test: Test }[] = [];
    for (const instance of instances) {
      const test = this.#test(constraints, instance.place, scope);
      if (test === true) free.push(instance);
      else if (test !== false) open.push({ instance, test });
    }
    if (free.length > 0) visit(free, scope);
    for (const { instance, test } of open) {
      const inner = scope.inner(true);
      visit([instance], inner);
      scope.code.push({ kind: 'if', test, body: inner.code });
    }
  }

  /** The largest value of each instance's window and, with `winnerName`, the place of the first that is as large. */
  #maxima(e: Max, instances: readonly Instance[], scope: Scope, name: string, winnerName?: string): Found[] {
    const constraints = this.#constraintsOf(e.body, false);
    const isUnrolled = e.over.every((one) => this.#schedule.unroll.has(one));
    const sizes = e.over.map(({ size }) => size);
    const numberOf = (place: Place): Sum =>
      addSums(...e.over.map((one, axis) => scaleSum(below(sizes, axis), place.get(one) as Sum)));
    const isStatic = instances.every(({ place }) =>
      places(e.over, place).every((inner) => typeof this.#test(constraints, inner, scope) === 'boolean'),
    );
    return instances.map(({ place }): Found => {
      const maximum = { name: scope.names.numbered(name) };
      const winner = winnerName === undefined ? undefined : { name: scope.names.fresh(letterOf(winnerName)) };
      if (isUnrolled && isStatic) {
        const candidates = places(e.over, place).flatMap((inner): Contender[] => {
          if (this.#test(constraints, inner, scope) === false) return [];
          const [value] = this.#values(e.body, [{ place: inner, owner: 0 }], scope, name);
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
        this.#open(this.#ordered(e.over), [{ place, owner: 0 }], constraints, scope, (inner, at, rest) => {
          for (const one of inner) {
            this.#eachExisting([one], rest, at, (existing, where) => {
              const [candidate] = this.#values(e.body, existing, where, name);
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
  #counted(over: readonly Index[], inside: readonly Constraint[], place: Place, scope: Scope): Value {
    const factors = over.map((one): Value => {
      const own = inside.filter(({ at }) => at.terms.has(one));
      if (own.some(({ at }) => over.some((other) => other !== one && at.terms.has(other)))) {
        throw new Error('a count over a coordinate with two counted indices');
      }
      const { from, to } = this.#range(one, own, place, scope);
      return { kind: 'fromInt', value: { kind: 'between', from, to } };
    });
    return factors.length === 1 ? (factors[0] as Value) : { kind: 'times', factors };
  }

  #targetConstraints({ target, at }: Equation): Constraint[] {
    const layout = this.#layoutOf(target);
    if (this.#staysInside || (target === storageOf(target) && absorbs(layout, 'target'))) return [];
    return openCoordinates(target, at);
  }

  /** What must hold for a term to exist, as far as it does not depend on one of its own reductions. */
  #constraintsOf(e: Expression, isAbsorbed: boolean): Constraint[] {
    if (this.#staysInside) return [];
    switch (e.kind) {
      case 'read': {
        const isSoft = isAbsorbed && e.tensor === storageOf(e.tensor) && absorbs(this.#layoutOf(e.tensor), 'factor');
        const open = openCoordinates(e.tensor, e.at);
        return isSoft ? open.map((constraint) => ({ ...constraint, isSoft })) : open;
      }
      case 'times':
        return e.factors.flatMap((factor) => this.#constraintsOf(factor, isAbsorbed && factor.kind === 'read'));
      case 'divide':
        return [...this.#constraintsOf(e.dividend, isAbsorbed), ...this.#constraintsOf(e.divisor, false)];
      case 'call':
        return this.#constraintsOf(e.argument, false);
      case 'where':
        return isZero(e.no) ? this.#conditionConstraints(e.condition, e.yes) : [];
      default:
        return [];
    }
  }

  #conditionConstraints(condition: Condition, yes: Expression): Constraint[] {
    const inside = this.#constraintsOf(yes, false);
    if (condition.kind === 'within') return [condition.coordinate, ...inside];
    if (condition.kind === 'compare') {
      return [...this.#constraintsOf(condition.left, false), ...this.#constraintsOf(condition.right, false), ...inside];
    }
    const places = condition.at.flatMap((at, axis): Constraint[] => {
      const size = condition.sizes[axis] as number;
      return staysWithin(at, size) ? [] : [{ at, size }];
    });
    return [...openCoordinates(condition.winner.tensor, condition.winner.at), ...places, ...inside];
  }

  #load(r: Read, place: Place, scope: Scope): Value {
    if (r.tensor.role === 'argument') return { kind: 'argument', name: r.tensor.name };
    const at = this.#addressOf(r, place, scope);
    const array = storageOf(r.tensor);
    const home = scope.homeOf(at.terms.keys());
    return scope.load(array, elementKey(array, at), at, () => ({
      kind: 'load',
      array,
      at: home.address(array.name, at),
    }));
  }

  #addressOf({ tensor, at }: Pick<Read, 'tensor' | 'at'>, place: Place, scope: Scope): Sum {
    const { strides, offset } = this.#layoutOf(tensor);
    const coordinates = at.map((coordinate, axis) =>
      scaleSum((strides[axis] as number) * this.#unit, this.#coordinate(coordinate, place, scope)),
    );
    return addSums(offset * this.#unit, ...coordinates);
  }

  #layoutOf(tensor: Tensor): Layout {
    return layoutIn(this.#layouts, tensor);
  }

  #coordinate({ constant, terms }: Affine, place: Place, scope: Scope | undefined): Sum {
    const parts = [...terms].map(([one, coefficient]) => {
      const value = one.winner === undefined ? place.get(one) : this.#digit(one.winner, place, scope);
      if (value === undefined) throw new Error(`index ${one.name} has no value`);
      return scaleSum(coefficient, value);
    });
    return addSums(constant, ...parts);
  }

  #winner(r: Read, place: Place, scope: Scope): Variable {
    const at = this.#addressOf(r, place, scope);
    const home = scope.homeOf(at.terms.keys());
    const address = home.address(r.tensor.name, at);
    return scope.integer(letterOf(r.tensor.name), `${r.tensor.name}[${keyOfInt(at)}]`, at.terms.keys(), () => ({
      kind: 'load',
      array: r.tensor,
      at: address,
    }));
  }

  #digit({ read, sizes, axis }: WinnerDigit, place: Place, scope: Scope | undefined): Sum {
    if (scope === undefined) throw new Error('a winner has no value here');
    const number = this.#winner(read, place, scope);
    const letter = 'uv'[axis] ?? axis;
    const digit = scope.integer(`${number.name}${letter}`, `${number.name} digit ${axis}`, [number], () => ({
      kind: 'digit',
      number,
      below: below(sizes, axis),
      // The first digit has none above it.
      size: axis === 0 ? undefined : (sizes[axis] as number),
    }));
    return variableSum(digit);
  }
}

/** Instances whose loops run over one range. */
interface Bounded {
  readonly instances: readonly Instance[];
  readonly from: Int;
  readonly to: Int;
}

interface Segment {
  readonly start: number;
  readonly end: number;
  /** Where the copies of the body that one turn makes stand, counted from the loop's variable. */
  readonly offsets: readonly number[];
  readonly lanes: number;
  /** Whether one turn walks all of it. */
  readonly isSingle: boolean;
}

interface Found {
  readonly value: Value;
  readonly winner: Variable | undefined;
}

const isZero = (e: Expression): boolean => e.kind === 'number' && e.value === 0;

/** A value that will be written more than once. */
function named(value: Value, scope: Scope, name: string): Value {
  if (value.kind === 'local' || value.kind === 'number') return value;
  const local = { name: scope.names.numbered(name) };
  scope.code.push({ kind: 'constant', local, value });
  return { kind: 'local', local };
}

function addValues(terms: readonly Value[]): Value {
  const present = terms.filter((term) => term.kind !== 'number' || term.value !== 0);
  if (present.length === 0) return zero;
  return present.length === 1 ? (present[0] as Value) : { kind: 'plus', terms: present };
}

function elementKey(tensor: Tensor, at: Sum): string {
  return `${storageOf(tensor).name}[${keyOfInt(at)}]`;
}

/** `k` of `k1`, which no array is named. */
function letterOf(name: string): string {
  return name.replace(/\d+$/, '');
}
