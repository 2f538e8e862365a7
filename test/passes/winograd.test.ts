import { describe, expect, it } from 'vitest';
import { index, plus, times } from '../../generator/equations/affine.ts';
import { type Equation, equation } from '../../generator/equations/equation.ts';
import { add, multiply, read, sum } from '../../generator/equations/expression.ts';
import { sizeOf, type Tensor } from '../../generator/equations/tensor.ts';
import { verifyEquations } from '../../generator/equations/verify.ts';
import { type TileRule, winograd } from '../../generator/passes/winograd.ts';
import { printEquation } from '../../generator/print/equation.ts';
import { winogradTiles } from '../../generator/schedule/winogradTiles.ts';
import { interpret } from '../equations/interpret.ts';
import { programOf } from './programOf.ts';

interface Case {
  readonly image: readonly [number, number];
  readonly channels?: readonly [number, number];
  readonly kernel?: readonly [number, number];
  /** By how much the image is read before its first row and column. */
  readonly start?: readonly [number, number];
  /** The kernel turned by 180°, as a convolution of mathematics has it and the gradient of an input. */
  readonly isTurned?: boolean;
  /** The channels of the kernel in the other order, as in the gradient of an input. */
  readonly isSwapped?: boolean;
  readonly stride?: number;
}

/** z[h,w,o] = b[o] + Σ W·x over places where every window lies in the image or its border. */
function convolution(spec: Case) {
  const { image, channels = [8, 8], kernel = [3, 3], start = [0, 0], isTurned, isSwapped, stride = 1 } = spec;
  const [height, width] = image.map((size, n) => Math.floor((size + 2 * start[n]! - kernel[n]!) / stride) + 1);
  const x: Tensor = { name: 'x1', shape: [...image, channels[0]], role: 'input' };
  const shape = isSwapped ? [...kernel, channels[1], channels[0]] : [...kernel, ...channels];
  const W: Tensor = { name: 'W1', shape, role: 'parameter' };
  const b: Tensor = { name: 'b1', shape: [channels[1]], role: 'parameter' };
  const z: Tensor = { name: 'z1', shape: [height!, width!, channels[1]], role: 'value' };
  const [h, w, o] = [index('h', height!), index('w', width!), index('o', channels[1])];
  const [p, q, c] = [index('p', kernel[0]), index('q', kernel[1]), index('c', channels[0])];
  const slide = (place: typeof h, tap: typeof p, axis: 0 | 1) =>
    isTurned
      ? plus(times(stride, place), times(-1, tap), kernel[axis] - 1 - start[axis])
      : plus(times(stride, place), tap, -start[axis]);
  const product = multiply(
    read(W, isSwapped ? [p, q, o, c] : [p, q, c, o]),
    read(x, [slide(h, p, 0), slide(w, q, 1), c]),
  );
  const one = equation(z, [h, w, o], add(read(b, [o]), sum([p, q, c], product)), { layer: 'conv', pass: 'forward' });
  return { one, z, given: [x, W, b] };
}

function run(equations: readonly Equation[], given: readonly Tensor[], z: Tensor): readonly number[] {
  const numbers = (tensor: Tensor, n: number): number[] =>
    Array.from({ length: sizeOf(tensor) }, (_, i) => Math.sin(1 + n + 1.7 * i));
  return interpret(equations, new Map(given.map((tensor, n) => [tensor, numbers(tensor, n)]))).get(z)!;
}

function rewritten(spec: Case, tiles: TileRule = winogradTiles) {
  const { one, z, given } = convolution(spec);
  const notes: string[] = [];
  const { forward } = winograd(tiles).run(programOf([one], z), (note) => notes.push(note));
  return { one, z, given, forward, notes };
}

/** Few channels, which no form would take. */
const few = [2, 3] as const;

const cases: Readonly<Record<string, Case & { readonly tiles: readonly [number, number] }>> = {
  'tiles of 4×4 in a border of zeros': { image: [8, 8], channels: few, start: [1, 1], tiles: [4, 4] },
  'tiles of 4×4 without a border': { image: [10, 10], channels: few, tiles: [4, 4] },
  'tiles of 2×2': { image: [6, 6], channels: few, start: [1, 1], tiles: [2, 2] },
  'tiles that end outside, down and across': { image: [7, 6], channels: few, start: [1, 1], tiles: [4, 4] },
  'tiles of 2×2 for a kernel of 5×5': { image: [6, 6], channels: few, kernel: [5, 5], start: [2, 2], tiles: [2, 2] },
  'a kernel of 5×3': { image: [8, 8], channels: few, kernel: [5, 3], start: [2, 1], tiles: [2, 4] },
  'a kernel that is turned': { image: [8, 8], channels: few, start: [1, 1], isTurned: true, tiles: [4, 2] },
  'a kernel that is turned and whose channels are swapped': {
    image: [8, 8],
    channels: few,
    start: [1, 1],
    isTurned: true,
    isSwapped: true,
    tiles: [4, 4],
  },
};

