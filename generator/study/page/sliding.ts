import type { PageAffine, PageEquation, PageRead } from './ir.ts';
import type { Machine } from './machine.ts';
import { gradientOf } from './relations.ts';

/** One way to compute a gradient by sliding, with all its numbers. */
export interface Way {
  readonly words: string;
  readonly values: readonly number[];
  /** One grid lies still, the other moves over it; absent for the plain sum. */
  readonly picture?: {
    readonly still: Grid;
    readonly moving: Grid;
    /** Row and column of the still grid under the moving one's first number, for a place of the result. */
    at(offset: number): readonly [number, number];
  };
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
  if (
    W === undefined ||
    dz === undefined ||
    reads.length !== 2 ||
    ![W, dz].every((one) => isFlat(tensors[one.tensor]?.shape ?? []))
  )
    return undefined;
  const isStep = (affine: PageAffine | undefined): boolean =>
    affine?.length === 5 && affine[2] === 1 && Math.abs(affine[4] ?? 0) === 1;
  const pair = isStep(dz.at[0]) && isStep(dz.at[1]) && equation.at.length >= 2;
  return pair ? { equation, dz, W } : undefined;
}

/** Rows of numbers. */
export type Grid = readonly (readonly number[])[];

const isFlat = (shape: readonly number[]): boolean => shape.length >= 2 && shape.slice(2).every((size) => size === 1);

function gridOf(machine: Machine, tensor: number): Grid {
  const [height = 1, width = 1] = machine.tensor(tensor).shape;
  const numbers = machine.numbersOf(tensor);
  return Array.from({ length: height }, (_, h) => [...numbers.subarray(h * width, (h + 1) * width)]);
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
    Array.from({ length: columns }, (_, w) => under(still, moving, [h, w])),
  );
}

/** Σ of the products of the moving grid and what lies under it; nothing lies outside. */
function under(still: Grid, moving: Grid, [top, left]: readonly [number, number]): number {
  let total = 0;
  for (const [p, row] of moving.entries())
    for (const [q, one] of row.entries()) total += (still[top + p]?.[left + q] ?? 0) * one;
  return total;
}

/** A gradient as its sum and as grids that slide; undefined where it is no such sum. */
export function slidingWays(machine: Machine, tensor: number): readonly Way[] | undefined {
  const gradient = gradientOf(machine, tensor);
  if (gradient === undefined) return undefined;
  const ways = inputWays(machine, tensor) ?? kernelWays(machine, tensor);
  return ways && [{ words: 'the sum', values: [...machine.numbersOf(gradient)] }, ...ways];
}

/** dx as dz padded under the kernel, and as the kernel padded under dz, turned: the first text's way. */
function inputWays(machine: Machine, tensor: number): readonly Way[] | undefined {
  const found = slidingOf(machine, tensor);
  if (found === undefined) return undefined;
  const [dz, W] = [gridOf(machine, found.dz.tensor), gridOf(machine, found.W.tensor)];
  const [kh, kw] = [W.length, W[0]?.length ?? 0];
  // The kernel as it lies over dz for the place [0, 0]: W's own index rises along dz or falls.
  const rises = isRising(found);
  const kernel = rises ? W : turn(W);
  const [wideDz, wideKernel] = [pad(dz, kh - 1, kw - 1), pad(kernel, dz.length - 1, (dz[0]?.length ?? 1) - 1)];
  const [whole, other] = [slide(wideDz, kernel), turn(slide(wideKernel, dz))];
  const [height = 1, width = 1] = machine.tensor(tensor).shape;
  const [before, left] = [cutOf(found, 0, kh), cutOf(found, 1, kw)];
  const cut = (grid: Grid): number[] =>
    grid.slice(before, before + height).flatMap((row) => row.slice(left, left + width));
  const placeOf = (n: number): readonly [number, number] => [before + Math.floor(n / width), left + (n % width)];
  const turned = (n: number): readonly [number, number] => {
    const [row, column] = placeOf(n);
    return [other.length - 1 - row, (other[0]?.length ?? 1) - 1 - column];
  };
  const [dzName, name] = [nameOf(machine, found.dz), nameOf(machine, found.W)];
  const WName = rises ? name : `${name} turned`;
  return [
    {
      words: `pad ${dzName} with zeros, slide ${WName}`,
      values: cut(whole),
      picture: { still: wideDz, moving: kernel, at: placeOf },
    },
    {
      words: `pad ${WName} with zeros, slide ${dzName}, turn what comes out`,
      values: cut(other),
      picture: { still: wideKernel, moving: dz, at: turned },
    },
  ];
}

