import { describe, expect, it } from 'vitest';
import { loss } from '../../generator/reference/interpreter.ts';
import type { LossName } from '../../generator/spec/network.ts';
import { expectClose } from './expectClose.ts';
import { normalize, type RawLayer } from './normalize.ts';

/** The loss of a vector that goes through the given layers. */
function lossAfter(name: LossName, layers: readonly RawLayer[], z: readonly number[], target: readonly number[]) {
  return loss(normalize({ name: 'case', input: [z.length], layers, loss: name }), [], z, target);
}

const activation = (name: string): RawLayer => ({ type: 'activation', activation: name });

describe('the losses', () => {
  it('halve the sum of squares in squaredError', () => {
    expect(lossAfter('squaredError', [activation('linear')], [1, 2, 3], [0, 4, 3])).toBe(2.5);
  });

  it('take the mean of squares in meanSquaredError', () => {
    expect(lossAfter('meanSquaredError', [activation('linear')], [1, 2, 3, 3], [0, 4, 3, 3])).toBe(1.25);
  });

  it('give categoricalCrossentropy for any target', () => {
    const z = [0, Math.log(2), Math.log(5)];
    const expected = -(0.25 * Math.log(1 / 8) + 0.5 * Math.log(2 / 8) + 2 * Math.log(5 / 8));
    expectClose([lossAfter('categoricalCrossentropy', [activation('softmax')], z, [0.25, 0.5, 2])], [expected], 1e-15);
  });

  it('give binaryCrossentropy as the mean over the outputs', () => {
    // sigmoid(log 3) = ¾
    const found = lossAfter('binaryCrossentropy', [activation('sigmoid')], [Math.log(3), Math.log(3), 0], [1, 0, 0.25]);
    expectClose([found], [-(Math.log(0.75) + Math.log(0.25) + Math.log(0.5)) / 3], 1e-15);
  });

  it('stay finite where the output has rounded to 0 or 1', () => {
    expect(lossAfter('categoricalCrossentropy', [activation('softmax')], [0, 1000], [1, 0])).toBe(1000);
    expect(lossAfter('binaryCrossentropy', [activation('sigmoid')], [1000, -1000], [0, 1])).toBe(1000);
    expect(lossAfter('binaryCrossentropy', [activation('sigmoid')], [1000, -1000], [1, 0])).toBe(0);
  });

  it('find the softmax in front of layers that only change the shape', () => {
    const reshape = { type: 'reshape', shape: [1, 1, 2] } as const;
    const layers = [activation('softmax'), reshape, { type: 'flatten' } as const];
    expect(lossAfter('categoricalCrossentropy', layers, [0, 1000], [1, 0])).toBe(1000);
  });

  it('refuse a last activation that they are not made for', () => {
    expect(() => lossAfter('categoricalCrossentropy', [activation('sigmoid')], [1], [1])).toThrow('softmax');
    expect(() => lossAfter('binaryCrossentropy', [activation('softmax')], [1], [1])).toThrow('sigmoid');
    expect(() => lossAfter('binaryCrossentropy', [{ type: 'flatten' }], [1], [1])).toThrow('found linear');
  });
});
