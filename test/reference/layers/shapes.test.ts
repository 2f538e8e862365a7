import { describe, expect, it } from 'vitest';
import { run, shapeAfter, upTo } from './run.ts';

describe('the layers that move numbers', () => {
  it('flatten to a row-major vector', () => {
    expect(shapeAfter([2, 1, 3], { type: 'flatten' })).toEqual([6]);
    expect(run([2, 1, 3], { type: 'flatten' }, [], upTo(6))).toEqual(upTo(6));
  });

  it('reshape to any shape of as many numbers', () => {
    const layer = { type: 'reshape', shape: [1, 3, 2] } as const;
    expect(shapeAfter([6], layer)).toEqual([1, 3, 2]);
    expect(run([3, 2, 1], layer, [], upTo(6))).toEqual(upTo(6));
    expect(() => run([5], layer, [], upTo(5))).toThrow('expected a shape of 5 numbers, found 6');
  });

  it('put zeros on each side of an image', () => {
    const padding = [[1, 0], [0, 2]]; // biome-ignore format: one line
    expect(shapeAfter([1, 2, 2], { type: 'zeroPadding2d', padding })).toEqual([2, 4, 2]);
    expect(run([1, 2, 1], { type: 'zeroPadding2d', padding }, [], [1, 2])).toEqual([0, 0, 0, 0, 1, 2, 0, 0]);
  });

  it('repeat every place of an image', () => {
    const layer = { type: 'upSampling2d', size: [2, 3] } as const;
    expect(shapeAfter([1, 2, 2], layer)).toEqual([2, 6, 2]);
    expect(run([1, 2, 1], layer, [], [1, 2])).toEqual([1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]);
    expect(run([1, 1, 2], { type: 'upSampling2d' }, [], [1, 2])).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
  });
});

describe('activation', () => {
  it('keeps the shape', () => {
    const layer = { type: 'activation', activation: 'relu' } as const;
    expect(shapeAfter([1, 2, 2], layer)).toEqual([1, 2, 2]);
    expect(run([1, 2, 2], layer, [], [-1, 2, -3, 4])).toEqual([0, 2, 0, 4]);
  });
});
