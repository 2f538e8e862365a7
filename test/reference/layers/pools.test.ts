import { describe, expect, it } from 'vitest';
import { run, shapeAfter, upTo } from './run.ts';

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

describe('the global pools', () => {
  const image = [1, -10, 4, -20, 3, -30, 2, -40];

  it('take the largest place of every channel', () => {
    expect(run([2, 2, 2], { type: 'globalMaxPooling2d' }, [], image)).toEqual([4, -10]);
    expect(run([1, 2, 1], { type: 'globalMaxPooling2d' }, [], [1, Number.NaN])).toEqual([Number.NaN]);
  });

  it('take the mean of every channel', () => {
    expect(run([2, 2, 2], { type: 'globalAveragePooling2d' }, [], image)).toEqual([2.5, -25]);
  });

  it('make an image a vector', () => {
    expect(shapeAfter([3, 2, 5], { type: 'globalAveragePooling2d' })).toEqual([5]);
    expect(shapeAfter([3, 2, 5], { type: 'globalMaxPooling2d' })).toEqual([5]);
  });
});
