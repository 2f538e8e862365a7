import { type Affine, bounds, index, indicesOf, plus, winnersIn } from '../equations/affine.ts';
import type { Equation } from '../equations/equation.ts';
import { type Expression, type Read, read } from '../equations/expression.ts';
import type { Names } from '../equations/names.ts';
import { mapReads } from '../equations/rewrite.ts';
import { storageOf, type Tensor } from '../equations/tensor.ts';
import type { Pass } from './pass.ts';

/**
 * A read at a winner's place may fall outside its tensor, which is known only at run time. It reads a copy with a
 * border of zeros instead, so that it always hits something, and a term outside adds nothing as before.
 */
export const padBorders: Pass<'program'> = {
  name: 'padBorders',
  does: "a read at a winner's place, which may fall outside, is one of a copy with a border of zeros",
  gives: 'program',
  rewrite: 'dW[p] = Σ_i du[i]·x[2i+k+p−1]   →   xp[h+1] = x[h]; dW[p] = Σ_i du[i]·xp[2i+k+p]',
  run(program) {
    const isGradient = (one: Equation): boolean => one.pass === 'backward';
    const { backward } = program;
    const names = program.names.copy();
    const padded = bordered(backward.filter(isGradient), names);
    return { ...program, names, backward: [...backward.filter((one) => !isGradient(one)), ...padded] };
  },
};

function bordered(equations: readonly Equation[], names: Names): readonly Equation[] {
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
  const outside = [...borders].filter(([, border]) => border.some(([before, after]) => before + after > 0));
  const copies = new Map(outside.map(([tensor, border]) => [tensor, paddedTensor(tensor, border, names)]));
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
