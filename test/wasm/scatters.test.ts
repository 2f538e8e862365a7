import { describe, expect, it } from 'vitest';
import { dump } from '../../generator/index.ts';
import { sampleOf } from '../execution/sample.ts';
import { expectFewRoundings } from './expectFewRoundings.ts';

/** A convolution that is followed backwards by one with strides, so that its input's gradient is a scatter. */
const specOf = (channels: number, filters: number, options: object, type = 'conv2d') => ({
  name: 'strided',
  input: [9, 8, 3],
  layers: [
    { type: 'conv2d', filters: channels, kernelSize: 1, activation: 'tanh' },
    { type, filters, ...options, activation: 'tanh' },
  ],
});

describe('a scatter whose terms are added up first', () => {
  it.each([
    specOf(16, 8, { kernelSize: 3, strides: 2, padding: 'same' }),
    specOf(6, 5, { kernelSize: 3, strides: 2 }),
    specOf(5, 70, { kernelSize: [3, 5], strides: [2, 3], padding: 'same' }),
    specOf(3, 9, { kernelSize: 5, strides: 3, padding: 'same' }),
    specOf(1, 7, { kernelSize: 3, strides: 2 }),
    specOf(8, 4, { kernelSize: 3, strides: 2, dilationRate: 2 }),
    specOf(9, 6, { kernelSize: 3, strides: 2, padding: 'same' }, 'conv2dTranspose'),
    specOf(2, 3, { kernelSize: 4, strides: 3 }, 'conv2dTranspose'),
  ])('gives the numbers of float64: %o', async (spec) => {
    await expectFewRoundings(spec, sampleOf(spec, 1));
  });

  it('is computed four numbers at a time, from a copy of the kernel that a batch makes once', () => {
    const text = dump(specOf(16, 8, { kernelSize: 3, strides: 2, padding: 'same' }), 'wat', { form: 'wasm' });
    const from = text.search(/;; +da1\[2i\+p.*,c\] \+= Σ_o dz2\[i,j,o\]·W2ˡ\[p,q,o,c\]/);
    expect(from).toBeGreaterThan(0);
    const nest = text.slice(from, text.indexOf(';;', from + 2));
    expect(nest).toContain('f32x4.mul');
    expect(nest).not.toContain('f32.mul');
    expect(text.slice(text.indexOf('(export "backwardMany")'))).toMatch(/\(call \$prepare_\w+\)\s*\(loop/);
  });
});
