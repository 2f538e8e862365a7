import { type Affine, evaluateAffine, index, type Place, winnersIn } from '../../equations/affine.ts';
import { type Equation, equation, type Home } from '../../equations/equation.ts';
import { type Expression, type Read, read } from '../../equations/expression.ts';
import type { Names } from '../../equations/names.ts';
import type { Tensor } from '../../equations/tensor.ts';
import { present } from '../../lists.ts';

/** A read at a winner's place: the element `constant` places after what an address says. */
export interface Moved {
  readonly constant: number;
  readonly address: Read;
}

/** A winner's address is a small tensor of its own, computed once for each window. */
export class Addresses {
  readonly #names: Names;
  readonly #equations = new Map<string, Equation>();
  readonly #pending: Equation[] = [];

  /** @param names those of what is added */
  constructor(names: Names) {
    this.#names = names;
  }

  /** The equations of addresses that were asked for since the last call. */
  take(): readonly Equation[] {
    return this.#pending.splice(0);
  }

  /** Where a read at a winner's place goes; undefined where it lies outside whoever wins. */
  follow({ tensor, at }: Read, place: Place, home: Home): Moved | undefined {
    const coordinates = at.map((coordinate) => evaluateAffine(coordinate, place));
    for (const [axis, size] of tensor.shape.entries()) {
      const start = present(coordinates[axis]);
      const range = winnersIn(present(at[axis])).map(([one, coefficient]) => coefficient * (one.size - 1));
      const low = start + range.reduce((sum, reach) => sum + Math.min(reach, 0), 0);
      const high = start + range.reduce((sum, reach) => sum + Math.max(reach, 0), 0);
      const [before, after] = tensor.border?.[axis] ?? [0, 0];
      if (high < before || low >= size - after) return undefined;
      if (low < 0 || high >= size) throw new Error(`${tensor.name} needs a wider border`);
    }
    const constant = coordinates.reduce((sum, coordinate, axis) => sum + coordinate * strideOf(tensor, axis), 0);
    return { constant, address: this.#addressOf(tensor, at, home) };
  }

  #addressOf(tensor: Tensor, at: readonly Affine[], home: Home): Read {
    const moves = at.flatMap((coordinate, axis) =>
      winnersIn(coordinate).map(([one, coefficient]) => ({
        digit: present(one.winner),
        stride: coefficient * strideOf(tensor, axis),
      })),
    );
    const { read: winner, sizes } = present(moves[0]).digit;
    const strides = sizes.map((_, axis) =>
      moves.reduce((sum, { digit, stride }) => sum + (digit.axis === axis ? stride : 0), 0),
    );
    const key = `${winner.tensor.name} ${strides.join()}`;
    const known = this.#equations.get(key) ?? this.#newAddress(winner, sizes, strides, home);
    this.#equations.set(key, known);
    return read(known.target, winner.at);
  }

  #newAddress(winner: Read, sizes: readonly number[], strides: readonly number[], home: Home): Equation {
    const letters = ['i', 'j', 'c'];
    const at = winner.tensor.shape.map((size, axis) => index(letters[axis] ?? 'n', size));
    const target: Tensor = {
      name: this.#names.fresh(`r${this.#equations.size + 1}`),
      shape: winner.tensor.shape,
      role: 'address',
    };
    const value: Expression = { kind: 'address', winner: read(winner.tensor, at), sizes, strides };
    const one = equation(target, at, value, home);
    this.#pending.push(one);
    return one;
  }
}

/** Elements between neighbours along an axis. */
function strideOf({ shape }: Tensor, axis: number): number {
  return shape.slice(axis + 1).reduce((product, size) => product * size, 1);
}
