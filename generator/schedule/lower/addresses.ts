import { addSums, type Sum, scaleSum, type Value, type Variable, variableSum } from '../../code/code.ts';
import { keyOfInt } from '../../code/integers.ts';
import type { Affine, WinnerDigit } from '../../equations/affine.ts';
import type { Read } from '../../equations/expression.ts';
import { storageOf, type Tensor } from '../../equations/tensor.ts';
import { pairsOf } from '../../lists.ts';
import { type Layout, type Layouts, layoutIn } from '../loops/layout.ts';
import { below, type Place } from '../loops/places.ts';
import type { Schedule } from '../loops/schedule.ts';
import type { Scope } from '../loops/scope.ts';
import { elementKey, letterOf } from './values.ts';

/** Where the elements of tensors stand, and the loads of them. */
export class Addresses {
  protected readonly schedule: Schedule;

  protected readonly layouts: Layouts;

  protected readonly unit: number;

  /** Whether no place of the equation at hand needs to be asked for. */
  protected staysInside = false;

  constructor(schedule: Schedule, layouts: Layouts, unit: number) {
    this.schedule = schedule;
    this.layouts = layouts;
    this.unit = unit;
  }

  protected load(r: Read, place: Place, scope: Scope): Value {
    if (r.tensor.role === 'argument') return { kind: 'argument', name: r.tensor.name };
    const at = this.addressOf(r, place, scope);
    const array = storageOf(r.tensor);
    const home = scope.homeOf(at.terms.keys());
    return scope.load(array, elementKey(array, at), at, () => ({
      kind: 'load',
      array,
      at: home.address(array.name, at),
    }));
  }

  protected addressOf({ tensor, at }: Pick<Read, 'tensor' | 'at'>, place: Place, scope: Scope): Sum {
    const { strides, offset } = this.layoutOf(tensor);
    const coordinates = pairsOf(at, strides).map(([coordinate, stride]) =>
      scaleSum(stride * this.unit, this.coordinate(coordinate, place, scope)),
    );
    return addSums(offset * this.unit, ...coordinates);
  }

  protected layoutOf(tensor: Tensor): Layout {
    return layoutIn(this.layouts, tensor);
  }

  protected coordinate({ constant, terms }: Affine, place: Place, scope: Scope | undefined): Sum {
    const parts = [...terms].map(([one, coefficient]) => {
      const value = one.winner === undefined ? place.get(one) : this.digit(one.winner, place, scope);
      if (value === undefined) throw new Error(`index ${one.name} has no value`);
      return scaleSum(coefficient, value);
    });
    return addSums(constant, ...parts);
  }

  protected winner(r: Read, place: Place, scope: Scope): Variable {
    const at = this.addressOf(r, place, scope);
    const home = scope.homeOf(at.terms.keys());
    const address = home.address(r.tensor.name, at);
    return scope.integer(letterOf(r.tensor.name), `${r.tensor.name}[${keyOfInt(at)}]`, at.terms.keys(), () => ({
      kind: 'load',
      array: r.tensor,
      at: address,
    }));
  }

  protected digit({ read, sizes, axis }: WinnerDigit, place: Place, scope: Scope | undefined): Sum {
    if (scope === undefined) throw new Error('a winner has no value here');
    const number = this.winner(read, place, scope);
    const letter = 'uv'[axis] ?? axis;
    const digit = scope.integer(`${number.name}${letter}`, `${number.name} digit ${axis}`, [number], () => ({
      kind: 'digit',
      number,
      below: below(sizes, axis),
      // The first digit has none above it.
      size: axis === 0 ? undefined : sizes[axis],
    }));
    return variableSum(digit);
  }
}
