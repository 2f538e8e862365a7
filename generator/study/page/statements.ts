import type { FunctionName } from '../../equations/functionName.ts';
import { atom, functionText, product, sum, ternary } from '../../print/functionText.ts';
import { functions } from './functions.ts';
import type { PageCondition, PageEquation, PageExpression } from './ir.ts';
import { compares, coordinatesIn, type Machine, offsetIn } from './machine.ts';

/** A formula at one place: what an equation says of one element. */
export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'element'; readonly tensor: number; readonly offset: number }
  | { readonly kind: 'plus' | 'times'; readonly parts: readonly Formula[] }
  | { readonly kind: 'divide'; readonly parts: readonly [Formula, Formula] }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly parts: readonly [Formula] }
  | { readonly kind: 'where'; readonly sign: string; readonly parts: readonly [Formula, Formula, Formula, Formula] }
  | { readonly kind: 'max' | 'argmax' | 'logSumExp'; readonly parts: readonly Formula[] };

/** What stands on the right of an element in an equation; undefined where nothing adds to it. */
export function formulaOf(machine: Machine, equation: PageEquation, offset: number): Formula | undefined {
  const terms: Formula[] = [];
  machine.forEachPlace(equation, offset, () => {
    const term = resolve(machine, equation.value);
    if (term !== undefined && !isZero(term)) terms.push(term);
  });
  return someSum(terms);
}

const isZero = (f: Formula): boolean => f.kind === 'number' && f.value === 0;

/** What stands alone needs no operator. */
const onlyOf = (parts: readonly Formula[]): Formula | undefined => (parts.length === 1 ? parts[0] : undefined);

function sumOf(terms: readonly Formula[]): Formula {
  const parts = terms.flatMap((one) => (one.kind === 'plus' ? one.parts : [one])).filter((one) => !isZero(one));
  if (parts.length === 0) return { kind: 'number', value: 0 };
  return onlyOf(parts) ?? { kind: 'plus', parts };
}

/** Undefined where nothing is added. */
const someSum = (terms: readonly Formula[]): Formula | undefined => (terms.length === 0 ? undefined : sumOf(terms));

function productOf(factors: readonly Formula[]): Formula {
  const parts = factors
    .flatMap((one) => (one.kind === 'times' ? one.parts : [one]))
    .filter((one) => !(one.kind === 'number' && one.value === 1));
  if (parts.some(isZero)) return { kind: 'number', value: 0 };
  if (parts.length === 0) return { kind: 'number', value: 1 };
  return onlyOf(parts) ?? { kind: 'times', parts };
}

function resolve(machine: Machine, e: PageExpression): Formula | undefined {
  const inner = (child: PageExpression): Formula | undefined => resolve(machine, child);
  switch (e.kind) {
    case 'number':
      return { kind: 'number', value: e.value };
    case 'read': {
      const offset = machine.elementAt(e);
      return offset === undefined ? undefined : { kind: 'element', tensor: machine.tensor(e.tensor).store, offset };
    }
    case 'plus':
      return someSum(e.terms.flatMap((term) => inner(term) ?? []));
    case 'times': {
      const factors = e.factors.flatMap((factor) => inner(factor) ?? []);
      return factors.length < e.factors.length ? undefined : productOf(factors);
    }
    case 'divide': {
      const [above, below] = [inner(e.dividend), inner(e.divisor)];
      return above && below && { kind: 'divide', parts: [above, below] };
    }
    case 'call': {
      const argument = inner(e.argument);
      return argument && { kind: 'call', name: e.name, parts: [argument] };
    }
    case 'where':
      return choose(machine, e.condition, inner(e.yes), inner(e.no));
    case 'count':
      return { kind: 'number', value: machine.count(e) };
    case 'sum':
      return someSum(partsAlong(machine, e));
    case 'max':
    case 'argmax':
    case 'logSumExp':
      return { kind: e.kind, parts: partsAlong(machine, e) };
  }
}

/** What stands under a Σ or a maximum, place by place. */
function partsAlong(machine: Machine, { over, body }: Extract<PageExpression, { body: unknown }>): readonly Formula[] {
  const parts: Formula[] = [];
  machine.loop(over, () => parts.push(...[resolve(machine, body) ?? []].flat()));
  return parts;
}

