import { pairsOf } from '../lists.ts';
import { type Affine, type Index, plain, plainIndex, substituteAffine, winnersIn } from './affine.ts';
import type { Equation, Program } from './equation.ts';
import type { Expression, Read } from './expression.ts';
import { mapReads } from './rewrite.ts';
import { substitute } from './substitute.ts';
import { storageOf, type Tensor } from './tensor.ts';
import { forEachRead } from './visit.ts';

/** For each term of a gradient the only scatter that fills the gradient which it reads, if there is just one. */
export function upstreamOf({ backward, outputGradient }: Program): (scatter: Equation) => Equation | undefined {
  const filled = new Map<Tensor, Equation | undefined>();
  for (const one of backward) {
    const target = storageOf(one.target);
    filled.set(target, filled.has(target) ? undefined : one);
  }
  if (outputGradient !== undefined) filled.set(storageOf(outputGradient), undefined);
  const gradients = new Map(
    backward.flatMap(({ target, because = [] }) =>
      because.map(({ read }) => [storageOf(read.tensor), storageOf(target)] as const),
    ),
  );
  return ({ because }) => {
    const [origin] = because ?? [];
    const gradient = origin && gradients.get(origin.source.target);
    return gradient && filled.get(gradient);
  };
}

/** The same with every term of a gradient rewritten; its reasons say how it is computed. */
export function mapGradients(program: Program, change: (scatter: Equation) => Equation): Program {
  const backward = program.backward.map((one) => {
    if (one.pass !== 'backward') return one;
    const gathered = change(one);
    return gathered === one
      ? one
      : { ...gathered, ...(one.because && { because: one.because.map((why) => ({ ...why, gathered })) }) };
  });
  return { ...program, backward };
}

/**
 * Behind a max pool almost all of dz is zero: dz[2i+u,2j+v,c] += du[i,j,c]·[k[i,j,c] = (u,v)]. As dz enters every other
 * gradient linearly, a sum over all its places equals the sum over the windows, taken at their winners:
 *
 *   Σ_{h,w} dz[h,w,o]·x[h+p,w+q]  =  Σ_{i,j} du[i,j,o]·x[2i+kᵤ+p,2j+kᵥ+q]      (kᵤ,kᵥ) = k[i,j,o]
 *
 * @param scatter a gradient read off dz, before it is gathered
 * @param source the scatter that fills dz
 * @returns the term over windows, whose target's own place may depend on the winner; undefined where dz is not of that kind
 */
export function alongWinnersOf(scatter: Equation, source: Equation): Equation | undefined {
  const dz = findGradient(scatter.value, source.target);
  const upstream = dz === undefined ? source : inLettersOf(dz, source);
  const bracket = winnerBracketOf(upstream);
  if (bracket === undefined || dz === undefined) return undefined;
  const { digits, yes } = bracket;
  const by = new Map<Index, Affine>();
  for (const [coordinate, target] of pairsOf(dz.at, upstream.at)) {
    const place = plainIndex(coordinate);
    if (place !== undefined) by.set(place, substituteAffine(target, digits));
    else if (coordinate.terms.size > 0 || target.terms.size > 0 || coordinate.constant !== target.constant)
      return undefined;
  }
  const value = mapReads(substitute(scatter.value, by), (r) => (r.tensor === upstream.target ? undefined : r), yes);
  const windows = upstream.over.filter((one) => !digits.has(one));
  const over = [...windows, ...scatter.over.filter((one) => !by.has(one) && !windows.includes(one))];
  return { ...scatter, at: scatter.at.map((one) => substituteAffine(one, by)), over, value };
}

/** The scatter that fills dz, its plain indices named as in the read of dz: the filter keeps its letter. */
function inLettersOf(dz: Read, upstream: Equation): Equation {
  const renamed = new Map<Index, Index>();
  for (const [coordinate, theirs] of pairsOf(dz.at, upstream.at)) {
    const [own, other] = [plainIndex(coordinate), plainIndex(theirs)];
    if (own !== undefined && other !== undefined && own.size === other.size) renamed.set(other, own);
  }
  const by = new Map([...renamed].map(([other, own]) => [other, plain(own)] as const));
  return {
    ...upstream,
    at: upstream.at.map((one) => substituteAffine(one, by)),
    over: upstream.over.map((one) => renamed.get(one) ?? one),
    value: substitute(upstream.value, by),
  };
}

/** Σ_{p,q} value·[k = (p,q)] is the value at the winner: no loop over the window. */
export function resolveWinner(scatter: Equation): Equation | undefined {
  const bracket = winnerBracketOf(scatter);
  if (bracket === undefined) return undefined;
  const { digits, yes } = bracket;
  return {
    ...scatter,
    at: scatter.at.map((coordinate) => substituteAffine(coordinate, digits)),
    over: scatter.over.filter((one) => !digits.has(one)),
    value: substitute(yes, digits),
  };
}

/** What a value of the form yes·[k = (p,q)] says: p and q are digits of the winner's number. */
function winnerBracketOf({
  value,
}: Equation): { readonly digits: ReadonlyMap<Index, Affine>; readonly yes: Expression } | undefined {
  if (value.kind !== 'where' || value.condition.kind !== 'winner' || !isZero(value.no)) return undefined;
  const { winner, at, sizes } = value.condition;
  const digits = new Map<Index, Affine>();
  for (const [axis, coordinate] of at.entries()) {
    if (coordinate.terms.size === 0 && coordinate.constant === 0) continue;
    const place = plainIndex(coordinate);
    if (place === undefined) return undefined;
    const name = `${winner.tensor.name}${'ᵤᵥ'[axis] ?? ''}`;
    digits.set(place, plain({ name, size: place.size, winner: { read: winner, sizes, axis } }));
  }
  return { digits, yes: value.yes };
}

const isZero = (e: Expression): boolean => e.kind === 'number' && e.value === 0;

/** The one factor that reads dz in a product. */
function findGradient(value: Expression, gradient: Tensor): Read | undefined {
  const factors = value.kind === 'times' ? value.factors : [value];
  const reads = factors.filter((factor): factor is Read => factor.kind === 'read' && factor.tensor === gradient);
  const others = factors.filter((factor) => factor.kind !== 'read');
  return reads.length === 1 && others.length === 0 ? reads[0] : undefined;
}

/** Whether a place in an equation is known only at run time. */
export function isAlongWinners({ at, value }: Equation): boolean {
  let isDynamic = at.some((coordinate) => winnersIn(coordinate).length > 0);
  forEachRead(value, false, (r) => {
    isDynamic ||= r.at.some((coordinate) => winnersIn(coordinate).length > 0);
  });
  return isDynamic;
}
