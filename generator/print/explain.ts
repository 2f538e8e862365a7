import { type Affine, bounds, type Index, plainIndex, winnersIn } from '../equations/affine.ts';
import type { Equation } from '../equations/equation.ts';
import { type Condition, type Count, type Expression, ordinalOf, type Read } from '../equations/expression.ts';
import { slidingForm } from '../equations/slide.ts';
import { sizeOf } from '../equations/tensor.ts';
import { childrenOf, readsOf } from '../equations/visit.ts';
import { pairsOf } from '../lists.ts';
import { printEquation } from './equation.ts';
import { plainText } from './markup.ts';
import { Notation, type Sign } from './notation.ts';

const notation = new Notation(plainText);

/**
 * What a reader should know of an equation, derived from the equation itself: a kernel that turns round, padding that
 * appears, where the winners come from.
 */
export function explainEquation(equation: Equation, sign: Sign = '='): string[] {
  const shown = slidingForm(equation);
  const notes: string[] = [];
  if (shown !== equation && sign === '=') {
    const text = printEquation(shown);
    const [left = ''] = printEquation(equation).split(' = ', 1);
    notes.push(text.startsWith(`${left} = `) ? text.slice(left.length + 1) : text);
  }
  const sliding = slidingOf(equation);
  if (sliding !== undefined) notes.push(sliding.words);
  return [...notes, ...describeValue(equation)];
}

/** How a kernel, or another window, slides over what an equation reads. */
export interface Sliding {
  readonly words: string;
  /** Whether it is a kernel that slides; else a gradient does, and a kernel's comes out. */
  readonly isKernel: boolean;
  readonly isTurned: boolean;
  readonly isPadded: boolean;
}

export function slidingOf(equation: Equation): Sliding | undefined {
  const shown = slidingForm(equation);
  const read = slidingRead(shown);
  return read && describeSliding(shown, read, shown !== equation);
}

/** Whether a condition asks which places are equal to a maximum, and not which class a target names. */
function isTie(condition: Condition): boolean {
  if (condition.kind !== 'compare' || condition.sign !== '=') return false;
  return [condition.left, condition.right].flatMap(readsOf).every(({ tensor }) => tensor.role !== 'target');
}

/** What the kind of an expression says that its letters do not. */
function describeValue(equation: Equation): string[] {
  const { value } = equation;
  const notes: string[] = [];
  if (value.kind === 'argmax') {
    const [k, at] = [equation.target.name, value.over.map(({ name }) => name)];
    notes.push('the first place, row by row, whose value is the maximum');
    notes.push(`${k} counts the places of its window row by row: (${at.join(',')}) is ${rowMajor(value.over)}`);
  }
  const isExponential = value.kind === 'call' && value.name === 'exp';
  const shift = isExponential && readsOf(value).find(({ tensor }) => tensor.role === 'shift');
  if (shift) notes.push(`less ${shift.tensor.name}, the largest, so that no exp overflows`);
  notes.push(...describeSoftmax(equation));
  if (value.kind === 'sum' && value.body.kind === 'read' && value.body.tensor.role === 'target') {
    notes.push('1 where the target is a probability distribution');
  }
  const bracket = value.kind === 'sum' ? value.body : value;
  if (bracket.kind === 'where' && bracket.condition.kind === 'winner') {
    notes.push('only the winner of each window gets its gradient');
  }
  if (bracket.kind === 'where' && isTie(bracket.condition)) {
    notes.push(
      '[…] is 1 at every place equal to the maximum (ties: all), else 0: each of them gets the whole gradient',
    );
  }
  const count = find(value, isWindowCount);
  if (count !== undefined) {
    notes.push('N counts the places of the window that are not padding:', notation.count(count));
  }
  return [...notes, ...describeWinners(equation)];
}

/** Why a cross-entropy's gradient is dl·a − t: z stands in log a = z − m − l twice. */
function describeSoftmax({ target, value }: Equation): string[] {
  if (value.kind !== 'plus' || value.terms.length !== 2) return [];
  const readsTarget = (e: Expression): boolean => readsOf(e).some(({ tensor }) => tensor.role === 'target');
  const [second, first] = [value.terms.find(readsTarget), value.terms.find((term) => !readsTarget(term))];
  const isTarget = second?.kind === 'times' && second.factors.length === 2 && second.factors[0]?.kind === 'number';
  const given = isTarget ? second.factors[1] : undefined;
  if (first?.kind !== 'times' || first.factors.length !== 2 || given?.kind !== 'read') return [];
  const [dl, a] = first.factors;
  if (dl?.kind !== 'read' || a?.kind !== 'read' || dl.tensor.role !== 'gradient' || given.tensor.role !== 'target')
    return [];
  if (sizeOf(dl.tensor) !== 1 || a.tensor.role !== 'value') return [];
  const [z, l, t] = [target.name.slice(1), dl.tensor.name.slice(1), given.tensor.name];
  return [
    `in L stands −${t} times log ${a.tensor.name}, and log ${a.tensor.name} is ${z} less ${l} and the largest: ${z} by itself gives −${t}, ${l} gives ${dl.tensor.name}·${a.tensor.name}, as ∂${l}/∂${z} = ${a.tensor.name}`,
    `where the targets add up to 1, ${dl.tensor.name} is 1 and ${target.name} is ${a.tensor.name} − ${t}: the δ of softmax`,
  ];
}