function choose(
  machine: Machine,
  condition: PageCondition,
  yes: Formula | undefined,
  no: Formula | undefined,
): Formula | undefined {
  const otherwise = no ?? { kind: 'number', value: 0 };
  if (condition.kind === 'within') {
    const at = machine.at(condition.coordinate.at);
    return at >= 0 && at < condition.coordinate.size ? yes : no;
  }
  const left = resolve(machine, condition.kind === 'winner' ? condition.winner : condition.left);
  let right: Formula | undefined;
  if (condition.kind === 'winner') {
    const value = offsetIn(
      condition.sizes,
      condition.at.map((one) => machine.at(one)),
    );
    right = value === undefined ? undefined : { kind: 'number', value };
  } else right = resolve(machine, condition.right);
  if (left === undefined || right === undefined) return no;
  if (yes === undefined && (no === undefined || isZero(no))) return undefined;
  const sign = condition.kind === 'winner' ? '=' : condition.sign;
  return { kind: 'where', sign, parts: [left, right, yes ?? { kind: 'number', value: 0 }, otherwise] };
}

/** The value of a formula with the machine's numbers. */
export function valueAt(machine: Machine, f: Formula): number {
  if (f.kind === 'number') return f.value;
  if (f.kind === 'element') return machine.valueAt(f.tensor, f.offset);
  const values = f.parts.map((part) => valueAt(machine, part)) as [number, number, number, number];
  switch (f.kind) {
    case 'plus':
      return values.reduce((sum, value) => sum + value, 0);
    case 'times':
      return values.reduce((product, value) => product * value, 1);
    case 'divide':
      return values[0] / values[1];
    case 'call':
      return functions[f.name](values[0]);
    case 'where': {
      const holds = compares(f.sign, values[0], values[1]);
      return holds ? values[2] : values[3];
    }
    case 'max':
      return Math.max(...values);
    case 'argmax':
      return values.indexOf(Math.max(...values));
    case 'logSumExp': {
      const largest = Math.max(...values);
      return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
    }
  }
}

/** Every element that a formula reads, in reading order, as often as it is read. */
export function elementsIn(f: Formula): readonly { readonly tensor: number; readonly offset: number }[] {
  if (f.kind === 'element') return [f];
  return f.kind === 'number' ? [] : f.parts.flatMap(elementsIn);
}

/** A product without one of its factors, 1 where it is that factor; undefined where it is no product of it. */
export function withoutFactor(
  f: Formula,
  isFactor: (one: { readonly tensor: number; readonly offset: number }) => boolean,
): Formula | undefined {
  if (f.kind === 'element') return isFactor(f) ? { kind: 'number', value: 1 } : undefined;
  if (f.kind === 'divide') {
    const above = withoutFactor(f.parts[0], isFactor);
    return above && { kind: 'divide', parts: [above, f.parts[1]] };
  }
  if (f.kind !== 'times') return undefined;
  const at = f.parts.findIndex((part) => part.kind === 'element' && isFactor(part));
  return at < 0 ? undefined : productOf(f.parts.filter((_, n) => n !== at));
}

/** The terms of a sum: of anything else, itself. */
export function termsOf(f: Formula): readonly Formula[] {
  return f.kind === 'plus' ? f.parts : [f];
}

/** How elements and signs are written: as code, as mathematics, with numbers. */
export interface Pen {
  /** `outer` says how tightly the surroundings bind. */
  element(tensor: number, offset: number, outer: number): string;
  number(value: number): string;
  readonly times: string;
  readonly minus: string;
  /** `print` gives the argument as it stands where something binds so tightly. */
  call(name: FunctionName, print: (outer: number) => string): { readonly text: string; readonly own: number };
  where(
    left: string,
    sign: string,
    right: string,
    yes: (outer: number) => string,
    no: string,
  ): { readonly text: string; readonly own: number };
  reduce(kind: 'max' | 'argmax' | 'logSumExp', parts: readonly string[]): string;
}

