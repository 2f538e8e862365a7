import { type Affine, evaluateAffine, forEachPlace, indicesOf, type Place, plainIndex } from '../equations/affine.ts';
import type { Contribution, Equation } from '../equations/equation.ts';
import type { Read } from '../equations/expression.ts';
import { slidingForm } from '../equations/slide.ts';
import { coordinatesOf, offsetOf, sizeOf, storageOf, type Tensor } from '../equations/tensor.ts';
import { readsOf } from '../equations/visit.ts';
import { type Sliding, slidingOf } from './explain.ts';
import { Letters } from './letters.ts';
import { type Markup, plainText } from './markup.ts';
import { Notation } from './notation.ts';

/** One line of a derivation: what kind of step it is, a formula, and words around it. */
export interface DerivationStep {
  readonly kind: 'forward' | 'chain' | 'local' | 'solved' | 'result' | 'terms' | 'meets' | 'sliding';
  /** In the markup asked for; absent where words say it all. */
  readonly formula?: string;
  readonly words?: string;
}

/**
 * How a gradient comes about, from the equation that reads its tensor: the chain rule, the local derivative, the indices
 * solved, the result, how many terms it has and why, and how it slides. Empty for an equation that is no gradient.
 */
export function derivationOf(equation: Equation, markup: Markup = plainText): readonly DerivationStep[] {
  return (equation.because ?? []).flatMap((one) => contributionSteps(one, equation, markup));
}

/** The same as lines of plain text, for comments. */
export function printDerivation(equation: Equation): readonly string[] {
  const { name } = storageOf(equation.target);
  const because = equation.because ?? [];
  if (because.length === 0) return [];
  const lines = derivationOf(equation).map(({ kind, formula, words }) => {
    const text = [words, formula].filter((one) => one !== undefined).join(' ');
    return kind === 'meets' ? `  ${text}` : text;
  });
  const many = because.length > 1 ? [`${because.length} equations read it; what it does through each adds up.`] : [];
  return [`${name} = ∂L/∂${name.slice(1)}.`, ...many, ...lines];
}

function contributionSteps(one: Contribution, equation: Equation, markup: Markup): DerivationStep[] {
  const { source, read: r, local, gathered } = one;
  const notation = new Notation(markup);
  const letters = new Letters();
  for (const index of indicesOf(source.at)) letters.of(index);
  notation.expression(source.value, letters);
  const place = (tensor: Tensor, at: readonly Affine[]): string => notation.read({ kind: 'read', tensor, at }, letters);
  const t = place(source.target, source.at);
  const s = place(r.tensor, gathered.at);
  const isLoss = source.target.role === 'loss';
  const chain = isLoss ? markup.partial('L', s) : `${markup.partial('L', t)}${markup.apart}${markup.partial(t, s)}`;
  const summed = source.over.filter((index) => !indicesOf(gathered.at).includes(index));
  const names = summed.map((index) => markup.letter(letters.of(index)));
  const sum = names.length === 0 ? chain : markup.reduction('sum', names, chain);
  const ds = place(gathered.target, gathered.at);
  return [
    { kind: 'forward', words: 'It is read here:', formula: notation.equation(source, '=') },
    { kind: 'chain', words: 'The chain rule:', formula: `${ds}${markup.equals}${sum}` },
    {
      kind: 'local',
      words: 'where',
      formula: `${markup.partial(t, place(r.tensor, r.at))}${markup.equals}${notation.expression(local, letters)}`,
    },
    ...solvedSteps(one, notation, letters, markup),
    { kind: 'result', words: 'So:', formula: notation.equation(gathered, equation.because?.length === 1 ? '=' : '+=') },
    ...termSteps(one),
    ...meetings(one, notation, markup),
    ...slidingSteps(one),
  ];
}

/** How what comes out slides, and why so. */
function slidingSteps(one: Contribution): DerivationStep[] {
  const sliding = slidingOf(one.gathered);
  if (sliding === undefined) return [];
  return [{ kind: 'sliding', words: sliding.words }, ...whyTurned(one, sliding), ...bothWays(one, sliding)];
}

/** `h = i−p+1, that is i = h+p−1`: the places of the source that a place of the tensor meets. */
function solvedSteps(
  { source, read: r, gathered }: Contribution,
  notation: Notation,
  letters: Letters,
  markup: Markup,
): DerivationStep[] {
  const met = r.at.flatMap((coordinate, axis) => {
    const own = gathered.at[axis];
    const index = own && plainIndex(own);
    if (own === undefined || index === undefined || coordinate.terms.has(index)) return [];
    return [`${notation.affine(own, letters)}${markup.equals}${notation.affine(coordinate, letters)}`];
  });
  if (met.length === 0) return [];
  const dt = readsOf(gathered.value).find(({ tensor }) => tensor.role === 'gradient');
  const solved = source.at.flatMap((coordinate, axis) => {
    const at = dt?.at[axis];
    if (at === undefined || plainIndex(coordinate) === undefined || plainIndex(at) === plainIndex(coordinate))
      return [];
    return [`${notation.affine(coordinate, letters)}${markup.equals}${notation.affine(at, letters)}`];
  });
  const formula =
    solved.length === 0 ? met.join(', ') : `${met.join(', ')}${`,${markup.that('that is')}`}${solved.join(', ')}`;
  return [{ kind: 'solved', words: 'They meet where', formula }];
}

