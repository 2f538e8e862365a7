import type { PageAffine, PageEquation, PageRead } from './ir.ts';
import type { Machine } from './machine.ts';
import { gradientOf } from './relations.ts';

/** One way to compute a gradient by sliding, with all its numbers. */
export interface Way {
  readonly words: string;
  readonly values: readonly number[];
}

interface Sliding {
  readonly equation: PageEquation;
  readonly dz: PageRead;
  readonly W: PageRead;
}

/** A gradient that is one sum of dz times a kernel on a picture without channels, at stride 1. */
function slidingOf(machine: Machine, tensor: number): Sliding | undefined {
  const gradient = gradientOf(machine, tensor);
  const { equations, tensors } = machine.data;
  const own = equations.filter((one) => tensors[one.target]?.store === gradient);
  const [equation] = own;
  if (
    equation === undefined ||
    own.length !== 1 ||
    equation.value.kind !== 'sum' ||
    equation.value.body.kind !== 'times'
  )
    return undefined;
  const reads = equation.value.body.factors.filter((one): one is PageRead => one.kind === 'read');
  const W = reads.find((one) => tensors[one.tensor]?.role === 'parameter');
  const dz = reads.find((one) => tensors[one.tensor]?.role === 'gradient');
  const isFlat = (one: PageRead): boolean => tensors[one.tensor]?.shape.slice(2).every((size) => size === 1) === true;
  if (W === undefined || dz === undefined || reads.length !== 2 || !isFlat(W) || !isFlat(dz)) return undefined;
  const isStep = (affine: PageAffine | undefined): boolean =>
    affine?.length === 5 && affine[2] === 1 && Math.abs(affine[4] as number) === 1;
  const pair = isStep(dz.at[0]) && isStep(dz.at[1]) && equation.at.length >= 2;
  return pair ? { equation, dz, W } : undefined;
}

type Grid = readonly (readonly number[])[];

function gridOf(machine: Machine, tensor: number): Grid {
  const [height, width] = (machine.data.tensors[tensor] as { shape: readonly number[] }).shape as readonly [
    number,
    number,
  ];
  const numbers = machine.numbers[tensor] as Float64Array;
  return Array.from({ length: height }, (_, h) =>
    Array.from({ length: width }, (_, w) => numbers[h * width + w] as number),
  );
}

const turn = (grid: Grid): Grid => grid.map((row) => [...row].reverse()).reverse();

function pad(grid: Grid, rows: number, columns: number): Grid {
  const width = (grid[0]?.length ?? 0) + 2 * columns;
  const empty = Array.from({ length: rows }, () => new Array<number>(width).fill(0));
  const zeros = new Array<number>(columns).fill(0);
  return [...empty, ...grid.map((row) => [...zeros, ...row, ...zeros]), ...empty];
}

/** Each place of the still grid under the top left corner of the moving one: Σ products. */
function slide(still: Grid, moving: Grid): Grid {
  const [height, width] = [moving.length, moving[0]?.length ?? 0];
  const rows = still.length - height + 1;
  const columns = (still[0]?.length ?? 0) - width + 1;
  return Array.from({ length: rows }, (_, h) =>
    Array.from({ length: columns }, (_, w) => {
      let sum = 0;
      for (let p = 0; p < height; p++)
        for (let q = 0; q < width; q++) sum += (still[h + p]?.[w + q] as number) * (moving[p]?.[q] as number);
      return sum;
    }),
  );
}

/** dx as its sum, as dz padded under the kernel, and as the kernel padded under dz, turned: the first text's way. */
export function slidingWays(machine: Machine, tensor: number): readonly Way[] | undefined {
  const found = slidingOf(machine, tensor);
  if (found === undefined) return undefined;
  const gradient = gradientOf(machine, tensor) as number;
  const [dz, W] = [gridOf(machine, found.dz.tensor), gridOf(machine, found.W.tensor)];
  const [kh, kw] = [W.length, W[0]?.length ?? 0];
  // The kernel as it lies over dz for the place [0, 0]: W's own index rises along dz or falls.
  const rises = isRising(found);
  const kernel = rises ? W : turn(W);
  const whole = slide(pad(dz, kh - 1, kw - 1), kernel);
  const other = turn(slide(pad(kernel, dz.length - 1, (dz[0]?.length ?? 1) - 1), dz));
  const shape = machine.data.tensors[gradient]?.shape as readonly number[];
  const [before, left] = [cutOf(found, 0, kh), cutOf(found, 1, kw)];
  const cut = (grid: Grid): number[] =>
    grid.slice(before, before + (shape[0] as number)).flatMap((row) => row.slice(left, left + (shape[1] as number)));
  const names = (n: number): string => machine.data.tensors[n]?.name ?? '';
  const [dzName, WName] = [names(found.dz.tensor), names(found.W.tensor)];
  return [
    { words: 'the sum', values: [...(machine.numbers[gradient] as Float64Array)] },
    { words: `pad ${dzName} with zeros, slide ${rises ? WName : `${WName} turned`}`, values: cut(whole) },
    {
      words: `pad ${rises ? WName : `${WName} turned`} with zeros, slide ${dzName}, turn what comes out`,
      values: cut(other),
    },
  ];
}

function isRising({ dz, W }: Sliding): boolean {
  const inner = dz.at[0]?.[3];
  const affine = W.at.find((one) => one[1] === inner);
  const [along, own] = [dz.at[0]?.[4] as number, affine?.[2] as number];
  return along * own > 0;
}

/** How many rows of the whole result lie before the first of dx: what the forward padding cut off. */
function cutOf({ dz }: Sliding, axis: 0 | 1, size: number): number {
  const affine = dz.at[axis] as PageAffine;
  const lowest = (affine[0] as number) + Math.min(0, (affine[4] as number) * (size - 1));
  return lowest + size - 1;
}