export function write(f: Formula, pen: Pen, outer: number = ternary): string {
  const wrap = (text: string, own: number): string => (own < outer ? `(${text})` : text);
  const inner = (part: Formula, around: number): string => write(part, pen, around);
  switch (f.kind) {
    case 'number':
      return f.value < 0 ? wrap(`${pen.minus}${pen.number(-f.value)}`, sum) : pen.number(f.value);
    case 'element':
      return pen.element(f.tensor, f.offset, outer);
    case 'plus':
      return wrap(writeSum(f.parts, pen), sum);
    case 'times': {
      const { text, own } = writeProduct(f.parts, pen);
      return wrap(text, own);
    }
    case 'divide':
      return wrap(`${inner(f.parts[0], product)} / ${inner(f.parts[1], atom)}`, product);
    case 'call': {
      const { text, own } = pen.call(f.name, (around) => inner(f.parts[0], around));
      return wrap(text, own);
    }
    case 'where': {
      const [left, right, yes, no] = f.parts;
      const whenTrue = (around: number): string => inner(yes, around);
      const { text, own } = pen.where(inner(left, sum), f.sign, inner(right, sum), whenTrue, inner(no, ternary));
      return wrap(text, own);
    }
    case 'max':
    case 'argmax':
    case 'logSumExp':
      return pen.reduce(
        f.kind,
        f.parts.map((part) => inner(part, ternary)),
      );
  }
}

/** Terms below 0 come last and are subtracted. */
function writeSum(terms: readonly Formula[], pen: Pen): string {
  const ordered = [...terms.filter((one) => !isNegative(one)), ...terms.filter(isNegative)];
  const texts = ordered.map((term, n) => {
    const one = write(term, pen, sum);
    if (n === 0) return one;
    return one.startsWith(pen.minus) ? ` ${pen.minus} ${one.slice(pen.minus.length)}` : ` + ${one}`;
  });
  return texts.join('');
}

/** −1 times something is its negative. */
function writeProduct(factors: readonly Formula[], pen: Pen): { readonly text: string; readonly own: number } {
  const [first, ...rest] = factors;
  const written = (parts: readonly Formula[]): string => parts.map((part) => write(part, pen, product)).join(pen.times);
  if (first?.kind === 'number' && first.value === -1) return { text: `${pen.minus}${written(rest)}`, own: sum };
  return { text: written(factors), own: product };
}

function isNegative(f: Formula): boolean {
  if (f.kind === 'number') return f.value < 0;
  if (f.kind === 'times') return f.parts[0]?.kind === 'number' && f.parts[0].value < 0;
  return f.kind === 'divide' && isNegative(f.parts[0]);
}

/** `W1[0,1]`; axes of length 1 are left out. `base` is where counting begins. */
export function elementName(machine: Machine, tensor: number, offset: number, base = 0): string {
  const { name, shape } = machine.tensor(tensor);
  const at = coordinatesIn(shape, offset).filter((_, axis) => shape[axis] !== 1);
  return at.length === 0 ? name : `${name}[${at.map((one) => one + base).join(',')}]`;
}

/** `W1_0_1`, as emitted code has it. */
export function localOf(machine: Machine, tensor: number, offset: number): string {
  const { name, shape } = machine.tensor(tensor);
  return [name, ...coordinatesIn(shape, offset).filter((_, axis) => shape[axis] !== 1)].join('_');
}

/** Emitted code: `W1_1_1 * x_0_0`, each function as emitted modules write it. */
export function codePen(machine: Machine): Pen {
  const terms = (parts: readonly string[]): string => parts.join(', ');
  return {
    element: (tensor, offset) => localOf(machine, tensor, offset),
    number: String,
    times: ' * ',
    minus: '-',
    call(name, print) {
      const { text, own } = functionText(name, print);
      return { text, own };
    },
    where: (left, sign, right, yes, no) => {
      const compared = `${left} ${sign === '=' ? '===' : sign === '≠' ? '!==' : sign} ${right}`;
      return { text: `${compared} ? ${yes(sum)} : ${no}`, own: ternary };
    },
    reduce(kind, parts) {
      if (kind === 'max') return `Math.max(${terms(parts)})`;
      if (kind === 'argmax') return `[${terms(parts)}].indexOf(Math.max(${terms(parts)}))`;
      return `Math.log(${parts.map((one) => `Math.exp(${one})`).join(' + ')})`;
    },
  };
}

/** A statement of emitted code for one element: `const z1_0_0 = …;`. */
export function statementOf(machine: Machine, equation: PageEquation, offset: number): string {
  const f = formulaOf(machine, equation, offset);
  const { store } = machine.tensor(equation.target);
  return f === undefined ? '' : `const ${localOf(machine, store, offset)} = ${write(f, codePen(machine))};`;
}