/** How many terms the elements of a gradient have, and why. */
function termSteps({ source, read: r, scatter }: Contribution): DerivationStep[] {
  const counts = countTerms(scatter);
  if (counts === undefined) return [];
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const plural = (n: number): string => `${n} ${n === 1 ? 'term' : 'terms'}`;
  const why = `as many as there are places of ${source.target.name} that read it`;
  const words =
    least === most
      ? `Each element has ${plural(most)}: ${why}.`
      : `An element has ${least} to ${plural(most)}: ${why}; ${storageOf(r.tensor).name} is read less often at its edge.`;
  return [{ kind: 'terms', words }];
}

const fewPlaces = 50_000;

/** The number of terms of each element; undefined where there are too many to count or winners decide. */
export function countTerms({ target, at, over, value }: Equation): readonly number[] | undefined {
  if (over.reduce((all, { size }) => all * size, 1) > fewPlaces || target.shape.length === 0) return undefined;
  const counts = new Array<number>(sizeOf(target)).fill(0);
  const reads = readsOf(value);
  if ([...at, ...reads.flatMap((r) => r.at)].some(({ terms }) => [...terms.keys()].some(({ winner }) => winner)))
    return undefined;
  const isInside = (r: Read, place: Place): boolean =>
    r.at.every(({ terms }) => [...terms.keys()].every((index) => place.has(index))) === false ||
    offsetOf(
      r.tensor.shape,
      r.at.map((one) => evaluateAffine(one, place)),
    ) !== undefined;
  forEachPlace(over, (place) => {
    const offset = offsetOf(
      target.shape,
      at.map((one) => evaluateAffine(one, place)),
    );
    if (offset !== undefined && reads.every((r) => isInside(r, place))) counts[offset] = (counts[offset] ?? 0) + 1;
  });
  return counts;
}

/** A small kernel's elements with what each meets, in the order in which the picture slides. */
function meetings({ read: r, local, scatter }: Contribution, notation: Notation, markup: Markup): DerivationStep[] {
  if (r.tensor.role !== 'parameter' || local.kind !== 'read' || sizeOf(r.tensor) > 9) return [];
  const met = new Map<number, string[]>();
  const places = scatter.over.reduce((all, { size }) => all * size, 1);
  if (places > 40 || places <= sizeOf(r.tensor)) return [];
  const element = (tensor: Tensor, at: readonly number[]): string =>
    notation.read({ kind: 'read', tensor, at: at.map((constant) => ({ constant, terms: new Map() })) }, new Letters());
  forEachPlace(scatter.over, (place) => {
    const offset = offsetOf(
      r.tensor.shape,
      r.at.map((one) => evaluateAffine(one, place)),
    );
    const at = local.at.map((one) => evaluateAffine(one, place));
    if (offset === undefined || offsetOf(local.tensor.shape, at) === undefined) return;
    met.set(offset, [...(met.get(offset) ?? []), element(local.tensor, at)]);
  });
  const isTurned =
    slidingForm(scatter) !== scatter || local.at.some(({ terms }) => [...terms.values()].some((factor) => factor < 0));
  const rows = [...met].sort(([a], [b]) => (isTurned ? b - a : a - b));
  return rows.map(([offset, others]) => ({
    kind: 'meets',
    formula: `${element(r.tensor, coordinatesOf(r.tensor.shape, offset))}${markup.that('meets')}${others.join(markup.listed)}`,
  }));
}

/** Why a kernel's gradient comes out turned: its last element meets the places where the slide begins. */
function whyTurned({ gathered }: Contribution, { isKernel, isTurned }: Sliding): DerivationStep[] {
  if (isKernel || !isTurned) return [];
  const { name, shape } = gathered.target;
  const [height = 1, width = 1] = shape;
  if (shape.slice(2).some((size) => size > 1)) return [];
  const corner = (row: number, column: number): string =>
    `${name}[${[row, column].filter((_, axis) => shape[axis] !== 1).join(',')}]`;
  const words = `The first place of the slide gives ${corner(height - 1, width - 1)}, the last ${corner(0, 0)}: that is why it is turned.`;
  return [{ kind: 'sliding', words }];
}

/** A convolution's input gradient, both ways. */
function bothWays({ local, gathered }: Contribution, { isKernel, isPadded, isTurned }: Sliding): DerivationStep[] {
  if (!isKernel || !isPadded || local.kind !== 'read') return [];
  const [W, dz] = [
    local.tensor.name,
    readsOf(gathered.value).find(({ tensor }) => tensor.role === 'gradient')?.tensor.name,
  ];
  const forward = isTurned ? 'as it is, so backward it slides turned' : 'turned, so backward it slides as it is';
  return [
    { kind: 'sliding', words: `Forward ${W} slides ${forward}.` },
    {
      kind: 'sliding',
      words: `The same numbers: pad ${W} with zeros instead, slide ${dz} over it, turn what comes out by 180° where needed.`,
    },
  ];
}
