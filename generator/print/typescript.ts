import type { Sign } from '../equations/expression.ts';
import { coordinatesOf, sizeOf, type Tensor } from '../equations/tensor.ts';
import type { Candidate, Element, Scalar, Statement, Test } from '../schedule/scalar.ts';
import { atom, functionText, product, sum, ternary } from './functionText.ts';

export { functionText, type HelperName, helperOf } from './functionText.ts';

/**
 * 1 where the place b of the scratch array beats the place a. NaN beats every number and is beaten by none, as in
 * frameworks. It is asked for first: the answer is almost always no, which costs 1 ns of 8 for a window of four; asked
 * for last it would stand behind a branch that goes either way.
 */
export function beats(b: string, a: string): string {
  return `+(s[${b}] !== s[${b}] || s[${b}] > s[${a}])`;
}

/** Comparisons as TypeScript writes them. */
export const signs: { readonly [K in Sign]: string } = { '>': '>', '<': '<', '=': '===', '≠': '!==' };

/** How tightly an operator binds. */
export const precedence = { ternary, sum, product, atom };

/** Name of the local that holds an element: tensor and coordinates, `W1_0_1`; an axis of size 1 gives no index. */
export function localName({ tensor, offset }: Element): string {
  const shown = coordinatesOf(tensor.shape, offset).filter((_, axis) => tensor.shape[axis] !== 1);
  return [tensor.name, ...shown].join('_');
}

/** Name of the array that holds a tensor. A tensor of one element leaves its plain name to the local. */
export function arrayName(tensor: Tensor): string {
  return sizeOf(tensor) === 1 && tensor.role !== 'flat' ? `${tensor.name}Array` : tensor.name;
}

export function inPlace({ tensor, offset }: Element): string {
  return `${arrayName(tensor)}[${offset}]`;
}

/** Prints the formulas of one function, in which some elements are locals and the rest is read in place. */
export class ScalarPrinter {
  readonly #locals = new Set<Element>();

  constructor(locals: Iterable<Element>) {
    for (const element of locals) this.#locals.add(element);
  }

  /** `const z1_0_1 = …;`, and from then on the element is a local. */
  assign({ target, value }: Statement, indent: string): string {
    const text = this.#statement(`const ${localName(target)} = `, value, indent);
    this.#locals.add(target);
    return text;
  }

  /** `y1[3] = …;`; gradients of parameters are added to. */
  assignStored({ target, value }: Statement, isAdded: boolean, indent: string): string {
    return this.#statement(`${inPlace(target)} ${isAdded ? '+=' : '='} `, value, indent);
  }

