import { describe, expect, it } from 'vitest';
import { dump } from '../../generator/index.ts';
import { sampleOf } from '../execution/sample.ts';
import { expectFewRoundings } from './expectFewRoundings.ts';

const tanh = { activation: 'tanh' };
const same = { padding: 'same', ...tanh };

/** Layers between a convolution and a dense layer, so that all their gradients are computed. */
const specOf = (channels: number, ...layers: readonly object[]) => ({
  name: 'kernels',
  input: [7, 9, 2],
  layers: [
    { type: 'conv2d', filters: channels, kernelSize: 1, ...tanh },
    ...layers,
    { type: 'flatten' },
    { type: 'dense', units: 3 },
  ],
  loss: 'meanSquaredError',
});

/** Convolutions as sums: tiles have tests of their own. */
const planOf = (spec: object): string => dump(spec, 'plan', { form: 'wasm', winograd: false });

describe('sums of which each lane has its own numbers', () => {
  it.each([
    specOf(8, { type: 'depthwiseConv2d', kernelSize: 3, ...same }),
    specOf(6, { type: 'depthwiseConv2d', kernelSize: 3, ...same }),
    specOf(3, { type: 'depthwiseConv2d', kernelSize: 5, ...same }),
    specOf(1, { type: 'depthwiseConv2d', kernelSize: 3, ...tanh }),
    specOf(18, { type: 'depthwiseConv2d', kernelSize: [2, 7], ...same }),
    specOf(7, { type: 'depthwiseConv2d', kernelSize: 3, strides: 2, ...same }),
    specOf(5, { type: 'depthwiseConv2d', kernelSize: 2, dilationRate: 3, ...same }),
    specOf(4, { type: 'depthwiseConv2d', kernelSize: 3, depthMultiplier: 3, ...tanh }),
  ])('are those of float64: %o', async (spec) => {
    await expectFewRoundings(spec, sampleOf(spec, 1));
  });

  it('go over several places with one vector, the row of the kernel in registers', () => {
    const plan = planOf(specOf(8, { type: 'depthwiseConv2d', kernelSize: 3, ...same }));
    expect(plan).toContain('order i < 7, c < 8, j < 9, p < 3, q < 3; tile c by 1, j by 9; written out q < 3');
    expect(plan).toContain('order c < 8, p < 3, q < 3, i < 7, j < 9; tile c by 1, q by 3, p by 3');
  });
});

describe('channels that do not fill vectors', () => {
  it.each([5, 6, 7, 9, 10, 13, 18, 21, 22])('%i of them are those of float64', async (filters) => {
    const spec = specOf(filters, { type: 'conv2d', filters, kernelSize: 3, ...same });
    await expectFewRoundings(spec, sampleOf(spec, 1));
  });

  it('are computed in whole vectors, of which the last adds nothing to lanes of the one before it', () => {
    const spec = specOf(6, { type: 'conv2d', filters: 6, kernelSize: 3, ...same });
    expect(planOf(spec)).toMatch(/order p < 3, q < 3, c < 6, o < 6, .*tile o by 2.*, the last over the one before/);
    const text = dump(spec, 'wat', { form: 'wasm' });
    const nest = text.slice(text.indexOf(';;   dW2[p,q,c,o]'), text.indexOf(';;   da1[h,w,c]'));
    expect(nest).toContain('(v128.const i32x4 0 0 -1 -1)');
    expect(nest).not.toContain('f32.mul');
  });
});

describe('the gradient of a sum that something else reads too', () => {
  const spec = {
    name: 'skip',
    input: [6, 6, 3],
    layers: [
      { type: 'conv2d', name: 'stem', filters: 8, kernelSize: 3, ...same },
      { type: 'conv2d', name: 'inner', filters: 8, kernelSize: 3, ...same },
      { type: 'add', inputs: ['stem', 'inner'] },
    ],
  };

  it('reads a copy of the kernel in which its neighbours lie together', async () => {
    expect(dump(spec, 'equations', { form: 'wasm' })).toContain('da1[h,w,c] = dy1[h,w,c] + Σ');
    expect(planOf(spec)).toMatch(/order h < 6, w < 6, c < 8, p < 3, q < 3, o < 8; tile c by 2, w by 3/);
    await expectFewRoundings(spec, sampleOf(spec, 1));
  });
});

it('a sum along vectors of which some places have no term, as where a kernel reads padding alone, is a module that runs', async () => {
  const spec = {
    name: 'empty',
    input: [2, 1, 1],
    layers: [
      {
        type: 'depthwiseConv2d',
        padding: [
          [1, 0],
          [1, 2],
        ],
        dilationRate: [2, 1],
        kernelSize: [2, 1],
      },
    ],
  };
  await expectFewRoundings(spec, sampleOf(spec, 0));
});
