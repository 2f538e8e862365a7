import {
  type Int,
  type Loop,
  type Pointer,
  type Sum,
  sumOf,
  turnsOf,
  type Variable,
  variableSum,
} from '../../code/code.ts';
import type { WatIntegers } from './watIntegers.ts';
import type { WatLines } from './watLines.ts';
import { ascii, type WatNames } from './watNames.ts';

/** Prints loops as WebAssembly text, around bodies that others print. */
export class WatLoops {
  readonly #lines: WatLines;
  readonly #names: WatNames;
  readonly #integers: WatIntegers;

  constructor(lines: WatLines, names: WatNames, integers: WatIntegers) {
    this.#lines = lines;
    this.#names = names;
    this.#integers = integers;
  }

  print(loop: Loop, body: () => void): void {
    if (loop.pointers !== undefined) this.#walk(loop, loop.pointers, body);
    else this.#count(loop, body);
  }

  /** A loop with a counter; what runs once is no loop. */
  #count(loop: Loop, body: () => void): void {
    const { variable, from, to, step } = loop;
    const name = this.#names.integer(variable);
    const turns = turnsOf(loop);
    this.#lines.add(`(local.set ${name} ${this.#integers.print(from)})`);
    if (turns === 1) {
      body();
      return;
    }
    let limit = this.#integers.print(to);
    if (!isConstantInt(to)) {
      const end = this.#names.integer({ name: `${variable.name}_end` });
      this.#lines.add(`(local.set ${end} ${limit})`);
      limit = `(local.get ${end})`;
    }
    const isLess = `(i32.lt_s (local.get ${name}) ${limit})`;
    const repeated = (): void => this.#repeated(variable, body, [{ name, stride: step }], isLess);
    if (turns !== undefined || loop.runs === true) repeated();
    else {
      this.#lines.add(`(if ${isLess} (then`);
      this.#lines.nested(repeated);
      this.#lines.add('))');
    }
  }

  /**
   * A loop whose addresses move on by themselves; the first of them ends it where nobody reads the counter. Where the
   * first turn is not known beforehand, the counter stands there while the addresses begin.
   */
  #walk(loop: Loop, pointers: readonly Pointer[], body: () => void): void {
    const { variable, from, step, isCounted } = loop;
    const start = isConstantInt(from) ? from.constant : undefined;
    const counter = (): string => this.#names.integer(variable);
    if (start === undefined) this.#lines.add(`(local.set ${counter()} ${this.#integers.print(from)})`);
    const walking = pointers.map(
      ({ variable: pointer, value }): Walking => ({
        name: this.#names.integer(pointer),
        first: start === undefined ? value : startOf(value, variable, start),
        stride: (value.terms.get(variable) ?? 0) * step,
      }),
    );
    if (isCounted) {
      const first = start === undefined ? variableSum(variable) : sumOf(start);
      walking.unshift({ name: counter(), first, stride: step });
    }
    for (const { name, first } of walking) {
      if (start !== undefined || name !== counter())
        this.#lines.add(`(local.set ${name} ${this.#integers.print(first)})`);
    }
    const [clock] = walking;
    if (clock === undefined) throw new Error(`nothing moves on in the loop over ${variable.name}`);
    const end = this.#endOf(clock, loop, start);
    this.#repeated(variable, body, walking, `(i32.ne (local.get ${clock.name}) ${end})`);
  }

  /** Where an address stands after the last turn. */
  #endOf({ name, first, stride }: Walking, loop: Loop, start: number | undefined): string {
    const turns = turnsOf(loop);
    if (turns !== undefined && first.terms.size === 0) return `(i32.const ${first.constant + stride * turns})`;
    const begin = start === undefined ? `(local.get ${this.#names.integer(loop.variable)})` : `(i32.const ${start})`;
    const way =
      turns === undefined
        ? `(i32.mul (i32.sub ${this.#integers.print(loop.to)} ${begin}) (i32.const ${stride}))`
        : `(i32.const ${stride * turns})`;
    const limit = this.#names.integer({ name: `${name.slice(1)}_end` });
    this.#lines.add(`(local.set ${limit} (i32.add (local.get ${name}) ${way}))`);
    return `(local.get ${limit})`;
  }

  #repeated(
    { name }: Variable,
    body: () => void,
    moves: readonly { readonly name: string; readonly stride: number }[],
    goesOn: string,
  ): void {
    const label = `$each_${ascii(name)}`;
    this.#lines.add(`(loop ${label}`);
    this.#lines.nested(() => {
      body();
      for (const { name: moved, stride } of moves) {
        this.#lines.add(`(local.set ${moved} (i32.add (local.get ${moved}) (i32.const ${stride})))`);
      }
      this.#lines.add(`(br_if ${label} ${goesOn})`);
    });
    this.#lines.add(')');
  }
}

/** An integer that moves on with every turn. */
interface Walking {
  readonly name: string;
  readonly first: Sum;
  readonly stride: number;
}

/** A pointer's value before the first turn. */
function startOf(value: Sum, counter: Variable, start: number): Sum {
  const terms = [...value.terms].filter(([variable]) => variable !== counter);
  return sumOf(value.constant + start * (value.terms.get(counter) ?? 0), terms);
}

function isConstantInt(value: Int): value is Sum {
  return value.kind === 'sum' && value.terms.size === 0;
}
