import { type Affine, type Index, indicesOf } from '../equations/affine.ts';
import type { Equation } from '../equations/equation.ts';
import { type Condition, type Count, type Expression, one, ordinalOf, type Read } from '../equations/expression.ts';
import type { Tensor } from '../equations/tensor.ts';
import { Letters, unstated } from './letters.ts';
import type { Markup } from './markup.ts';

const sum = 1;
const product = 2;
const atom = 3;

/** `=` where an equation defines what stands on its left, `+=` where it adds to it. */
export type Sign = '=' | '+=';

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** Walks equations and writes them in a markup. */
export class Notation {
  readonly #markup: Markup;

  constructor(markup: Markup) {
    this.#markup = markup;
  }

  equation(equation: Equation, sign: Sign): string {
    const letters = new Letters();
    for (const one of indicesOf(equation.at)) letters.of(one);
    const left = this.#place(equation.target, equation.at, letters);
    const right = this.expression(equation.value, letters);
    const { equals, adds } = this.#markup;
    const all = sign === '+=' ? equation.over.filter(({ winner }) => winner === undefined) : [];
    const forAll = all.length === 0 ? '' : this.#markup.forAll(this.#written(all, letters));
    return `${left}${sign === '=' ? equals : adds}${right}${forAll}${this.#where(equation, letters)}`;
  }

  /** A read in the letters that the equation has. */
  readIn(equation: Equation, read: Read): string {
    const letters = new Letters();
    for (const one of indicesOf(equation.at)) letters.of(one);
    this.expression(equation.value, letters);
    return this.read(read, letters);
  }

  /** `N[i,j] = Σ_{p,q} [0 ≤ i+p−1 < 5]` */
  count({ definition: { places, over, inside } }: Count): string {
    const letters = new Letters();
    const { equals, count, letter, bracket, within, reduction, times, where } = this.#markup;
    const left = count(places.map((one) => letter(letters.of(one))));
    const brackets = inside.map(({ at, size }) => bracket(within(this.affine(at, letters), size)));
    const right = reduction('sum', this.#written(over, letters), brackets.join(times));
    return `${left}${equals}${right}${where([...bySize([...places, ...over])].map(([size, some]) => [this.#written(some, letters), size]))}`;
  }

  expression(e: Expression, letters: Letters, outer = 0): string {
    const m = this.#markup;
    switch (e.kind) {
      case 'number':
        return e.value < 0 ? this.#wrap(`${m.minus}${m.number(-e.value)}`, sum, outer) : m.number(e.value);
      case 'read':
        return this.read(e, letters);
      case 'entry':
        return m.entry(
          e.matrix.name,
          e.at.map((coordinate) => this.affine(coordinate, letters)),
        );
      case 'plus':
        return this.#wrap(this.#sum(e.terms, letters), sum, outer);
      case 'times':
        return this.#product(e.factors, letters, outer);
      case 'divide':
        return this.#wrap(this.#fraction(e, letters), product, outer);
      case 'call':
        return this.#call(e, letters);
      case 'where':
        return this.#choice(e, letters, outer);
      case 'count':
        return this.#counted(e, letters);
      case 'address':
        return this.#address(e, letters, outer);
      case 'sum':
      case 'max':
      case 'argmax': {
        const body = this.expression(e.body, letters, product);
        const text = m.reduction(e.kind, this.#written(e.over, letters), body);
        return this.#wrap(text, e.kind === 'sum' ? sum : product, outer);
      }
      case 'logSumExp': {
        if (e.over.length === 0) return this.expression(e.body, letters, outer);
        const body = this.expression(e.body, letters);
        return this.#wrap(m.logSumExp(this.#written(e.over, letters), body), product, outer);
      }
    }
  }

  read({ tensor, at }: Read, letters: Letters): string {
    return this.#place(tensor, at, letters);
  }

  affine({ constant, terms }: Affine, letters: Letters): string {
    const { minus, plus, number, letter, multiple } = this.#markup;
    const ordered = [...terms].sort(([, a], [, b]) => Number(a < 0) - Number(b < 0));
    const leads = constant > 0 && ordered.every(([, coefficient]) => coefficient < 0);
    let text = leads ? number(constant) : '';
    for (const [one, coefficient] of ordered) {
      const name = letter(letters.of(one));
      const factor = Math.abs(coefficient);
      const sign = coefficient < 0 ? minus : text === '' ? '' : plus;
      text += `${sign}${factor === 1 ? name : multiple(factor, name)}`;
    }
    if (!leads && (constant !== 0 || text === ''))
      text += `${constant < 0 ? minus : text === '' ? '' : plus}${number(Math.abs(constant))}`;
    return text;
  }

  #fraction(e: Of<'divide'>, letters: Letters): string {
    const above = this.expression(e.dividend, letters, product);
    return this.#markup.fraction(above, this.expression(e.divisor, letters, atom));
  }

  #call({ name, argument }: Of<'call'>, letters: Letters): string {
    const { call } = this.#markup;
    // A sum, with the signs and brackets that its second term asks for: log(1 − t²).
    if (name === 'log1p') return call.log(this.#sum([one, argument], letters), false);
    return call[name](this.expression(argument, letters), argument.kind === 'read');
  }

  #counted(count: Count, letters: Letters): string {
    const place = ordinalOf(count);
    if (place !== undefined) return this.affine(place, letters);
    return this.#markup.count(count.at.map((coordinate) => this.affine(coordinate, letters)));
  }

