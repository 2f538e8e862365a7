import {
  type Affine,
  bounds,
  type Index,
  index,
  indicesOf,
  plain,
  plainIndex,
  plus,
  substituteAffine,
  winnersIn,
} from './affine.ts';
import type { Equation } from './equation.ts';
import { type Expression, mapReads, type Read, read } from './expression.ts';
import { gather } from './gather.ts';
import { type Names, namesBeside } from './names.ts';
import { substitute } from './substitute.ts';
import { storageOf, type Tensor } from './tensor.ts';

/** The scatter by which a gradient comes about, if there is exactly one. */
export function onlyContribution(contributions: readonly Equation[] | undefined): Equation | undefined {
  return contributions?.length === 1 ? contributions[0] : undefined;
}

/**
 * Behind a max pool almost all of dz is zero: dz[2i+u,2j+v,c] += du[i,j,c]·[k[i,j,c] = (u,v)]. As dz enters every other
 * gradient linearly, a sum over all its places equals the sum over the windows, taken at their winners:
 *
 *   Σ_{h,w} dz[h,w,o]·x[h+p,w+q]  =  Σ_{i,j} du[i,j,o]·x[2i+kᵤ+p,2j+kᵥ+q]      (kᵤ,kᵥ) = k[i,j,o]
 *
 * @param scatter a gradient read off dz, before it is gathered
 * @param upstream the scatter that fills dz
 * @returns the gathered equation over windows; undefined where dz is not of that kind or the target's own place would
 *   depend on the winner
 */
export function followWinners(scatter: Equation, upstream: Equation): Equation | undefined {
  const scattered = followWinnersScattered(scatter, upstream);
  if (scattered === undefined) return undefined;
  const gathered = gather(scattered);
  return gathered.at.some((coordinate) => winnersIn(coordinate).length > 0) ? undefined : gathered;
}

/** The same before it is gathered; the target's own place may depend on the winner. */
export function followWinnersScattered(scatter: Equation, source: Equation): Equation | undefined {
  const dz = findGradient(scatter.value, source.target);
  const upstream = dz === undefined ? source : inLettersOf(dz, source);
  const bracket = winnerBracketOf(upstream);
  if (bracket === undefined || dz === undefined) return undefined;
  const { digits, yes } = bracket;
  const by = new Map<Index, Affine>();
  for (const [axis, coordinate] of dz.at.entries()) {
    const place = plainIndex(coordinate);
    const target = upstream.at[axis] as Affine;
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
  const by = new Map<Index, Affine>();
  for (const [axis, coordinate] of dz.at.entries()) {
    const [own, other] = [plainIndex(coordinate), plainIndex(upstream.at[axis] as Affine)];
    if (own !== undefined && other !== undefined && own.size === other.size) by.set(other, plain(own));
  }
  return {
    ...upstream,
    at: upstream.at.map((one) => substituteAffine(one, by)),
    over: upstream.over.map((one) => plainIndex(by.get(one) ?? plain(one)) as Index),
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

/**
 * A read at a winner's place may fall outside its tensor, which is known only at run time. It reads a copy with a
 * border of zeros instead, so that it always hits something, and a term outside adds nothing as before.
 */
export function padBorders(equations: readonly Equation[], names: Names = namesBeside(equations)): readonly Equation[] {
  const borders = new Map<Tensor, [number, number][]>();
  const note = (r: Read): Read => {
    if (r.at.every((coordinate) => winnersIn(coordinate).length === 0)) return r;
    const known = borders.get(r.tensor) ?? r.tensor.shape.map(() => [0, 0] as [number, number]);
    borders.set(
      r.tensor,
      known.map(([before, after], axis) => {
        const needed = borderOf(r.at[axis] as Affine, r.tensor.shape[axis] as number);
        return [Math.max(before, needed[0]), Math.max(after, needed[1])];
      }),
    );
    return r;
  };
  for (const { value } of equations) mapReads(value, note);
  const copies = new Map([...borders].map(([tensor, border]) => [tensor, paddedTensor(tensor, border, names)]));
  const replaced = equations.map((one) => {
    const value = mapReads(one.value, (r) => {
      const isDynamic = r.at.some((coordinate) => winnersIn(coordinate).length > 0);
      const copy = isDynamic ? copies.get(r.tensor) : undefined;
      const border = borders.get(r.tensor) ?? [];
      return copy === undefined
        ? r
        : read(
            copy,
            r.at.map((coordinate, axis) => plus(coordinate, border[axis]?.[0] ?? 0)),
          );
    });
    return { ...one, value };
  });
  return [
    ...[...copies].map(([tensor, copy]) => copyEquation(tensor, copy, borders.get(tensor) ?? [], equations)),
    ...replaced,
  ];
}

/** Zeros needed before and after: no more than the winner can reach, no more than the coordinate leaves the axis. */
function borderOf(coordinate: Affine, size: number): [number, number] {
  const reach = winnersIn(coordinate).reduce(
    (total, [one, coefficient]) => total + Math.abs(coefficient) * (one.size - 1),
    0,
  );
  const { min, max } = bounds(coordinate);
  return [Math.min(reach, Math.max(-min, 0)), Math.min(reach, Math.max(max - size + 1, 0))];
}

function paddedTensor(tensor: Tensor, border: readonly [number, number][], names: Names): Tensor {
  const shape = tensor.shape.map((size, axis) => size + (border[axis]?.[0] ?? 0) + (border[axis]?.[1] ?? 0));
  return { name: names.fresh(`${storageOf(tensor).name}p`), shape, role: 'bordered', border };
}

function copyEquation(
  tensor: Tensor,
  copy: Tensor,
  border: readonly [number, number][],
  equations: readonly Equation[],
): Equation {
  const letters = ['h', 'w', 'c', 'o'];
  const at = tensor.shape.map((size, axis) => index(letters[axis] ?? `n${axis}`, size));
  const layer = equations.find(({ value }) => readsTensor(value, tensor))?.layer ?? '';
  return {
    target: copy,
    at: at.map((coordinate, axis) => plus(coordinate, border[axis]?.[0] ?? 0)),
    over: indicesOf(at),
    value: read(tensor, at),
    layer,
    pass: 'backward',
  };
}

function readsTensor(value: Expression, tensor: Tensor): boolean {
  let found = false;
  mapReads(value, (r) => {
    found ||= r.tensor === tensor && r.at.some((coordinate) => winnersIn(coordinate).length > 0);
    return r;
  });
  return found;
}
