import { describe, expect, it } from 'vitest';
import { evaluate, forward, layerShapes, loss, parameterShapes } from '../../generator/reference/interpreter.ts';
import { networkOf, normalize } from './normalize.ts';

const dense = { type: 'dense', units: 1, useBias: false } as const;

describe('the interpreter', () => {
  it('lists the parameters layer by layer with names, shapes and offsets', () => {
    const network = networkOf(
      [5, 4, 2],
      { type: 'conv2d', filters: 3, kernelSize: [2, 3] },
      { type: 'maxPooling2d' },
      { type: 'conv2d', filters: 2, kernelSize: 1, useBias: false },
      { type: 'flatten' },
      { type: 'dense', units: 7, name: 'scores' },
    );
    expect(parameterShapes(network)).toEqual([
      { name: 'conv2d1/kernel', shape: [2, 3, 2, 3], offset: 0 },
      { name: 'conv2d1/bias', shape: [3], offset: 36 },
      { name: 'conv2d2/kernel', shape: [1, 1, 3, 2], offset: 39 },
      { name: 'scores/kernel', shape: [4, 7], offset: 45 },
      { name: 'scores/bias', shape: [7], offset: 73 },
    ]);
    expect([...layerShapes(network).values()]).toEqual([[5, 4, 2], [4, 2, 3], [2, 1, 3], [2, 1, 2], [4], [7]]); // biome-ignore format: one line
  });

  it('marks the parameters that do not learn', () => {
    const network = networkOf([2], { type: 'batchNormalization' });
    expect(parameterShapes(network).map(({ name, frozen }) => [name.split('/')[1], frozen])).toEqual([
      ['gamma', undefined],
      ['beta', undefined],
      ['movingMean', true],
      ['movingVariance', true],
    ]);
  });

  it('keeps every output and what its activation was applied to', () => {
    const network = networkOf([2], { ...dense, activation: 'relu' }, { ...dense, name: 'last' });
    const { outputs, preActivations, output } = evaluate(network, [1, -2, 5], [3, 4]);
    expect(preActivations.get('dense1')!.values).toEqual(Float64Array.of(-5));
    expect(outputs.get('dense1')!.values).toEqual(Float64Array.of(0));
    expect(outputs.get('input')!.values).toEqual(Float64Array.of(3, 4));
    expect(output).toBe(outputs.get('last'));
  });

  it('reads the inputs that a layer names, and not the layer before', () => {
    const network = networkOf([1], { ...dense, name: 'unread' }, { ...dense, name: 'once', inputs: ['input'] });
    expect(Array.from(forward(network, [100, 3], [2]))).toEqual([6]);
    const twice = networkOf([1], { ...dense, name: 'a' }, { ...dense, name: 'b' }, { ...dense, inputs: ['a'] });
    expect(Array.from(forward(twice, [5, 100, 7], [2]))).toEqual([70]);
  });

  it('refuses an input that is no earlier layer', () => {
    expect(() => forward(networkOf([1], { ...dense, inputs: ['later'] }), [1], [1])).toThrow("'later'");
  });

  it('leaves its arguments alone and returns a fresh output', () => {
    const input = Float64Array.of(1, 2);
    const output = forward(networkOf([2], { type: 'flatten' }), [], input);
    output.fill(0);
    expect(input).toEqual(Float64Array.of(1, 2));
  });

  it('names what it expected where a length is wrong', () => {
    const network = normalize({ name: 'case', input: [2], layers: [dense], loss: 'squaredError' });
    expect(() => forward(network, [1], [1, 2])).toThrow('parameters: expected 2 numbers, found 1');
    expect(() => forward(network, [1, 2], [1])).toThrow('input: expected 2 numbers, found 1');
    expect(() => loss(network, [1, 2], [1, 2], [])).toThrow('target: expected 1 numbers, found 0');
    expect(() => loss(networkOf([2], dense), [1, 2], [1, 2], [0])).toThrow('no loss');
  });
});
