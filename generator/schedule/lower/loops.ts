import {
  addSums,
  type Code,
  distance,
  type Int,
  isConstant,
  type Loop,
  type Sum,
  sumOf,
  variableSum,
} from '../../code/code.ts';
import { extreme, keyOfInt } from '../../code/integers.ts';
import type { Index } from '../../equations/affine.ts';
import { lastOf, present } from '../../lists.ts';
import { type Levels, type LevelsOfLoop, planLevels, type SummedLoop } from '../loops/levels.ts';
import { type Constraint, decidingWinners } from '../loops/places.ts';
import type { Names, Scope } from '../loops/scope.ts';
import { Existence } from './existence.ts';
import type { Bounded, Instance, OpenSum } from './instance.ts';
import { inBlocks, type Segment, segmentsOf } from './segments.ts';

/** Writes what stands in a loop, of the instances there, with the constraints that no loop could take. */
type Body = (instances: readonly Instance[], scope: Scope, rest: readonly Constraint[]) => void;

/** Whether a constraint is a bound of the loop over this index: nothing that it speaks of is decided later. */
function isDecidedBy({ at, isSoft }: Constraint, one: Index, later: ReadonlySet<Index>): boolean {
  const winners = decidingWinners(at);
  return (
    !isSoft &&
    at.terms.has(one) &&
    !winners.has(one) &&
    ![...at.terms.keys(), ...winners].some((other) => later.has(other))
  );
}

/** Instances at every place of these indices. */
function writtenOut(indices: readonly Index[], instances: readonly Instance[]): readonly Instance[] {
  return indices.reduce<readonly Instance[]>(
    (all, one) =>
      all.flatMap(({ place, owner }) =>
        Array.from({ length: one.size }, (_, value) => ({ place: new Map(place).set(one, sumOf(value)), owner })),
      ),
    instances,
  );
}

/** Instances at several distances from a place along an index. */
function movedBy(offsets: readonly number[], one: Index, base: Sum, instances: readonly Instance[]): Instance[] {
  return instances.flatMap(({ place, owner }) =>
    offsets.map((offset) => ({ place: new Map(place).set(one, addSums(base, offset)), owner })),
  );
}

/** Opens loops as the schedule says. */
export class Loops extends Existence {
  /** By the value of the index that fills vectors: how many lanes the vector before has computed already. */
  protected readonly kept = new Map<string, number>();

