import { describe, expect, it } from 'vitest';
import { parametersOf, run, shapeAfter, upTo } from './run.ts';

const transpose = { type: 'conv2dTranspose', filters: 1, kernelSize: [1, 3], useBias: false } as const;

describe('conv2dTranspose', () => {
  it('stamps the kernel at every place and adds up', () => {
    expect(run([1, 2, 1], transpose, [1, 10, 100], [1, 2])).toEqual([1, 12, 120, 200]);
    expect(run([1, 2, 1], { ...transpose, strides: [1, 2] }, [1, 10, 100], [1, 2])).toEqual([1, 10, 102, 20, 200]);
  });

  it('leaves gaps where the stride is larger than the kernel, behind the last stamp as well', () => {
    const layer = { ...transpose, strides: [1, 4], useBias: true };
    expect(run([1, 2, 1], layer, [1, 10, 100, 0.5], [1, 2])).toEqual([1.5, 10.5, 100.5, 0.5, 2.5, 20.5, 200.5, 0.5]);
    expect(run([1, 2, 1], { ...layer, padding: 'same' }, [1, 10, 100, 0], [1, 2])).toEqual([
      1, 10, 100, 0, 2, 20, 200, 0,
    ]);
    // An explicit padding cuts from the full output, which ends with the last stamp.
    const none = [[0, 0], [0, 0]]; // biome-ignore format: one line
    expect(run([1, 2, 1], { ...layer, padding: none }, [1, 10, 100, 0], [1, 2])).toEqual([1, 10, 100, 0, 2, 20, 200]);
  });

  it('cuts the smaller half of what overlaps at the top and left with same padding', () => {
    expect(run([1, 2, 1], { ...transpose, padding: 'same' }, [1, 10, 100], [1, 2])).toEqual([12, 120]);
    const even = { ...transpose, kernelSize: [1, 4], strides: [1, 1], padding: 'same' };
    expect(run([1, 2, 1], even, [1, 10, 100, 1000], [1, 2])).toEqual([12, 120]);
  });

  it('cuts what an explicit padding says from the full output', () => {
    const padding = [[0, 0], [1, 2]]; // biome-ignore format: one line
    expect(run([1, 3, 1], { ...transpose, padding }, [1, 10, 100], [1, 2, 3])).toEqual([12, 123]);
    expect(() => run([1, 1, 1], { ...transpose, padding }, [1, 10, 100], [1])).toThrow(RangeError);
  });

  it.each([
    ['valid', 3, 2, 7],
    ['valid', 2, 3, 9],
    ['same', 3, 2, 6],
    ['same', 2, 3, 9],
    [
      [
        [0, 0],
        [0, 1],
      ],
      3,
      2,
      6,
    ],
  ] as const)(
    'with padding %j, a kernel of %d and stride %d has the width of Keras',
    (padding, kernel, stride, width) => {
      const layer = { ...transpose, kernelSize: [1, kernel], strides: [1, stride], padding };
      expect(shapeAfter([1, 3, 1], layer)).toEqual([1, width, 1]);
    },
  );

  it('lays its kernel out as height, width, filter, channel, with the bias after it', () => {
    const layer = { type: 'conv2dTranspose', filters: 3, kernelSize: 1 } as const;
    expect(parametersOf([1, 1, 2], layer)).toEqual({ kernel: [1, 1, 3, 2], bias: [3] });
    expect(run([1, 1, 2], layer, [1, 10, 2, 20, 3, 30, 0, 0, 0.5], [4, 5])).toEqual([54, 108, 162.5]);
  });

  it('is the transpose of conv2d', () => {
    const convolution = { type: 'conv2d', filters: 2, kernelSize: [3, 2], strides: [2, 1], useBias: false } as const;
    const kernel = upTo(3 * 2 * 3 * 2).map(Math.sin);
    const [x, y] = [upTo(5 * 4 * 3).map(Math.cos), upTo(2 * 3 * 2).map((n) => Math.cos(3 * n))];
    const back = { ...convolution, type: 'conv2dTranspose', filters: 3 } as const;
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, n) => sum + value * b[n]!, 0);
    // ⟨conv x, y⟩ = ⟨x, convᵀ y⟩ with the very same kernel array.
    expect(dot(run([5, 4, 3], convolution, kernel, x), y)).toBeCloseTo(dot(x, run([2, 3, 2], back, kernel, y)), 12);
  });
});
