import { describe, expect, it } from 'vitest';
import { forward, layerShapes } from '../../../generator/reference/interpreter.ts';
import { networkOf, type RawLayer } from '../normalize.ts';
import { shapeAfter } from './run.ts';

const relu = { type: 'activation', activation: 'relu', name: 'relu' } as const;

/** The output of a layer that merges the input and its relu, as `inputs` says. */
function merge(input: readonly number[], layer: RawLayer, values: readonly number[]): number[] {
  return Array.from(forward(networkOf(input, relu, layer), [], values));
}

describe('add', () => {
  it('adds up its inputs, as often as they are named', () => {
    expect(merge([3], { type: 'add', inputs: ['input', 'relu'] }, [-1, 2, 3])).toEqual([-1, 4, 6]);
    expect(merge([2], { type: 'add', inputs: ['input', 'relu', 'relu'] }, [-1, 2])).toEqual([-1, 6]);
  });
});

describe('multiply', () => {
  it('multiplies its inputs, as often as they are named', () => {
    expect(merge([3], { type: 'multiply', inputs: ['input', 'relu'] }, [-1, 2, 3])).toEqual([-0, 4, 9]);
    expect(merge([1], { type: 'multiply', inputs: ['relu', 'relu', 'relu'] }, [2])).toEqual([8]);
  });
});

describe('concatenate', () => {
  const inputs = ['relu', 'input'];

  it('lays vectors end to end', () => {
    expect(merge([2], { type: 'concatenate', inputs }, [-1, 2])).toEqual([0, 2, -1, 2]);
  });

  it('puts the channels of images side by side', () => {
    expect(merge([1, 2, 2], { type: 'concatenate', inputs }, [-1, 2, 3, -4])).toEqual([0, 2, -1, 2, 3, 0, 3, -4]);
  });

  it('takes inputs of different numbers of channels', () => {
    const filters = { type: 'conv2d', filters: 3, kernelSize: 1, name: 'filters' } as const;
    const layer = { type: 'concatenate', inputs: ['filters', 'input', 'filters'] } as const;
    expect(shapeAfter([2, 5, 2], filters, layer)).toEqual([2, 5, 8]);
    const network = networkOf([1, 1, 1], { ...filters, useBias: false }, layer);
    expect(Array.from(forward(network, [1, 2, 3], [5]))).toEqual([5, 10, 15, 5, 5, 10, 15]);
  });
});

it('the merging layers refuse inputs that do not fit', () => {
  const row = { type: 'zeroPadding2d', padding: [[0, 1], [0, 0]], name: 'row' } as const; // biome-ignore format: one line
  for (const type of ['add', 'multiply', 'concatenate'] as const) {
    expect(() => layerShapes(networkOf([2, 2, 1], row, { type, inputs: ['input', 'row'] }))).toThrow(RangeError);
  }
  expect(() =>
    layerShapes(networkOf([2], relu, { type: 'dense', units: 3 }, { type: 'add', inputs: ['relu', 'dense1'] })),
  ).toThrow('found shapes [2] and [3]');
});
