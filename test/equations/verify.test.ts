import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Index, plain } from '../../generator/equations/affine.ts';
import { type Equation, equation } from '../../generator/equations/equation.ts';
import { read, sumOver } from '../../generator/equations/expression.ts';
import type { Tensor } from '../../generator/equations/tensor.ts';
import { verifyEquations, verifyProgram } from '../../generator/equations/verify.ts';
import type { NetworkSpec } from '../../generator/index.ts';
import { stages } from '../../generator/pipeline.ts';
import { calledPasses } from '../../generator/schedule/calledPass.ts';
import { arbitrarySpec } from '../execution/arbitrarySpec.ts';
import { arbitraryWide } from '../wasm/arbitraryWide.ts';

const [i, c]: Index[] = [
  { name: 'i', size: 2 },
  { name: 'c', size: 2 },
];
const tensor = (name: string, shape: readonly number[], role: Tensor['role'] = 'value'): Tensor => ({
  name,
  shape,
  role,
});
const [x, y, z] = [tensor('x', [2, 2], 'input'), tensor('y', [2]), tensor('z', [2])];
const home = { layer: 'test', pass: 'forward' } as const;
const sums = equation(y, [plain(i)], sumOver([c], read(x, [plain(i), plain(c)])), home);

describe('What cannot be an equation is told', () => {
  it.each<[string, readonly Equation[], string]>([
    ['an index bound twice', [{ ...sums, over: [i, c] }], 'y: c is bound twice'],
    ['an index without a value', [equation(y, [plain(i)], read(x, [plain(i), plain(c)]), home)], 'y: c has no value'],
    [
      'a sum over an index on which nothing depends',
      [equation(y, [plain(i)], sumOver([c], read(z, [plain(i)])), home)],
      'y: a sum over c, on which no term depends',
    ],
    [
      'two tensors of one name',
      [sums, equation(tensor('y', [2]), [plain(i)], read(z, [plain(i)]), home)],
      'two tensors are called y',
    ],
    [
      'a gradient in the forward pass',
      [equation(y, [plain(i)], read(tensor('dz', [2], 'gradient'), [plain(i)]), home)],
      'y: forward reads the gradient dz',
    ],
    [
      'a tensor that is read before it is complete',
      [equation(z, [plain(i)], read(y, [plain(i)]), home), sums],
      'z: reads y before it is complete',
    ],
  ])('%s', (_, equations, fault) => {
    expect(verifyEquations(equations)).toEqual([fault]);
  });

  it('and a right one is not', () => expect(verifyEquations([sums])).toEqual([]));
});

const samples: readonly NetworkSpec[] = [
  ...fc.sample(arbitrarySpec, { numRuns: 15, seed: 1 }),
  ...fc.sample(arbitraryWide, { numRuns: 15, seed: 1 }),
];

describe.each(['unrolled', 'fast', 'wasm'] as const)('The equations of random networks for %s', (form) => {
  const options = { form, inputGradient: true, maxTerms: 1e9 };
  const programs = samples.map((spec) => stages.equations(stages.shape(stages.parse(spec)), options));

  it('hold once they are derived', () => {
    expect(
      programs.flatMap((program, n) =>
        verifyProgram(program).map((fault) => `${fault} in ${JSON.stringify(samples[n])}`),
      ),
    ).toEqual([]);
  });

  if (form === 'unrolled') return;
  it('and once they are rewritten for loops', () => {
    const faults = programs.flatMap((program, n) => {
      const planned = stages.plan(program, options);
      if (planned.form === 'unrolled') return ['not planned as loops'];
      const { functions, prepare, finish } = planned.plan;
      const [forward, loss, backward] = calledPasses.map((pass) => functions.filter((one) => one.pass === pass));
      const inOrder = [...forward!, ...loss!, ...prepare, ...backward!, ...finish];
      const equations = inOrder.flatMap(({ nests }) => nests.flatMap((nest) => nest.equations));
      return verifyEquations(equations).map((fault) => `${fault} in ${JSON.stringify(samples[n])}`);
    });
    expect(faults).toEqual([]);
  });
});