/** Where the window lies along one axis for a place P of the kernel: sign·P + constant. */
interface Course {
  readonly sign: number;
  readonly constant: number;
}

/** dW as dz that slides over what the layer reads; what comes out is turned where the kernel was. */
function kernelWays(machine: Machine, tensor: number): readonly Way[] | undefined {
  const found = kernelSumOf(machine, tensor);
  if (found === undefined) return undefined;
  const { dz, s, down, across } = found;
  const [height = 1, width = 1] = machine.tensor(tensor).shape;
  const moving = gridOf(machine, dz.tensor);
  const lowest = ({ sign, constant }: Course, size: number): number => constant + (sign < 0 ? 1 - size : 0);
  const [top, left] = [Math.max(0, -lowest(down, height)), Math.max(0, -lowest(across, width))];
  const still = pad(gridOf(machine, s.tensor), top, left);
  const placeOf = (n: number): readonly [number, number] => [
    down.sign * Math.floor(n / width) + down.constant + top,
    across.sign * (n % width) + across.constant + left,
  ];
  const values = Array.from({ length: height * width }, (_, n) => under(still, moving, placeOf(n)));
  const padded = top + left > 0 ? ' padded with zeros' : '';
  const turned = down.sign < 0 || across.sign < 0 ? ', turn what comes out' : '';
  const words = `slide ${nameOf(machine, dz)} over ${nameOf(machine, s)}${padded}${turned}`;
  return [{ words, values, picture: { still, moving, at: placeOf } }];
}

/** A kernel's gradient that is one sum of dz times what the layer reads, without channels, at stride 1. */
function kernelSumOf(
  machine: Machine,
  tensor: number,
): { readonly dz: PageRead; readonly s: PageRead; readonly down: Course; readonly across: Course } | undefined {
  const { equations, tensors } = machine.data;
  const gradient = gradientOf(machine, tensor);
  const [equation, ...more] = equations.filter((one) => tensors[one.target]?.store === gradient);
  if (equation?.value.kind !== 'sum' || equation.value.body.kind !== 'times' || more.length > 0) return undefined;
  const { factors } = equation.value.body;
  const reads = factors.filter((one): one is PageRead => one.kind === 'read');
  const dz = reads.find((one) => tensors[one.tensor]?.role === 'gradient');
  const s = reads.find((one) => one !== dz);
  if (tensors[tensor]?.role !== 'parameter' || dz === undefined || s === undefined || factors.length !== 2)
    return undefined;
  if (![tensor, dz.tensor, s.tensor].every((one) => isFlat(tensors[one]?.shape ?? []))) return undefined;
  const [down, across] = [0, 1].map((axis) => courseOf(equation.at[axis], dz.at[axis], s.at[axis]));
  return down && across && { dz, s, down, across };
}

/** From dW[own], dz[along] and s[step], all along one axis. */
function courseOf(own?: PageAffine, along?: PageAffine, step?: PageAffine): Course | undefined {
  if (own?.length !== 3 || along?.length !== 3 || step?.length !== 5 || along[0] !== 0 || along[2] !== 1)
    return undefined;
  const [start = 0, index = -1, direction = 0] = own;
  const [constant = 0, first, firstFactor = 0, second, secondFactor = 0] = step;
  const factorOf = (one: number): number => (first === one ? firstFactor : second === one ? secondFactor : 0);
  const sign = factorOf(index) * direction;
  if (Math.abs(direction) !== 1 || Math.abs(sign) !== 1 || factorOf(along[1] ?? -1) !== 1) return undefined;
  return { sign, constant: constant - sign * start };
}

function nameOf(machine: Machine, read: PageRead): string {
  return machine.data.tensors[read.tensor]?.name ?? '';
}

function isRising({ dz, W }: Sliding): boolean {
  const inner = dz.at[0]?.[3];
  const affine = W.at.find((one) => one[1] === inner);
  const [along = 0, own = 0] = [dz.at[0]?.[4], affine?.[2]];
  return along * own > 0;
}

/** How many rows of the whole result lie before the first of dx: what the forward padding cut off. */
function cutOf({ dz }: Sliding, axis: 0 | 1, size: number): number {
  const [constant = 0, , , , factor = 0] = dz.at[axis] ?? [];
  const lowest = constant + Math.min(0, factor * (size - 1));
  return lowest + size - 1;
}
