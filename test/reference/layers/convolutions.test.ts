import { describe, expect, it } from 'vitest';
import { ones, parametersOf, run, upTo } from './run.ts';

describe('conv2d', () => {
  const conv2d = { type: 'conv2d', filters: 1, kernelSize: 2, useBias: false } as const;

  it('slides the kernel over the image as it is', () => {
    expect(run([3, 3, 1], conv2d, [1, 10, 100, 1000], upTo(9))).toEqual([5421, 6532, 8754, 9865]);
  });

  it('slides the kernel rotated by 180° with flipKernel', () => {
    expect(run([3, 3, 1], { ...conv2d, flipKernel: true }, [1000, 100, 10, 1], upTo(9))).toEqual([
      5421, 6532, 8754, 9865,
    ]);
  });

  it('puts the odd row and column of same padding at the bottom and right', () => {
    expect(run([2, 2, 1], { ...conv2d, padding: 'same' }, [1, 10, 100, 1000], upTo(4))).toEqual([4321, 402, 43, 4]);
  });

  it('pads as much as the last window needs, where a stride does not divide the image', () => {
    // Five places, stride 2: windows of 3 at −1, 1 and 3, one padded place at either end.
    const layer = { ...conv2d, kernelSize: [1, 3], strides: [1, 2], padding: 'same' };
    expect(run([1, 5, 1], layer, [1, 10, 100], upTo(5))).toEqual([210, 432, 54]);
    // Four places: windows at 0 and 2, and the one padded place is the last.
    expect(run([1, 4, 1], layer, [1, 10, 100], upTo(4))).toEqual([321, 43]);
  });

  it('pads nothing with same where the stride is larger than the kernel', () => {
    expect(run([1, 5, 1], { ...conv2d, kernelSize: 1, strides: 3, padding: 'same' }, [1], upTo(5))).toEqual([1, 4]);
  });

  it('pads each side by what the spec says', () => {
    const layer = { ...conv2d, kernelSize: 1, padding: [[1, 0], [0, 2]] }; // biome-ignore format: one line
    expect(run([1, 2, 1], layer, [3], [1, 2])).toEqual([0, 0, 0, 0, 3, 6, 0, 0]);
  });

  it('reads places that lie dilationRate apart', () => {
    const layer = { ...conv2d, kernelSize: [1, 3], dilationRate: [1, 2] };
    expect(run([1, 6, 1], layer, [1, 10, 100], upTo(6))).toEqual([531, 642]);
    // Seven places under the dilated kernel, of which 'same' at stride 1 pads four: two at either end.
    expect(run([1, 3, 1], { ...layer, padding: 'same' }, [1, 10, 100], upTo(3))).toEqual([310, 20, 31]);
  });

  it('lays its kernel out as height, width, channel, filter, with the bias after it', () => {
    const layer = { type: 'conv2d', filters: 3, kernelSize: [1, 2] } as const;
    // Columns are filters: the weights of one channel of one place lie side by side.
    const kernel = [1, 0, 1, 10, 0, 1, 100, 0, 1, 1000, 0, 1];
    expect(run([1, 2, 2], layer, [...kernel, 0.5, 0.25, 0.125], upTo(4))).toEqual([4321.5, 0.25, 10.125]);
  });

  it('gives each group of filters its own channels', () => {
    const layer = { type: 'conv2d', filters: 4, kernelSize: 1, groups: 2, useBias: false } as const;
    expect(parametersOf([1, 1, 4], layer)).toEqual({ kernel: [1, 1, 2, 4] });
    expect(run([1, 1, 4], layer, [1, 2, 1, 2, 10, 20, 10, 20], upTo(4))).toEqual([21, 42, 43, 86]);
  });

  it('refuses a kernel that does not fit the image', () => {
    expect(() => run([1, 1, 1], conv2d, ones(4), [1])).toThrow(RangeError);
  });
});

describe('depthwiseConv2d', () => {
  const depthwise = { type: 'depthwiseConv2d', kernelSize: 1, useBias: false } as const;

  it('gives each channel filters of its own, side by side', () => {
    const layer = { ...depthwise, depthMultiplier: 3, useBias: true };
    expect(parametersOf([1, 1, 2], layer)).toEqual({ kernel: [1, 1, 2, 3], bias: [6] });
    const kernel = [1, 10, 100, 2, 20, 200];
    expect(run([1, 1, 2], layer, [...kernel, 0, 0, 0, 0, 0, 0.5], [3, 4])).toEqual([3, 30, 300, 8, 80, 800.5]);
  });

  it('slides the kernel over the image as it is', () => {
    const layer = { ...depthwise, kernelSize: [1, 2], dilationRate: [1, 2], strides: [2, 1] };
    expect(run([3, 4, 1], layer, [1, 10], upTo(12))).toEqual([31, 42, 119, 130]);
  });

  it('pads as conv2d does', () => {
    const layer = { ...depthwise, kernelSize: [1, 2], padding: 'same' };
    expect(run([1, 3, 1], layer, [1, 10], upTo(3))).toEqual([21, 32, 3]);
    const padding = [[0, 0], [2, 0]]; // biome-ignore format: one line
    expect(run([1, 3, 1], { ...layer, padding }, [1, 10], upTo(3))).toEqual([0, 10, 21, 32]);
  });
});
