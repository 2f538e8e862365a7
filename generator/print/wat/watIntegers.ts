import type { Int, Lanes, Sum } from '../../code/code.ts';
import { digitsOf } from '../../code/integers.ts';
import type { Tensor } from '../../equations/tensor.ts';
import { integers } from '../vectorText.ts';
import { isWide, type WatNames } from './watNames.ts';

/** Where numbers are loaded from or stored, and how many. */
interface Place {
  readonly array: Tensor;
  readonly at: Sum;
  readonly lanes?: Lanes;
}

/** Prints integers and addresses as WebAssembly text. */
export class WatIntegers {
  readonly #names: WatNames;
  readonly #offsets: ReadonlyMap<Tensor, number>;
  readonly #from: Tensor | undefined;

  /** @param from an array whose place in memory the function is called with, `$from` */
  constructor(names: WatNames, offsets: ReadonlyMap<Tensor, number>, from: Tensor | undefined) {
    this.#names = names;
    this.#offsets = offsets;
    this.#from = from;
  }

  print(value: Int): string {
    switch (value.kind) {
      case 'sum':
        return this.#sum(value);
      case 'least':
      case 'greatest': {
        const compare = value.kind === 'least' ? 'lt_s' : 'gt_s';
        return value.of.map((one) => this.print(one)).reduce((a, b) => `(select ${a} ${b} (i32.${compare} ${a} ${b}))`);
      }
      case 'floor':
        return this.#floor(value.dividend, value.divisor);
      case 'ceiling':
        return this.#floor({ ...value.dividend, constant: value.dividend.constant + value.divisor - 1 }, value.divisor);
      case 'between':
        return `(i32.sub ${this.print(value.to)} ${this.print(value.from)})`;
      case 'load':
        return isWide(value) ? this.loadVector(value) : `(i32.load ${this.address(value.array, value.at)})`;
      case 'splat':
        return value.of.kind === 'sum' && value.of.terms.size === 0
          ? integers(value.of.constant)
          : `(i32x4.splat ${this.print(value.of)})`;
      case 'digit': {
        const number = `(local.get ${this.#names.integer(value.number)})`;
        const quotient = value.below === 1 ? number : `(i32.div_u ${number} (i32.const ${value.below}))`;
        return value.size === undefined ? quotient : `(i32.rem_u ${quotient} (i32.const ${value.size}))`;
      }
      case 'address':
        return digitsOf(value)
          .map(({ stride, digit }) => `(i32.mul ${this.print(digit)} (i32.const ${stride}))`)
          .reduce((all, one) => `(i32.add ${all} ${one})`);
      case 'argmax':
        throw new Error('the place of a maximum is found among values');
    }
  }

  /** `offset=16 (local.get $x_i)`: an offset cannot wrap. */
  address(array: Tensor, at: Sum): string {
    if (array === this.#from) return `(i32.add (local.get $from) ${this.print(at)})`;
    const start = this.offsetOf(array);
    const constant = start + at.constant;
    if (at.terms.size === 0) return `offset=${constant} (i32.const 0)`;
    if (at.isAddedUp || constant < 0) return this.print({ ...at, constant });
    return `${constant === 0 ? '' : `offset=${constant} `}${this.print({ ...at, constant: 0 })}`;
  }

  offsetOf(array: Tensor): number {
    const start = this.#offsets.get(array);
    if (start === undefined) throw new Error(`${array.name} has no place in memory`);
    return start;
  }

  /** Four numbers or integers side by side, or two in the lower half. */
  loadVector({ array, at, lanes }: Place): string {
    return `(${lanes === 2 ? 'v128.load64_zero' : 'v128.load'} ${this.address(array, at)})`;
  }

  storeVector({ array, at, lanes }: Place, value: string): string {
    const address = this.address(array, at);
    if (lanes !== 2) return `(v128.store ${address} ${value})`;
    // The lane is named between the offset and the operands.
    const [offset, place] = address.startsWith('(') ? ['', address] : address.split(/ (.*)/s);
    return `(v128.store64_lane ${offset} 0 ${place} ${value})`;
  }

  #sum({ constant, terms }: Sum): string {
    const parts = [...terms].map(([variable, factor]) => {
      const name = `(local.get ${this.#names.integer(variable)})`;
      if (factor === 1) return name;
      return Number.isInteger(Math.log2(factor))
        ? `(i32.shl ${name} (i32.const ${Math.log2(factor)}))`
        : `(i32.mul ${name} (i32.const ${factor}))`;
    });
    if (constant !== 0 || parts.length === 0) parts.push(`(i32.const ${constant})`);
    return parts.reduce((all, part) => `(i32.add ${all} ${part})`);
  }

  /** ⌊a/b⌋ of an integer that may be negative: shifted by a multiple of b that is larger than any dividend. */
  #floor(dividend: Sum, divisor: number): string {
    const shift = 2 ** 20;
    const positive = this.print({ ...dividend, constant: dividend.constant + shift * divisor });
    return `(i32.sub (i32.div_u ${positive} (i32.const ${divisor})) (i32.const ${shift}))`;
  }
}