describe('A convolution by transformed tiles', () => {
  it.each(Object.entries(cases))('is the same: %s', (_, spec) => {
    const { one, z, given, forward } = rewritten(spec, () => spec.tiles);
    expect(forward.map(({ target }) => target.name)).toEqual(['Gz1', 'Uz1', 'Dz1', 'Vz1', 'Mz1', 'Yz1', 'z1']);
    expect(verifyEquations(forward)).toEqual([]);
    const [before, after] = [run([one], given, z), run(forward, given, z)];
    const scale = Math.max(...before.map(Math.abs));
    expect(Math.max(...before.map((value, n) => Math.abs(value - after[n]!))) / scale).toBeLessThan(1e-13);
  });

  it('is seven equations that a reader can follow', () => {
    expect(rewritten({ image: [8, 8], start: [1, 1] }).forward.map((one) => printEquation(one))).toEqual([
      'Gz1[s,q,c,o] = Σ_p G43[s,p]·W1[p,q,c,o]',
      'Uz1[6s+t,c,o] = Σ_q G43[t,q]·Gz1[s,q,c,o]   where t < 6',
      'Dz1[s,i,w,c] = Σ_p B43[s,p]·x1[4i+p−1,w−1,c]   where p < 6',
      'Vz1[6s+t,2i+j,c] = Σ_q B43[t,q]·Dz1[s,i,4j+q,c]   where t,q < 6, j < 2',
      'Mz1[m,n,o] = Σ_c Vz1[m,n,c]·Uz1[m,c,o]',
      'Yz1[s,i,4j+b,o] = Σ_t A43[b,t]·Mz1[6s+t,2i+j,o]   where j < 2, b < 4, t < 6',
      'z1[4i+a,w,o] = b1[o] + Σ_s A43[a,s]·Yz1[s,i,w,o]   where a < 4',
    ]);
  });

  it.each<[string, Case, string[]]>([
    ['few channels', { image: [8, 8], channels: [4, 8] }, ['z1: tiles pay from 8 channels on both sides, here are 4']],
    ['few tiles', { image: [4, 4], start: [1, 1] }, ['z1: the transform of a kernel pays from 4 tiles, here are 1']],
    ['an odd number of rows', { image: [7, 8], start: [1, 1] }, ['z1: no tiles for a kernel of 3×3 over 7×8 places']],
    [
      'a kernel of 7×7',
      { image: [8, 8], kernel: [7, 7], start: [3, 3] },
      ['z1: no tiles for a kernel of 7×7 over 8×8 places'],
    ],
    ['a kernel of 1×1', { image: [8, 8], kernel: [1, 1] }, []],
    ['steps of 2', { image: [8, 8], stride: 2 }, []],
  ])('is none with %s', (_, spec, refusals) => {
    const { one, forward, notes } = rewritten(spec);
    expect(forward).toEqual([one]);
    expect(notes).toEqual(refusals);
  });

  it('is none where the kernel is computed from the image: its transform would be no work that is done once', () => {
    const { one, z } = convolution({ image: [8, 8], start: [1, 1] });
    const computed: Tensor = { name: 'W1', shape: [3, 3, 8, 8], role: 'value' };
    const value = JSON.stringify(one.value);
    const kernel = (tensor: Tensor): Tensor => (tensor.name === 'W1' ? computed : tensor);
    const term = one.value.kind === 'plus' ? one.value.terms[1]! : one.value;
    if (term.kind !== 'sum' || term.body.kind !== 'times') throw new Error(value);
    const factors = term.body.factors.map((factor) =>
      factor.kind === 'read' ? read(kernel(factor.tensor), factor.at) : factor,
    );
    const other = { ...one, value: { ...term, body: multiply(...factors) } };
    expect(winograd(winogradTiles).run(programOf([other], z), () => {}).forward).toEqual([other]);
  });
});
