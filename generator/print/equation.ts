import {
  type Affine,
  bounds,
  type Index,
  plain,
  plainIndex,
  plus,
  substituteAffine,
  times,
  winnersIn,
} from '../equations/affine.ts';
import type { Equation } from '../equations/equation.ts';
import { type Condition, type Expression, mapCoordinates, type Read, readsOf } from '../equations/expression.ts';
import type { FunctionName } from '../equations/functions.ts';
import { sizeOf } from '../equations/tensor.ts';

/** How a scalar function is written in an equation. */
const written: { readonly [K in FunctionName]: (u: string, isSimple: boolean) => string } = {
  square: (u, isSimple) => (isSimple ? `${u}²` : `(${u})²`),
  exp: (u) => `exp(${u})`,
  log: (u) => `log(${u})`,
  abs: (u) => `|${u}|`,
  sqrt: (u, isSimple) => (isSimple ? `√${u}` : `√(${u})`),
  relu: (u) => `relu(${u})`,
  relu6: (u) => `relu6(${u})`,
  elu: (u) => `elu(${u})`,
  selu: (u) => `selu(${u})`,
  sigmoid: (u) => `σ(${u})`,
  tanh: (u) => `tanh(${u})`,
  atan: (u) => `atan(${u})`,
  softplus: (u) => `softplus(${u})`,
  softsign: (u) => `softsign(${u})`,
  hardSigmoid: (u) => `hardSigmoid(${u})`,
  erf: (u) => `erf(${u})`,
};

const sum = 1;
const product = 2;
const atom = 3;

/** Gives each index of an equation its letter; a second index of the same letter gets a prime. */
class Letters {
  readonly #names = new Map<Index, string>();

