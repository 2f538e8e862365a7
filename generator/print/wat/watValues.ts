import type { Int, Test, Value } from '../../code/code.ts';
import { lanesOf, lanesOfTest } from '../../code/lanesOf.ts';
import { present } from '../../lists.ts';
import { decimal, splat } from '../vectorText.ts';
import type { HelperName } from '../wasmFunction.ts';
import { vectorCall } from '../wasmMath.ts';
import type { WatIntegers } from './watIntegers.ts';
import { ascii, isWide, type WatNames } from './watNames.ts';

const signs = { '>': 'gt', '<': 'lt', '=': 'eq', '≠': 'ne' } as const;

/** Prints numbers, vectors and questions about them as WebAssembly text. */
export class WatValues {
  readonly helpers = new Set<HelperName>();
  readonly #names: WatNames;
  readonly #integers: WatIntegers;
  readonly #isRelaxed: boolean;

  constructor(names: WatNames, integers: WatIntegers, isRelaxed: boolean) {
    this.#names = names;
    this.#integers = integers;
    this.#isRelaxed = isRelaxed;
  }

  print(value: Value): string {
    switch (value.kind) {
      case 'number':
        return Number.isFinite(value.value)
          ? `(f32.const ${decimal(value.value)})`
          : `(f32.const ${value.value > 0 ? 'inf' : '-inf'})`;
      case 'argument':
        return `(local.get $${ascii(value.name)})`;
      case 'local':
        return `(local.get ${this.#names.number(value.local)})`;
      case 'load':
        return isWide(value)
          ? this.#integers.loadVector(value)
          : `(f32.load ${this.#integers.address(value.array, value.at)})`;
      case 'splat':
        return this.#splat(value.of);
      case 'extract':
        return `(f32x4.extract_lane 0 ${this.print(value.of)})`;
      case 'plus':
        return this.#sum(value.terms, typeOf(value));
      case 'times':
        return this.#product(value.factors, typeOf(value));
      case 'divide':
        return this.#chain(`${typeOf(value)}.div`, [value.dividend, value.divisor]);
      case 'call': {
        const { text, helper } = vectorCall(value.name, this.print(value.argument));
        if (helper !== undefined) this.helpers.add(helper);
        return text;
      }
      case 'select':
        return this.#select(value);
      case 'max':
        return this.#chain(
          `${typeOf(value)}.max`,
          value.candidates.map((one) => one.value),
        );
      case 'fromInt':
        return `(f32.convert_i32_s ${this.#integers.print(value.value)})`;
    }
  }

  /** An integer; the place of a maximum is asked for candidate by candidate. */
  integer(value: Int): string {
    if (value.kind !== 'argmax') return this.#integers.print(value);
    const places = value.candidates.map(({ place }) => `(i32.const ${place})`);
    const maximum = this.print(value.maximum);
    return value.candidates.slice(0, -1).reduceRight((otherwise, { value: candidate }, position) => {
      return `(select ${places[position]} ${otherwise} (f32.eq ${this.print(candidate)} ${maximum}))`;
    }, places.at(-1) ?? '');
  }

  /** A sum plus a value: one relaxed multiply-add where the engine has it. */
  accumulate(sum: string, value: Value): string {
    if (this.#isRelaxed && value.kind === 'times' && value.factors.length === 2 && lanesOf(value) > 1) {
      const [a, b] = value.factors.map((factor) => this.print(factor));
      return `(f32x4.relaxed_madd ${a} ${b} ${sum})`;
    }
    return `(${typeOf(value)}.add ${sum} ${this.print(value)})`;
  }

  test(test: Test): string {
    switch (test.kind) {
      case 'compare':
        return `(${typeOf(test.left)}.${signs[test.sign]} ${this.print(test.left)} ${this.print(test.right)})`;
      case 'equal': {
        const type = lanesOfTest(test) > 1 ? 'i32x4' : 'i32';
        return `(${type}.eq ${this.#integers.print(test.left)} ${this.#integers.print(test.right)})`;
      }
      case 'within':
        // A negative number is a large unsigned one.
        return `(i32.lt_u ${this.#integers.print(test.value)} (i32.const ${test.size}))`;
      case 'every':
        return test.of.map((one) => this.test(one)).reduce((all, one) => `(i32.and ${all} ${one})`);
    }
  }

  #splat(value: Value): string {
    if (value.kind === 'number') return splat(value.value);
    if (value.kind === 'load') return `(v128.load32_splat ${this.#integers.address(value.array, value.at)})`;
    return `(f32x4.splat ${this.print(value)})`;
  }

  #select({ test, yes, no }: Extract<Value, { kind: 'select' }>): string {
    const [then, otherwise] = [this.print(yes), this.print(no)];
    if (lanesOfTest(test) === 1) return `(select ${then} ${otherwise} ${this.test(test)})`;
    const isZero = no.kind === 'splat' && no.of.kind === 'number' && Object.is(no.of.value, 0);
    // A mask keeps all bits or none: one instruction instead of three.
    return isZero
      ? `(v128.and ${then} ${this.test(test)})`
      : `(v128.bitselect ${then} ${otherwise} ${this.test(test)})`;
  }

  #chain(operation: string, [first, ...others]: readonly Value[]): string {
    const start = this.print(present(first));
    return others.reduce((text, one) => `(${operation} ${text} ${this.print(one)})`, start);
  }

  #sum([first, ...others]: readonly Value[], type: string): string {
    return others.reduce(
      (text, term) => {
        const opposite = oppositeOf(term);
        const operation = opposite === undefined ? '.add' : '.sub';
        return `(${type}${operation} ${text} ${this.print(opposite ?? term)})`;
      },
      this.print(present(first)),
    );
  }

  #product(factors: readonly Value[], type: string): string {
    const [first, ...rest] = factors;
    if (first !== undefined && isMinusOne(first) && rest.length > 0)
      return `(${type}.neg ${this.#chain(`${type}.mul`, rest)})`;
    return this.#chain(`${type}.mul`, factors);
  }
}

function typeOf(value: Value): 'f32' | 'f32x4' {
  return lanesOf(value) > 1 ? 'f32x4' : 'f32';
}

/** b of −b, so that a + (−b) is a − b. */
function oppositeOf(value: Value): Value | undefined {
  if (value.kind === 'splat') {
    const of = oppositeOf(value.of);
    return of && { kind: 'splat', of };
  }
  if (value.kind !== 'times') return undefined;
  const [first, ...factors] = value.factors;
  if (first === undefined || !isMinusOne(first) || factors.length === 0) return undefined;
  return factors.length === 1 ? factors[0] : { kind: 'times', factors };
}

function isMinusOne(value: Value): boolean {
  if (value.kind === 'splat') return isMinusOne(value.of);
  return value.kind === 'number' && value.value === -1;
}