  #statement(head: string, value: Scalar, indent: string): string {
    const lines = value.kind === 'plus' ? this.#signed(positiveFirst(value.terms)) : [this.print(value, ternary)];
    return wrapLines(`${indent}${head}`, lines, indent);
  }

  /**
   * The largest of a window without a branch that is hard to predict: neighbours are compared in a scratch array, the
   * winner's place moves on by arithmetic. Strictly larger wins, so that of equals the first stays.
   */
  tournament(maximum: Statement, winner: Statement | undefined, indent: string): string[] {
    if (maximum.value.kind !== 'max') return [];
    const { candidates } = maximum.value;
    const entering = candidates.map(({ place, value }) => `s[${place}] = ${this.print(value, ternary)};`).join(' ');
    const name = localName((winner ?? maximum).target);
    const games: string[] = [];
    const play = (players: readonly string[]): string => {
      if (players.length === 1) return players[0] as string;
      const middle = players.length >> 1;
      const [a, b] = [play(players.slice(0, middle)), play(players.slice(middle))];
      const isLast = players.length === candidates.length;
      const game = isLast && winner !== undefined ? name : `${name}_${'abcdefghijklmnop'[games.length]}`;
      const step = /^\d+$/.test(`${a}${b}`) ? String(Number(b) - Number(a)) : `(${b} - ${a})`;
      games.push(`${game} = ${a === '0' ? '' : `${a} + `}${step === '1' ? '' : `${step} * `}${beats(b, a)}`);
      return game;
    };
    const last = play(candidates.map(({ place }) => String(place)));
    for (const { target } of [maximum, ...(winner ? [winner] : [])]) this.#locals.add(target);
    return [
      `${indent}${entering}`,
      wrapLines(
        `${indent}const `,
        games.map((game, position) => (position < games.length - 1 ? `${game},` : game)),
        indent,
      ),
      `${indent}const ${localName(maximum.target)} = s[${last}];`,
    ];
  }

  /** The terms of a sum with their signs. */
  #signed(terms: readonly Scalar[]): string[] {
    return signed(inRuns(terms, (run) => this.#group(run)) ?? terms.map((term) => this.print(term, sum)));
  }

  #group(terms: readonly Scalar[]): string {
    return `(${this.#signed(terms).join(' ')})`;
  }

  print(s: Scalar, outer: number): string {
    switch (s.kind) {
      case 'number':
        return s.value < 0 && outer > sum ? `(${s.value})` : String(s.value);
      case 'element':
        return this.#locals.has(s.element) ? localName(s.element) : inPlace(s.element);
      case 'plus':
        return wrap(this.#signed(positiveFirst(s.terms)).join(' '), sum, outer);
      case 'times':
        return this.#product(s.factors, outer);
      case 'divide':
        return wrap(`${this.print(s.dividend, product)} / ${this.print(s.divisor, atom)}`, product, outer);
      case 'call': {
        const { text, own } = functionText(s.name, (inner) => this.print(s.argument, inner));
        return wrap(text, own, outer);
      }
      case 'where':
        return wrap(`${this.#test(s.test)} ? ${this.print(s.yes, sum)} : ${this.print(s.no, ternary)}`, ternary, outer);
      case 'max':
        return s.candidates.length === 1
          ? this.print((s.candidates[0] as Candidate).value, outer)
          : this.#largest(s.candidates);
      case 'argmax':
        return wrap(this.#winner(s), ternary, outer);
      case 'dynamic': {
        const at = `${this.print(s.address, sum)} ${s.constant < 0 ? '-' : '+'} ${Math.abs(s.constant)}`;
        return `${arrayName(s.tensor)}[${s.constant === 0 ? this.print(s.address, sum) : at}]`;
      }
      case 'address':
        return wrap(this.#address(s), sum, outer);
    }
  }

  #largest(candidates: readonly Candidate[]): string {
    const values =
      inRuns(candidates, (run) => this.#largest(run)) ?? candidates.map(({ value }) => this.print(value, ternary));
    return `Math.max(${values.join(', ')})`;
  }

  #product(factors: readonly Scalar[], outer: number): string {
    const [first, ...rest] = factors as [Scalar, ...Scalar[]];
    if (first.kind === 'number' && first.value === -1) {
      const text = rest.map((factor) => this.print(factor, product)).join(' * ');
      return wrap(`-${text}`, sum, outer);
    }
    return wrap(factors.map((factor) => this.print(factor, atom)).join(' * '), product, outer);
  }

  #test({ sign, left, right }: Test): string {
    return `${this.print(left, sum)} ${signs[sign]} ${this.print(right, sum)}`;
  }

  /** a === y ? 0 : b === y ? 1 : 2 */
  #winner({ candidates, maximum }: Extract<Scalar, { kind: 'argmax' }>): string {
    const y = this.print(maximum, sum);
    return candidates
      .map(({ place, value }, position) =>
        position === candidates.length - 1 ? String(place) : `${this.print(value, sum)} === ${y} ? ${place} : `,
      )
      .join('');
  }

  /** The winner counts row by row: its digits are quotient and remainder. */
  #address({ winner, sizes, strides }: Extract<Scalar, { kind: 'address' }>): string {
    const k = this.print(winner, atom);
    const digits = sizes.map((size, axis) => {
      const below = sizes.slice(axis + 1).reduce((product, next) => product * next, 1);
      const quotient = below === 1 ? k : `((${k} / ${below}) | 0)`;
      const digit = axis === 0 ? quotient : `(${quotient} % ${size})`;
      return strides[axis] === 1 ? digit : `${strides[axis]} * ${digit}`;
    });
    return digits.join(' + ');
  }
}

/**
 * Operands of one chain `a + b + …` or `Math.max(a, b, …)`. For each operand the TypeScript compiler walks up all of its
 * chain: a module with sums of 6,000 terms type-checks in 26 s, in runs of 128 in 3.5. An engine takes 65,534 arguments at most.
 */
const operandsInRun = 128;

/** A chain that is too long, as runs that are evaluated one after the other, and no more than a chain may have. */
function inRuns<T>(operands: readonly T[], print: (run: readonly T[]) => string): readonly string[] | undefined {
  if (operands.length <= operandsInRun) return undefined;
  let length = operandsInRun;
  while (length * operandsInRun < operands.length) length *= operandsInRun;
  return Array.from({ length: Math.ceil(operands.length / length) }, (_, run) =>
    print(operands.slice(run * length, (run + 1) * length)),
  );
}

/** `a`, `+ b`, `- c`: printed terms as they follow one another in a sum. */
export function signed(terms: readonly string[]): string[] {
  return terms.map((text, position) => {
    if (position === 0) return text;
    return text.startsWith('-') ? `- ${text.slice(1)}` : `+ ${text}`;
  });
}

function wrap(text: string, own: number, outer: number): string {
  return own < outer ? `(${text})` : text;
}

function isNegative(s: Scalar): boolean {
  return (
    (s.kind === 'number' && s.value < 0) ||
    (s.kind === 'times' && s.factors[0]?.kind === 'number' && s.factors[0].value < 0) ||
    (s.kind === 'divide' && isNegative(s.dividend))
  );
}

function positiveFirst(terms: readonly Scalar[]): readonly Scalar[] {
  if (!isNegative(terms[0] as Scalar)) return terms;
  return [...terms.filter((term) => !isNegative(term)), ...terms.filter(isNegative)];
}

const lineWidth = 120;

/** Fills lines up to the width; a piece is never broken. */
export function wrapLines(head: string, pieces: readonly string[], indent: string, end = ';'): string {
  const lines: string[] = [];
  let line = head;
  let isFresh = true;
  for (const piece of pieces) {
    if (!isFresh && line.length + 1 + piece.length > lineWidth) {
      lines.push(line);
      line = `${indent}  ${piece}`;
    } else line += isFresh ? piece : ` ${piece}`;
    isFresh = false;
  }
  return [...lines, line].join('\n') + end;
}
