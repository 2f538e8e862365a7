import { describe, expect, it } from 'vitest';
import { type Affine, index } from '../../generator/equations/affine.ts';
import { type Equation, equation } from '../../generator/equations/equation.ts';
import {
  add,
  call,
  type Expression,
  logSumExp,
  max,
  multiply,
  read,
  subtract,
  sum,
} from '../../generator/equations/expression.ts';
import { Names, reservedNames } from '../../generator/equations/names.ts';
import { storageOf, type Tensor } from '../../generator/equations/tensor.ts';
import { verifyEquations } from '../../generator/equations/verify.ts';
import { writeStep } from '../../generator/layers/optimizers.ts';
import { commuteMaxima } from '../../generator/passes/commuteMaxima.ts';
import { deriveBackward } from '../../generator/passes/derive.ts';
import { shareExponentials } from '../../generator/passes/shareExponentials.ts';
import { targetsLast } from '../../generator/passes/targetsLast.ts';
import { programOf } from '../passes/programOf.ts';

const home = { pass: 'forward', layer: 'test' } as const;
const tensor = (name: string, shape: readonly number[], role: Tensor['role'] = 'value'): Tensor => ({
  name,
  shape,
  role,
});
const x = tensor('x', [4], 'input');
const n = index('n', 4);
const everywhere = (target: Tensor, value: Expression, at: readonly Affine[] = [n]): Equation =>
  equation(target, at, value, home);

const ignore = (): void => {};

/** Tensors that are computed, by name; two of one name are a fault. */
function targetsOf(equations: readonly Equation[]): string[] {
  expect(verifyEquations(equations).filter((fault) => fault.startsWith('two tensors'))).toEqual([]);
  return [...new Set(equations.map(({ target }) => storageOf(target)))].map(({ name }) => name);
}

/** A relu, its largest places, and a layer that uses the letters that rewrites like. */
const [z1, a1, y1] = [tensor('z1', [4]), tensor('a1', [4]), tensor('y1', [2])];
const [w, p] = [index('i', 2), index('p', 2)];
const pooled = (taken: readonly string[]): Equation[] => [
  everywhere(z1, multiply(read(x, [n]), read(x, [n]))),
  ...taken.map((name) => everywhere(tensor(name, [4]), read(z1, [n]))),
  everywhere(a1, call('relu', read(z1, [n]))),
  everywhere(
    y1,
    max(
      [p],
      read(a1, [{ constant: 0, terms: new Map([...[...w.terms.keys()].map((one) => [one, 2] as const), ...p.terms]) }]),
    ),
    [w],
  ),
];

describe('A name is given once', () => {
  it('to a maximum that changes places with a relu', () => {
    expect(targetsOf(commuteMaxima.run(programOf(pooled(['u1']), y1), ignore).forward)).toEqual([
      'z1',
      'u1',
      'u2',
      'y1',
    ]);
  });

  it('to gradients and winners', () => {
    const derived = deriveBackward(pooled(['dz1', 'k1', 'dy1']), y1, new Set([x]));
    const names = targetsOf([...derived.forward, ...derived.backward]);
    expect(names).toEqual(['z1', 'dz1', 'k1', 'dy1', 'a1', 'y1', 'k2', 'da1', 'dz2', 'dx']);
  });

  it('to the exponentials of a softmax and their sum', () => {
    const [e1, S1, l1, m] = [tensor('e1', [4]), tensor('S1', [4]), tensor('l1', [1]), tensor('m1', [1], 'shift')];
    const at = index('n', 1);
    const forward = [
      everywhere(e1, read(x, [n])),
      everywhere(S1, read(x, [n])),
      everywhere(l1, logSumExp([n], subtract(read(x, [n]), read(m, [at]))), [at]),
    ];
    expect(targetsOf(shareExponentials.run(programOf(forward, l1), ignore).forward)).toEqual([
      'e1',
      'S1',
      'e2',
      'S2',
      'r1',
      'l1',
    ]);
  });

  it('to two copies of one kernel, each turned in its own way', () => {
    const W = tensor('W1', [4, 4, 4], 'parameter');
    const [y2, y3] = [tensor('y2', [4, 4]), tensor('y3', [4, 4])];
    const [i, j, c] = [index('i', 4), index('j', 4), index('c', 4)];
    const product = (at: readonly Affine[]): Expression => sum([c], multiply(read(x, [c]), read(W, at)));
    const forward = [everywhere(y2, product([j, i, c]), [i, j]), everywhere(y3, product([i, j, c]), [i, j])];
    expect(targetsOf(targetsLast(0).run(programOf(forward, y3), ignore).forward).sort()).toEqual([
      'W1ˡ',
      'W1ˡ2',
      'y2',
      'y3',
    ]);
  });

  it('to what an optimiser keeps, whatever the network has', () => {
    const { state, equations } = writeStep(
      { type: 'momentum', momentum: 0.9, nesterov: false },
      3,
      undefined,
      new Names(['v']),
    );
    expect(state.map(({ name }) => name)).toEqual(['v2']);
    expect(targetsOf(equations)).toEqual(['v2', 'parameters']);
  });

  it('and never to a tensor where emitted code has it for something else', () => {
    const names = new Names();
    expect(reservedNames.map((name) => names.fresh(name)).filter((name) => reservedNames.includes(name))).toEqual([]);
    expect([names.fresh('W1'), names.fresh('W1'), names.fresh('W1ᵀ'), names.fresh('W1ᵀ')]).toEqual([
      'W1',
      'W2',
      'W1ᵀ',
      'W1ᵀ2',
    ]);
  });
});

it('A sum of two values needs no new name', () => {
  expect(targetsOf([everywhere(z1, add(read(x, [n]), read(x, [n])))])).toEqual(['z1']);
});