  of(one: Index): string {
    const known = this.#names.get(one);
    if (known !== undefined) return known;
    const taken = new Set(this.#names.values());
    let name = one.name;
    while (taken.has(name)) name += '′';
    this.#names.set(one, name);
    return name;
  }
}

/** The equation in one line: `z1[i,j,o] = b1[o] + Σ_{p,q,c} W1[p,q,c,o]·x[i+p−1,j+q−1,c]`. */
export function printEquation(equation: Equation, isFirst = true): string {
  const letters = new Letters();
  for (const coordinate of equation.at) for (const one of coordinate.terms.keys()) letters.of(one);
  const left = printPlace(equation.target.name, equation.target.shape, equation.at, letters);
  return `${left} ${isFirst ? '=' : '+='} ${print(equation.value, letters, 0)}`;
}

function printPlace(name: string, shape: readonly number[], at: readonly Affine[], letters: Letters): string {
  const shown = at.filter((coordinate, axis) => shape[axis] !== 1 || coordinate.terms.size > 0);
  return shown.length === 0
    ? name
    : `${name}[${shown.map((coordinate) => printAffine(coordinate, letters)).join(',')}]`;
}

function printAffine({ constant, terms }: Affine, letters: Letters): string {
  const ordered = [...terms].sort(([, a], [, b]) => Number(a < 0) - Number(b < 0));
  const leads = constant > 0 && ordered.every(([, coefficient]) => coefficient < 0);
  let text = leads ? String(constant) : '';
  for (const [one, coefficient] of ordered) {
    const factor = Math.abs(coefficient) === 1 ? '' : String(Math.abs(coefficient));
    const sign = coefficient < 0 ? '−' : text === '' ? '' : '+';
    text += `${sign}${factor}${letters.of(one)}`;
  }
  if (!leads && (constant !== 0 || text === ''))
    text += `${constant < 0 ? '−' : text === '' ? '' : '+'}${Math.abs(constant)}`;
  return text;
}

function printRead({ tensor, at }: Read, letters: Letters): string {
  return printPlace(tensor.name, tensor.shape, at, letters);
}

function wrap(text: string, own: number, outer: number): string {
  return own < outer ? `(${text})` : text;
}

function print(e: Expression, letters: Letters, outer: number): string {
  switch (e.kind) {
    case 'number':
      return e.value < 0 ? wrap(`−${-e.value}`, sum, outer) : String(e.value);
    case 'read':
      return printRead(e, letters);
    case 'plus':
      return wrap(printSum(e.terms, letters), sum, outer);
    case 'times':
      return printProduct(e.factors, letters, outer);
    case 'divide':
      return wrap(`${print(e.dividend, letters, product)}/${print(e.divisor, letters, atom)}`, product, outer);
    case 'call':
      return written[e.name](print(e.argument, letters, 0), e.argument.kind === 'read');
    case 'where':
      return printWhere(e, letters, outer);
    case 'count':
      return 'n';
    case 'address': {
      const moves = e.strides.map(
        (stride, axis) => `${stride === 1 ? '' : `${stride}·`}${e.winner.tensor.name}${'ᵤᵥ'[axis] ?? ''}`,
      );
      return moves.join(' + ').replaceAll('+ -', '− ').replace(/^-/, '−');
    }
    case 'sum':
      return wrap(`Σ${subscript(e.over, letters)} ${print(e.body, letters, product)}`, sum, outer);
    case 'max':
    case 'argmax':
      return wrap(`${e.kind}${subscript(e.over, letters)} ${print(e.body, letters, product)}`, product, outer);
    case 'logSumExp':
      return wrap(`log Σ${subscript(e.over, letters)} exp(${print(e.body, letters, 0)})`, product, outer);
  }
}

function subscript(over: readonly Index[], letters: Letters): string {
  const names = over.map((one) => letters.of(one));
  return names.length === 1 ? `_${names[0]}` : `_{${names.join(',')}}`;
}

function isNegative(e: Expression): boolean {
  return (
    (e.kind === 'number' && e.value < 0) ||
    (e.kind === 'times' && e.factors[0]?.kind === 'number' && e.factors[0].value < 0) ||
    (e.kind === 'divide' && isNegative(e.dividend))
  );
}

function printSum(terms: readonly Expression[], letters: Letters): string {
  const ordered = [...terms.filter((term) => !isNegative(term)), ...terms.filter(isNegative)];
  return ordered
    .map((term, position) => {
      const text = print(term, letters, sum);
      if (position === 0) return text;
      return text.startsWith('−') ? ` − ${text.slice(1)}` : ` + ${text}`;
    })
    .join('');
}

function printProduct(factors: readonly Expression[], letters: Letters, outer: number): string {
  const [first, ...rest] = factors as [Expression, ...Expression[]];
  if (first.kind === 'number' && first.value === -1) {
    const text =
      rest.length === 1 ? print(rest[0] as Expression, letters, product) : printProduct(rest, letters, product);
    return wrap(`−${text}`, sum, outer);
  }
  return wrap(factors.map((factor) => print(factor, letters, product)).join('·'), product, outer);
}

function printWhere(e: Extract<Expression, { kind: 'where' }>, letters: Letters, outer: number): string {
  const condition = printCondition(e.condition, letters);
  if (e.no.kind !== 'number' || e.no.value !== 0) {
    return `(${print(e.yes, letters, sum)} if ${condition} else ${print(e.no, letters, sum)})`;
  }
  if (e.yes.kind === 'number' && e.yes.value === 1) return `[${condition}]`;
  return wrap(`${print(e.yes, letters, product)}·[${condition}]`, product, outer);
}

function printCondition(condition: Condition, letters: Letters): string {
  switch (condition.kind) {
    case 'compare':
      return `${print(condition.left, letters, sum)} ${condition.sign} ${print(condition.right, letters, sum)}`;
    case 'winner': {
      const at = condition.at.map((coordinate) => printAffine(coordinate, letters)).join(',');
      return `${printRead(condition.winner, letters)} = (${at})`;
    }
    case 'within':
      return `0 ≤ ${printAffine(condition.coordinate.at, letters)} < ${condition.coordinate.size}`;
  }
}

/**
 * What a reader should know of an equation, derived from the equation itself: a kernel that turns round, padding that
 * appears, where the winners come from.
 */
export function explainEquation(equation: Equation): string[] {
  const reversed = reverse(equation);
  const shown = reversed ?? equation;
  const notes: string[] = [];
  if (reversed !== undefined) {
    const text = printEquation(reversed);
    const left = printEquation(equation).split(' = ', 1)[0] as string;
    notes.push(text.startsWith(`${left} = `) ? text.slice(left.length + 1) : text);
  }
  const sliding = slidingRead(shown);
  if (sliding !== undefined) notes.push(describeSliding(shown, sliding, reversed !== undefined));
  return [...notes, ...describeValue(equation.value)];
}

/** What the kind of an expression says that its letters do not. */
function describeValue(value: Expression): string[] {
  const notes: string[] = [];
  if (value.kind === 'argmax') notes.push('the first place, row by row, whose value is the maximum');
  if (value.kind === 'logSumExp') {
    const m = value.shift.tensor.name;
    notes.push(`computed as ${m} + log Σ exp(… − ${m}), so that no exp overflows`);
  }
  if (value.kind === 'sum' && value.body.kind === 'read' && value.body.tensor.role === 'target') {
    notes.push('1 where the target is a probability distribution');
  }
  const bracket = value.kind === 'sum' ? value.body : value;
  if (bracket.kind === 'where' && bracket.condition.kind === 'winner') {
    notes.push('only the winner of each window gets its gradient');
  }
  if (bracket.kind === 'where' && bracket.condition.kind === 'compare' && bracket.condition.sign === '=') {
    notes.push('every place equal to the maximum gets its gradient');
  }
  if (contains(value, ({ kind }) => kind === 'count'))
    notes.push('n counts the places of the window that are not padding');
  const followed = readsOf(value).find(({ at }) => at.some((coordinate) => winnersIn(coordinate).length > 0));
  if (followed !== undefined) {
    const k = winnersIn(followed.at.find((coordinate) => winnersIn(coordinate).length > 0) as Affine)[0]?.[0].winner
      ?.read;
    notes.push(
      `only winners count: (${k?.tensor.name}ᵤ,${k?.tensor.name}ᵥ) is the winner's row and column; ${followed.tensor.name} has a border of zeros`,
    );
  }
  return notes;
}

function contains(e: Expression, test: (e: Expression) => boolean): boolean {
  if (test(e)) return true;
  switch (e.kind) {
    case 'plus':
      return e.terms.some((child) => contains(child, test));
    case 'times':
      return e.factors.some((child) => contains(child, test));
    case 'divide':
      return contains(e.dividend, test) || contains(e.divisor, test);
    case 'where':
      return contains(e.yes, test) || contains(e.no, test);
    case 'sum':
      return contains(e.body, test);
    default:
      return false;
  }
}

/**
 * Rewrites p as k − 1 − p for every kernel index that falls in another read, so that the kernel is what is turned
 * round and the image is walked forwards; undefined where nothing falls.
 */
function reverse(equation: Equation): Equation | undefined {
  const reads = readsOf(equation.value);
  const falling = new Set<Index>();
  for (const { at } of reads) {
    for (const { terms } of at)
      for (const [one, coefficient] of terms) if (coefficient === -1 && terms.size > 1) falling.add(one);
  }
  const isKernel = (one: Index): boolean =>
    [...reads.filter(({ tensor }) => tensor.role === 'parameter').map(({ at }) => at), equation.at].some((at) =>
      at.some((coordinate) => plainIndex(coordinate) === one),
    );
  const turned = [...falling].filter(isKernel);
  if (turned.length === 0) return undefined;
  const by = new Map(turned.map((one) => [one, plus(one.size - 1, times(-1, plain(one)))]));
  const change = (at: Affine): Affine => substituteAffine(at, by);
  return { ...equation, at: equation.at.map(change), value: mapCoordinates(equation.value, change) };
}

/** The read that a window slides over: it has a coordinate with an output index and a summed one. */
function slidingRead({ value }: Equation): Read | undefined {
  const body = value.kind === 'plus' ? value.terms.find(({ kind }) => kind === 'sum') : value;
  if (body?.kind !== 'sum' || body.body.kind !== 'times') return undefined;
  const reads = body.body.factors.filter((factor): factor is Read => factor.kind === 'read');
  const isSliding = ({ at }: Read): boolean =>
    at.some(({ terms }) => terms.size === 2 && [...terms.values()].every((c) => c > 0));
  return reads.length === 2 ? reads.find(isSliding) : undefined;
}

function describeSliding(equation: Equation, slid: Read, isTurned: boolean): string {
  const sides = slid.at.flatMap((coordinate, axis) => {
    const { min, max } = bounds(coordinate);
    const isSlid = coordinate.terms.size > 1;
    return isSlid ? [Math.max(-min, 0), Math.max(max - (slid.tensor.shape[axis] as number) + 1, 0)] : [];
  });
  const isEven = sides.every((side) => side === sides[0]);
  const outside = `${slid.tensor.name} = 0 outside`;
  const padded = sides.every((side) => side === 0)
    ? ''
    : isEven
      ? ` padded by ${sides[0]} (${outside})`
      : ` (${outside})`;
  const others = readsOf(equation.value).filter(
    ({ tensor, at }) => tensor !== slid.tensor && at.length > 1 && sizeOf(tensor) > 1,
  );
  const kernel = others.find(({ tensor }) => tensor.role === 'parameter');
  if (kernel !== undefined) {
    return `the kernel ${kernel.tensor.name}${isTurned ? ', turned by 180°,' : ''} slides over ${slid.tensor.name}${padded}`;
  }
  const slider = others[0]?.tensor.name ?? 'the window';
  return `${slider} slides over ${slid.tensor.name}${padded}${isTurned ? '; what comes out is turned by 180°' : ''}`;
}
