import { describe, expect, it } from 'vitest';
import { forward, layerShapes, parameterShapes } from '../../generator/reference/interpreter.ts';
import type { Network } from '../../generator/spec/network.ts';
import { networkOf, type RawLayer } from './normalize.ts';

const ones = (count: number): number[] => Array(count).fill(1);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k + 1);

/** The output of one layer on an image. */
function run(input: readonly number[], layer: RawLayer, parameters: readonly number[], values: readonly number[]) {
  return Array.from(forward(networkOf(input, layer), parameters, values));
}

const lastShape = (network: Network) => layerShapes(network).get(network.layers.at(-1)!.name);

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
    const network = networkOf([1, 1, 4], layer);
    expect(parameterShapes(network)).toEqual([{ name: 'conv2d1/kernel', shape: [1, 1, 2, 4], offset: 0 }]);
    expect(Array.from(forward(network, [1, 2, 1, 2, 10, 20, 10, 20], upTo(4)))).toEqual([21, 42, 43, 86]);
  });

  it('refuses a kernel that does not fit the image', () => {
    expect(() => run([1, 1, 1], conv2d, ones(4), [1])).toThrow(RangeError);
  });
});

describe('maxPooling2d', () => {
  it('gives the second seed its numbers', () => {
    const image = [1, 2, 3, 4, 8, 7, 5, 6, 9, 11, 12, 10, 10, 7, 13, 9];
    expect(run([4, 4, 1], { type: 'maxPooling2d' }, [], image)).toEqual([8, 6, 11, 13]);
  });

  it('never lets a padded place win', () => {
    expect(run([1, 3, 1], { type: 'maxPooling2d', padding: 'same' }, [], [-1, -2, -3])).toEqual([-1, -3]);
  });

  it('slides by its strides and leaves out the windows that do not fit', () => {
    const layer = { type: 'maxPooling2d', poolSize: [1, 3], strides: [1, 1] } as const;
    expect(run([1, 5, 1], layer, [], [5, 1, 2, 4, 3])).toEqual([5, 4, 4]);
    expect(run([3, 3, 1], { type: 'maxPooling2d' }, [], upTo(9))).toEqual([5]);
  });

  it('pools every channel by itself', () => {
    expect(run([2, 2, 2], { type: 'maxPooling2d' }, [], [1, -1, 2, -2, 3, -3, 4, -4])).toEqual([4, -1]);
  });

  it('hands a NaN on', () => {
    expect(run([2, 2, 1], { type: 'maxPooling2d' }, [], [1, Number.NaN, 3, 4])).toEqual([Number.NaN]);
  });

  it('refuses a window that lies wholly in padding', () => {
    const padding = [[2, 0], [0, 0]]; // biome-ignore format: one line
    expect(() => run([2, 2, 1], { type: 'maxPooling2d', padding }, [], upTo(4))).toThrow('wholly in padding');
  });
});

describe('averagePooling2d', () => {
  it('takes the mean of every window', () => {
    expect(run([2, 4, 1], { type: 'averagePooling2d' }, [], upTo(8))).toEqual([3.5, 5.5]);
  });

  it('counts only the real places', () => {
    expect(run([3, 3, 1], { type: 'averagePooling2d', padding: 'same' }, [], upTo(9))).toEqual([3, 4.5, 7.5, 9]);
  });
});

describe('dense', () => {
  it('lays its kernel out as input, unit, with the bias after it', () => {
    expect(run([2], { type: 'dense', units: 3 }, [1, 2, 3, 10, 20, 30, 0.5, 0, 0], [1, 2])).toEqual([21.5, 42, 63]);
  });

  it('leaves the bias out on request', () => {
    expect(run([2], { type: 'dense', units: 1, useBias: false }, [3, 4], [1, 2])).toEqual([11]);
  });
});

describe('the layers without parameters', () => {
  it('flatten to a row-major vector', () => {
    const network = networkOf([2, 1, 3], { type: 'flatten' });
    expect(lastShape(network)).toEqual([6]);
    expect(Array.from(forward(network, [], upTo(6)))).toEqual(upTo(6));
  });

  it('apply an activation and keep the shape', () => {
    const network = networkOf([1, 2, 2], { type: 'activation', activation: 'relu' });
    expect(lastShape(network)).toEqual([1, 2, 2]);
    expect(Array.from(forward(network, [], [-1, 2, -3, 4]))).toEqual([0, 2, 0, 4]);
  });
});