  /** Loops in the order of the schedule; those that it does not name keep theirs. */
  protected ordered(over: readonly Index[]): Index[] {
    const { order } = this.schedule;
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
  protected open(
    indices: readonly Index[],
    instances: readonly Instance[],
    constraints: readonly Constraint[],
    scope: Scope,
    body: Body,
    sum?: OpenSum,
  ): void {
    const { unroll } = this.schedule;
    const unrolled = indices.filter((one) => unroll.has(one));
    const descend = (looped: readonly Index[], given: readonly Instance[], rest: readonly Constraint[], at: Scope) => {
      const [one, ...inner] = looped;
      if (one === undefined) {
        body(writtenOut(unrolled, given), at, rest);
        return;
      }
      const later = new Set([...inner, ...unrolled]);
      const own = rest.filter((constraint) => isDecidedBy(constraint, one, later));
      const others = rest.filter((constraint) => !own.includes(constraint));
      this.opened(one, given, own, at, (nested, child) => descend(inner, nested, others, child), sum);
    };
    const looped = indices.filter((one) => !unroll.has(one));
    descend(looped, instances, constraints, scope);
  }

  /** The loops over one index: a group of instances after the other, each in its segments. */
  protected opened(
    one: Index,
    instances: readonly Instance[],
    own: readonly Constraint[],
    scope: Scope,
    next: (instances: readonly Instance[], scope: Scope) => void,
    sum: OpenSum | undefined,
  ): void {
    const narrowed = own.length === 0 ? this.schedule.narrowed.get(one) : undefined;
    const isWhole = own.length === 0 && narrowed === undefined;
    const blocks = isWhole ? sum?.levels.of.get(one) : undefined;
    const segments = inBlocks(segmentsOf(one, this.schedule, isWhole), blocks);
    const isJoined = this.schedule.joinsRest && segments.length > 1 && segments.every(({ isSingle }) => isSingle);
    const groups = narrowed ? [this.union(one, narrowed, instances, scope)] : this.byBounds(one, instances, own, scope);
    for (const { instances: group, from, to } of groups) {
      if (isJoined) {
        this.beside(one, segments, group, scope, next);
        continue;
      }
      const dynamic = isWhole ? undefined : { from, to, runs: narrowed !== undefined };
      for (const segment of segments) this.loop(one, segment, dynamic, group, scope, next, sum);
    }
  }

  /** Pieces of one turn each, around one body. */
  protected beside(
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
    this.loop(one, segment, undefined, instances, scope, (own, inner) =>
      this.beside(one, others, instances, inner, body, [...before, ...own]),
    );
  }

  protected loop(
    one: Index,
    { start, end, offsets, lanes, kept, isSingle }: Segment,
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
    if (kept > 0) this.kept.set(keyOfInt(addSums(base, lastOf(offsets))), kept);
    const next = movedBy(offsets, one, base, instances);
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
    const to = used.length > 0 ? this.oneInteger(dynamic?.to ?? sumOf(end), one, scope) : (dynamic?.to ?? sumOf(end));
    const loop: Loop = { kind: 'loop', variable, from, to, step, lanes, body: inner.code };
    const whole = dynamic?.runs ? { ...loop, runs: true } : loop;
    scope.code.push(this.blocked(whole, used, scope.names, (level, code) => sum?.handOn(level, instances, code)));
    finish();
  }

  /** A limit that several loops compare with: a constant or one variable. */
  protected oneInteger(value: Int, { name }: Index, scope: Scope): Sum {
    if (value.kind === 'sum' && isConstant(value)) return value;
    const variable = { name: scope.names.fresh(`${name}_to`) };
    scope.code.push({ kind: 'integer', variable, value });
    scope.bind(variable);
    return variableSum(variable);
  }

  /** A loop over blocks of a loop's turns, after each of which a partial sum is handed on. */
  protected blocked(
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
  protected byBounds(one: Index, instances: readonly Instance[], own: readonly Constraint[], scope: Scope): Bounded[] {
    const groups = new Map<string, Bounded & { readonly instances: Instance[] }>();
    for (const instance of instances) {
      const { from, to } = this.range(one, own, instance.place, scope);
      const key = `${keyOfInt(from)} … ${keyOfInt(to)}`;
      const group = groups.get(key) ?? { instances: [], from, to };
      group.instances.push(instance);
      groups.set(key, group);
    }
    return [...groups.values()];
  }

  /** One loop for instances at fixed distances from one another: over whatever one of them needs. */
  protected union(one: Index, constraint: Constraint, instances: readonly Instance[], scope: Scope): Bounded {
    const { at } = constraint;
    const start = ({ place }: Instance): number =>
      this.coordinate(at, new Map(place).set(one, sumOf(0)), scope).constant;
    const byPlace = [...instances].sort((a, b) => start(a) - start(b));
    const isForward = (at.terms.get(one) ?? 0) > 0;
    const [first, last] = [present(byPlace.at(isForward ? -1 : 0)), present(byPlace.at(isForward ? 0 : -1))];
    return {
      instances,
      from: this.range(one, [constraint], first.place, scope).from,
      to: this.range(one, [constraint], last.place, scope).to,
    };
  }

  /** The runs of a sum over these indices. */
  protected levels(ordered: readonly Index[]): Levels {
    const { unroll, vector, lanes, tile, runs } = this.schedule;
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
}
