import {
  addSums,
  type Contender,
  type Local,
  type Sum,
  scaleSum,
  sumOf,
  type Value,
  type Variable,
} from '../../code/code.ts';
import { gamesOf } from '../../code/games.ts';
import type { Expression, Max } from '../../equations/expression.ts';
import { present } from '../../lists.ts';
import { below, type Constraint, type Place, places } from '../loops/places.ts';
import type { Scope } from '../loops/scope.ts';
import type { Instance } from './instance.ts';
import { Matrices } from './matrices.ts';
import { letterOf } from './values.ts';

/** A maximum, and the place of the first that is as large. */
export interface Found {
  readonly value: Value;
  readonly winner: Variable | undefined;
}

/** Writes maxima, and the places where they are found. */
export abstract class Maxima extends Matrices {
  protected abstract values(e: Expression, instances: readonly Instance[], scope: Scope, name: string): Value[];

  /** The largest value of each instance's window and, with `winnerName`, the place of the first that is as large. */
  protected maxima(e: Max, instances: readonly Instance[], scope: Scope, name: string, winnerName?: string): Found[] {
    const constraints = this.constraintsOf(e.body, false);
    const isUnrolled = e.over.every((one) => this.schedule.unroll.has(one));
    const isStatic = instances.every(({ place }) =>
      places(e.over, place).every((inner) => typeof this.test(constraints, inner, scope) === 'boolean'),
    );
    return instances.map(({ place }): Found => {
      const maximum = { name: scope.names.numbered(name) };
      const winner = winnerName === undefined ? undefined : { name: scope.names.fresh(letterOf(winnerName)) };
      const window: Window = { of: e, constraints, place, maximum, winner };
      if (isUnrolled && isStatic) this.compared(window, scope, name);
      else this.searched(window, scope, name);
      if (winner) scope.bind(winner);
      return { value: { kind: 'local', local: maximum }, winner };
    });
  }

  /** All candidates of a window, side by side. */
  protected compared({ of, constraints, place, maximum, winner }: Window, scope: Scope, name: string): void {
    const candidates = places(of.over, place).flatMap((inner): Contender[] => {
      if (this.test(constraints, inner, scope) === false) return [];
      const [value] = this.values(of.body, [{ place: inner, owner: 0 }], scope, name);
      return [{ value: present(value), place: numberOf(of, inner).constant }];
    });
    const last = winner ?? { name: `${maximum.name}Place` };
    const games = gamesOf(candidates.length, last, (letter) => scope.names.fresh(`${last.name}${letter}`));
    scope.code.push({ kind: 'tournament', maximum, winner, candidates, games });
  }

  /** One candidate after the other, in loops. */
  protected searched({ of, constraints, place, maximum, winner }: Window, scope: Scope, name: string): void {
    const least: Value = { kind: 'number', value: Number.NEGATIVE_INFINITY };
    scope.code.push({ kind: 'mutable', local: maximum, value: least });
    if (winner) scope.code.push({ kind: 'counter', variable: winner, value: sumOf(0) });
    this.open(this.ordered(of.over), [{ place, owner: 0 }], constraints, scope, (inner, at, rest) => {
      for (const one of inner) {
        this.eachExisting([one], rest, at, (existing, where) => {
          const [candidate] = this.values(of.body, existing, where, name);
          const number = winner && { variable: winner, value: numberOf(of, one.place) };
          where.code.push({ kind: 'challenge', maximum, candidate: present(candidate), place: number });
        });
      }
    });
  }
}

/** The window of one instance, and the names of what is found in it. */
interface Window {
  readonly of: Max;
  readonly constraints: readonly Constraint[];
  readonly place: Place;
  readonly maximum: Local;
  readonly winner: Variable | undefined;
}

/** A place in a window as one number, row by row. */
function numberOf({ over }: Max, place: Place): Sum {
  const sizes = over.map(({ size }) => size);
  return addSums(...over.map((one, axis) => scaleSum(below(sizes, axis), present(place.get(one)))));
}