/** Where digits of a winner stand: whose they are, and what has a border for them. */
function describeWinners(equation: Equation): string[] {
  const reads = readsOf(equation.value);
  const places = [...equation.at, ...reads.flatMap(({ at }) => at)];
  const digits = places.flatMap((coordinate) => winnersIn(coordinate).map(([one]) => one));
  const address = equation.value.kind === 'address' ? equation.value.winner : undefined;
  const winner = digits[0]?.winner?.read ?? address;
  if (winner === undefined) return [];
  const names = ['ᵤ', 'ᵥ'].map((axis) => `${winner.tensor.name}${axis}`).join(',');
  const place = notation.readIn(equation, winner);
  const bordered = reads.find(
    ({ tensor, at }) => tensor.role === 'bordered' && at.some((coordinate) => winnersIn(coordinate).length > 0),
  );
  const border = bordered === undefined ? '' : `; ${bordered.tensor.name} has a border of zeros`;
  return [`only winners count: (${names}) is the place of the winner ${place} in its window${border}`];
}

/** `6p + q` */
function rowMajor(over: readonly Index[]): string {
  return over
    .map(({ name }, axis) => {
      const step = over.slice(axis + 1).reduce((all, { size }) => all * size, 1);
      return step === 1 ? name : `${step}${name}`;
    })
    .join(' + ');
}

/** A count of the places of a window, and not the value of a coordinate. */
function isWindowCount(e: Expression): e is Count {
  return e.kind === 'count' && ordinalOf(e) === undefined;
}

function find<Kind extends Expression>(e: Expression, test: (e: Expression) => e is Kind): Kind | undefined {
  if (test(e)) return e;
  for (const child of childrenOf(e)) {
    const found = find(child, test);
    if (found !== undefined) return found;
  }
  return undefined;
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

function describeSliding(equation: Equation, slid: Read, isTurned: boolean): Sliding {
  const name = slid.tensor.name;
  const padding = paddingWords(slid);
  const padded = padding === '' ? '' : ` ${padding} (${name} = 0 outside)`;
  const others = readsOf(equation.value).filter(
    ({ tensor, at }) => tensor !== slid.tensor && at.length > 1 && sizeOf(tensor) > 1,
  );
  const kernel = others.find(({ tensor }) => tensor.role === 'parameter');
  const still = kernel ?? others[0];
  const steps = stepWords(slid, still);
  const facts = { isKernel: kernel !== undefined, isTurned, isPadded: padding !== '' };
  if (kernel !== undefined) {
    const slider = `the kernel ${kernel.tensor.name}${isTurned ? ', turned by 180°,' : ''}`;
    return { ...facts, words: `${slider} slides over ${name}${padded}${steps}` };
  }
  const slider = still?.tensor.name ?? 'the window';
  const result = isTurned ? '; what comes out is turned by 180°' : '';
  return { ...facts, words: `${slider} slides over ${name}${padded}${steps}${result}` };
}

const sideNames = [
  ['above', 'below', 'row'],
  ['left', 'right', 'column'],
] as const;

/** `padded by 1`, or `padded by 1 row above and 2 below, 1 column right`. */
function paddingWords(slid: Read): string {
  const sides = pairsOf(slid.at, slid.tensor.shape).flatMap(([coordinate, size], axis) => {
    const names = sideNames[axis];
    if (coordinate.terms.size < 2 || names === undefined) return [];
    const { min, max } = bounds(coordinate);
    return [{ before: Math.max(-min, 0), after: Math.max(max - size + 1, 0), names }];
  });
  const all = sides.flatMap(({ before, after }) => [before, after]);
  if (all.every((side) => side === 0)) return '';
  if (all.every((side) => side === all[0])) return `padded by ${all[0]}`;
  const words = sides.flatMap(({ before, after, names: [first, last, unit] }) => {
    const amount = (side: number): string => `${side} ${unit}${side === 1 ? '' : 's'}`;
    if (before === 0 && after === 0) return [];
    if (before === after) return [`${amount(before)} ${first} and ${last}`];
    return [
      [before > 0 ? `${amount(before)} ${first}` : '', after > 0 ? `${amount(after)} ${last}` : '']
        .filter(Boolean)
        .join(' and '),
    ];
  });
  return `padded by ${words.join(', ')}`;
}

/** `, in steps of 2, its places 2 apart`: strides and dilation, which are factors of indices. */
function stepWords(slid: Read, still: Read | undefined): string {
  const own = new Set((still?.at ?? []).flatMap((coordinate) => plainOrTurned(coordinate) ?? []));
  const factorsOf = (isOwn: boolean): number[] =>
    slid.at.flatMap(({ terms }) =>
      terms.size < 2 ? [] : [...terms].filter(([one]) => own.has(one) === isOwn).map(([, factor]) => factor),
    );
  const [steps, gaps] = [factorsOf(false), factorsOf(true)];
  const words = (factors: readonly number[]): string =>
    factors.every((one) => one === factors[0])
      ? String(factors[0])
      : factors.map((factor, axis) => `${factor} ${axis === 0 ? 'down' : 'across'}`).join(' and ');
  return [
    steps.some((one) => one !== 1) ? `, in steps of ${words(steps)}` : '',
    gaps.some((one) => one !== 1) ? `, its places ${words(gaps)} apart` : '',
  ].join('');
}

function plainOrTurned(coordinate: Affine): Index | undefined {
  if (coordinate.terms.size !== 1) return undefined;
  const [[one, factor = 0] = []] = coordinate.terms;
  return Math.abs(factor) === 1 ? (plainIndex(coordinate) ?? one) : undefined;
}
