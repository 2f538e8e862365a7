import { addSums, type Int, isConstant, scaleSum, sumOf, type Test } from '../../code/code.ts';
import { extreme, keyOfInt, quotient } from '../../code/integers.ts';
import { bounds, type Index, staysWithin, winnersIn } from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';
import type { Condition, Expression } from '../../equations/expression.ts';
import { storageOf } from '../../equations/tensor.ts';
import { pairsOf } from '../../lists.ts';
import { absorbs } from '../loops/layout.ts';
import { type Constraint, openCoordinates, type Place, staysInside } from '../loops/places.ts';
import type { Scope } from '../loops/scope.ts';
import { Addresses } from './addresses.ts';
import type { Instance } from './instance.ts';

/** Which terms exist: what must hold of their coordinates, as bounds of loops, known beforehand, or asked as the code runs. */
export class Existence extends Addresses {
  protected targetConstraints({ target, at }: Equation): Constraint[] {
    const layout = this.layoutOf(target);
    if (this.staysInside || (target === storageOf(target) && absorbs(layout, 'target'))) return [];
    return openCoordinates(target, at);
  }

  /** What must hold for a term to exist, as far as it does not depend on one of its own reductions. */
  protected constraintsOf(e: Expression, isAbsorbed: boolean): Constraint[] {
    if (this.staysInside) return [];
    switch (e.kind) {
      case 'read': {
        const isSoft = isAbsorbed && e.tensor === storageOf(e.tensor) && absorbs(this.layoutOf(e.tensor), 'factor');
        const open = openCoordinates(e.tensor, e.at);
        return isSoft ? open.map((constraint) => ({ ...constraint, isSoft })) : open;
      }
      case 'times':
        return e.factors.flatMap((factor) => this.constraintsOf(factor, isAbsorbed && factor.kind === 'read'));
      case 'divide':
        return [...this.constraintsOf(e.dividend, isAbsorbed), ...this.constraintsOf(e.divisor, false)];
      case 'call':
        return this.constraintsOf(e.argument, false);
      case 'where':
        if (isZero(e.no)) return this.conditionConstraints(e.condition, e.yes);
        // What is compared must exist, whichever value the comparison leads to.
        return e.condition.kind === 'compare' ? this.comparedConstraints(e.condition) : [];
      case 'number':
      case 'entry':
      case 'plus':
      case 'sum':
      case 'max':
      case 'argmax':
      case 'logSumExp':
      case 'count':
      case 'address':
        return [];
    }
  }

  protected conditionConstraints(condition: Condition, yes: Expression): Constraint[] {
    const inside = this.constraintsOf(yes, false);
    if (condition.kind === 'within') return [condition.coordinate, ...inside];
    if (condition.kind === 'compare') return [...this.comparedConstraints(condition), ...inside];
    const places = pairsOf(condition.at, condition.sizes).flatMap(([at, size]): Constraint[] =>
      staysWithin(at, size) ? [] : [{ at, size }],
    );
    return [...openCoordinates(condition.winner.tensor, condition.winner.at), ...places, ...inside];
  }

  protected comparedConstraints({ left, right }: Extract<Condition, { kind: 'compare' }>): Constraint[] {
    return [...this.constraintsOf(left, false), ...this.constraintsOf(right, false)];
  }

  /** The range of an index in which all its constraints hold: 0 ≤ rest + coefficient·index < size, solved for the index. */
  protected range(one: Index, constraints: readonly Constraint[], place: Place, scope: Scope): { from: Int; to: Int } {
    const from: Int[] = [sumOf(0)];
    const to: Int[] = [sumOf(one.size)];
    for (const { at, size } of constraints) {
      const coefficient = at.terms.get(one) ?? 0;
      const rest = this.coordinate(at, new Map(place).set(one, sumOf(0)), scope);
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
  protected test(constraints: readonly Constraint[], place: Place, scope?: Scope): boolean | Test {
    const open: Test[] = [];
    const seen = new Set<string>();
    for (const { at, size, isSoft } of constraints) {
      if (isSoft && winnersIn(at).length > 0) continue;
      const value = this.coordinate(at, place, scope);
      if (isConstant(value)) {
        if (value.constant < 0 || value.constant >= size) return false;
        continue;
      }
      if (isSoft || staysInside(at, place, size)) continue;
      const key = `${keyOfInt(value)} < ${size}`;
      if (!seen.has(key)) open.push({ kind: 'within', value, size });
      seen.add(key);
    }
    const [only, ...others] = open;
    if (only === undefined) return true;
    return others.length === 0 ? only : { kind: 'every', of: open };
  }

  /** Calls `visit` with the instances that exist for certain, then under a test with each that may. */
  protected eachExisting(
    instances: readonly Instance[],
    constraints: readonly Constraint[],
    scope: Scope,
    visit: (existing: readonly Instance[], scope: Scope) => void,
  ): void {
    const free: Instance[] = [];
    const open: { instance: Instance; test: Test }[] = [];
    for (const instance of instances) {
      const test = this.test(constraints, instance.place, scope);
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
}

const isZero = (e: Expression): boolean => e.kind === 'number' && e.value === 0;
