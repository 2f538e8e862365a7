import type { Contender, Int, Lanes, Sum, Test, Value } from '../../code/code.ts';
import { digitsOf } from '../../code/integers.ts';
import type { Tensor } from '../../equations/tensor.ts';
import { functionText } from '../functionText.ts';
import { arrayName, precedence, signed, signs, wrap, wrapLines } from './text.ts';

const { ternary, sum, product, atom } = precedence;

/** `head value;`, a sum over as many lines as it takes. */
export function printStatement(head: string, value: Value, indent: string): string {
  const pieces = value.kind === 'plus' ? printTerms(value.terms) : [printValue(value, ternary)];
  return wrapLines(head, pieces, indent);
}

/** The terms of a sum with their signs; a sum among them is added up first. */
function printTerms(terms: readonly Value[]): readonly string[] {
  return signed(terms.map((term) => (term.kind === 'plus' ? `(${printValue(term, sum)})` : printValue(term, sum))));
}

/** An element of an array. */
export function printElement(array: Tensor, at: Sum): string {
  return `${arrayName(array)}[${printInteger(at, at.isAddedUp ? atom : ternary)}]`;
}

/** What is said of several numbers at once, in a dump of vector code. */
export function wide(lanes: Lanes | undefined, text: string): string {
  return lanes === undefined || lanes === 1 ? text : `${text}:${lanes}`;
}

export function printTest(one: Test): string {
  switch (one.kind) {
    case 'compare': {
      return `${printValue(one.left, sum)} ${signs[one.sign]} ${printValue(one.right, sum)}`;
    }
    case 'equal':
      return `${printInteger(one.left, sum)} === ${printInteger(one.right, sum)}`;
    case 'within': {
      const value = printInteger(one.value, sum);
      return `${value} >= 0 && ${value} < ${one.size}`;
    }
    case 'every':
      return one.of.map(printTest).join(' && ');
  }
}

export function printValue(value: Value, outer: number): string {
  switch (value.kind) {
    case 'number':
      return value.value < 0 && outer > sum ? `(${value.value})` : String(value.value);
    case 'local':
      return value.local.name;
    case 'argument':
      return value.name;
    case 'load':
      return wide(value.lanes, printElement(value.array, value.at));
    case 'splat':
    case 'extract':
      return `${value.kind}(${printValue(value.of, ternary)})`;
    case 'plus':
      return wrap(printTerms(value.terms).join(' '), sum, outer);
    case 'times':
      return printProduct(value.factors, outer);
    case 'divide':
      return wrap(`${printValue(value.dividend, product)} / ${printValue(value.divisor, atom)}`, product, outer);
    case 'call': {
      const { text, own } = functionText(value.name, (inner) => printValue(value.argument, inner));
      return wrap(text, own, outer);
    }
    case 'select':
      return wrap(
        `${printTest(value.test)} ? ${printValue(value.yes, sum)} : ${printValue(value.no, ternary)}`,
        ternary,
        outer,
      );
    case 'max':
      return printMaximum(value.candidates, outer);
    case 'fromInt':
      return printInteger(value.value, outer);
  }
}

function printProduct(factors: readonly Value[], outer: number): string {
  const [first, ...rest] = factors as [Value, ...Value[]];
  if (first.kind === 'number' && first.value === -1) {
    return wrap(`-${rest.map((factor) => printValue(factor, product)).join(' * ')}`, sum, outer);
  }
  return wrap(factors.map((factor) => printValue(factor, atom)).join(' * '), product, outer);
}

function printMaximum(candidates: readonly Contender[], outer: number): string {
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return printValue(only.value, outer);
  return `Math.max(${candidates.map(({ value }) => printValue(value, ternary)).join(', ')})`;
}

export function printInteger(value: Int, outer: number): string {
  switch (value.kind) {
    case 'sum':
      return printSum(value, outer);
    case 'least':
    case 'greatest':
      return `Math.${value.kind === 'least' ? 'min' : 'max'}(${value.of.map((one) => printInteger(one, ternary)).join(', ')})`;
    case 'floor':
    case 'ceiling':
      return `Math.${value.kind === 'floor' ? 'floor' : 'ceil'}(${printInteger(value.dividend, product)} / ${value.divisor})`;
    case 'between':
      return wrap(`${printInteger(value.to, sum)} - ${printInteger(value.from, product)}`, sum, outer);
    case 'load':
      return wide(value.lanes, printElement(value.array, value.at));
    case 'splat':
      return `splat(${printInteger(value.of, ternary)})`;
    case 'digit': {
      const { number, below, size } = value;
      const quotient = below === 1 ? number.name : `(${number.name} / ${below}) | 0`;
      if (size === undefined) return below === 1 ? quotient : wrap(quotient, ternary, outer);
      return wrap(below === 1 ? `${quotient} % ${size}` : `(${quotient}) % ${size}`, ternary, outer);
    }
    case 'argmax':
      return wrap(printWinner(value.candidates, printValue(value.maximum, sum)), ternary, outer);
    case 'address': {
      const moves = digitsOf(value).map(({ stride, digit }) => {
        const text = printInteger(digit, atom);
        return stride === 1 ? text : `${stride} * ${text}`;
      });
      return wrap(moves.join(' + '), sum, outer);
    }
  }
}

/** `a === y ? 0 : b === y ? 1 : 2` */
function printWinner(candidates: readonly Contender[], maximum: string): string {
  const asked = candidates
    .slice(0, -1)
    .map(({ place, value }) => `${printValue(value, sum)} === ${maximum} ? ${place} : `);
  return `${asked.join('')}${candidates.at(-1)?.place}`;
}

function printSum({ constant, terms }: Sum, outer: number): string {
  const parts = [...terms].map(([{ name }, coefficient]) => ({
    isNegative: coefficient < 0,
    text: Math.abs(coefficient) === 1 ? name : `${Math.abs(coefficient)} * ${name}`,
  }));
  parts.sort((a, b) => Number(a.isNegative) - Number(b.isNegative));
  if (constant !== 0 || parts.length === 0) {
    const part = { isNegative: constant < 0, text: String(Math.abs(constant)) };
    // A positive constant leads where all else is subtracted: 2 - i.
    if (parts[0]?.isNegative && constant > 0) parts.unshift(part);
    else parts.push(part);
  }
  const text = parts
    .map(({ isNegative, text: own }, position) =>
      position === 0 ? `${isNegative ? '-' : ''}${own}` : `${isNegative ? '-' : '+'} ${own}`,
    )
    .join(' ');
  return parts.length > 1 ? wrap(text, sum, outer) : text.includes('*') ? wrap(text, product, outer) : text;
}