  /** The coordinates of axes longer than 1; all of them where one of those says something. */
  #place(tensor: Tensor, at: readonly Affine[], letters: Letters): string {
    const { shape, viewOf } = tensor;
    const long = at.filter((_, axis) => shape[axis] !== 1);
    const isWhole = at.some(({ constant, terms }, axis) => shape[axis] === 1 && (constant !== 0 || terms.size > 0));
    const isMarked = viewOf !== undefined && (isWhole || shape.filter((size) => size !== 1).length > 1);
    const shown = isWhole || isMarked ? at : long;
    return this.#markup.place(
      tensor,
      isMarked ? shape.join('×') : '',
      shown.map((coordinate) => this.affine(coordinate, letters)),
    );
  }

  #written(indices: readonly Index[], letters: Letters): string[] {
    return indices.map((one) => this.#markup.letter(letters.of(one)));
  }

  #where(equation: Equation, letters: Letters): string {
    const groups = [...bySize(unstated(equation, letters.known))];
    return groups.length === 0
      ? ''
      : this.#markup.where(groups.map(([size, indices]) => [this.#written(indices, letters), size]));
  }

  #wrap(text: string, own: number, outer: number): string {
    return own < outer ? this.#markup.group(text) : text;
  }

  /** In the order of the terms, which is that of the code; only a sign in front is avoided. */
  #sum(terms: readonly Expression[], letters: Letters): string {
    const { minus, plus } = this.#markup;
    const leads = terms.findIndex((term) => !isNegative(term));
    const ordered = leads === 0 ? terms : [...terms.filter((term) => !isNegative(term)), ...terms.filter(isNegative)];
    return ordered
      .map((term, position) => {
        const text = this.expression(term, letters, sum);
        if (position === 0) return text;
        return text.startsWith(minus) ? ` ${minus} ${text.slice(minus.length)}` : ` ${plus} ${text}`;
      })
      .join('');
  }

  #product(factors: readonly Expression[], letters: Letters, outer: number): string {
    const [first, ...rest] = factors;
    const { minus, times } = this.#markup;
    if (first?.kind === 'number' && first.value === -1) {
      const [only, ...more] = rest;
      // −Σ needs no brackets: what follows Σ is a product.
      const text =
        only !== undefined && more.length === 0
          ? this.expression(only, letters, only.kind === 'sum' ? sum : product)
          : this.#product(rest, letters, product);
      return this.#wrap(`${minus}${text}`, sum, outer);
    }
    return this.#wrap(factors.map((factor) => this.expression(factor, letters, product)).join(times), product, outer);
  }

  #choice(e: Of<'where'>, letters: Letters, outer: number): string {
    const { choice, bracket, times } = this.#markup;
    const condition = this.#condition(e.condition, letters);
    if (e.no.kind !== 'number' || e.no.value !== 0) {
      return choice(this.expression(e.yes, letters, sum), condition, this.expression(e.no, letters, sum));
    }
    if (e.yes.kind === 'number' && e.yes.value === 1) return bracket(condition);
    return this.#wrap(`${this.expression(e.yes, letters, product)}${times}${bracket(condition)}`, product, outer);
  }

  #condition(condition: Condition, letters: Letters): string {
    const { compare, tuple, within } = this.#markup;
    switch (condition.kind) {
      case 'compare': {
        const left = this.expression(condition.left, letters, sum);
        return compare(left, condition.sign, this.expression(condition.right, letters, sum));
      }
      case 'winner': {
        const at = condition.at.map((coordinate) => this.affine(coordinate, letters));
        return compare(this.read(condition.winner, letters), '=', tuple(at));
      }
      case 'within':
        return within(this.affine(condition.coordinate.at, letters), condition.coordinate.size);
    }
  }

  /** `24·k2ᵤ + 4·k2ᵥ` */
  #address({ winner, strides }: Of<'address'>, _: Letters, outer: number): string {
    const { number, times, minus, plus, letter } = this.#markup;
    const moves = strides.flatMap((stride, axis) => {
      if (stride === 0) return [];
      const digit = letter(`${winner.tensor.name}${'ᵤᵥ'[axis] ?? ''}`);
      const factor = Math.abs(stride);
      return [`${stride < 0 ? minus : plus}${factor === 1 ? digit : `${number(factor)}${times}${digit}`}`];
    });
    const text = moves
      .map((move, n) => {
        const isNegative = move.startsWith(minus);
        const rest = move.slice((isNegative ? minus : plus).length);
        if (n === 0) return isNegative ? `${minus}${rest}` : rest;
        return ` ${isNegative ? minus : plus} ${rest}`;
      })
      .join('');
    return this.#wrap(text, sum, outer);
  }
}

function bySize(indices: readonly Index[]): Map<number, Index[]> {
  const sizes = new Map<number, Index[]>();
  for (const one of new Set(indices)) sizes.set(one.size, [...(sizes.get(one.size) ?? []), one]);
  return sizes;
}

function isNegative(e: Expression): boolean {
  return (
    (e.kind === 'number' && e.value < 0) ||
    (e.kind === 'times' && e.factors[0]?.kind === 'number' && e.factors[0].value < 0) ||
    (e.kind === 'divide' && isNegative(e.dividend))
  );
}
