import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { softmax } from './small.ts';

describe('joinSums: what is added to one target is one sum', () => {
  it("softmax's gradient is the difference to the target", () => {
    const { gone, come } = aroundPass('joinSums', 'fast', softmax);
    expect(gone).toEqual(['loss: dz1[o] += −t[o]   for all o', 'dense1: dz1[o] += dl1·a1[o]   for all o']);
    expect(come.filter((line) => /^\w+: /.test(line))).toEqual(['dense1: dz1[o] = dl1·a1[o] − t[o]']);
  });

  it.each(['maxPooling2d', 'averagePooling2d'])(
    'leaves sums apart that run over different axes: %s looks over the edge of an axis of size 1',
    (type) => {
      const { gone, all } = aroundPass(
        'joinSums',
        'unrolled',
        {
          input: [1, 2, 1],
          layers: [
            { type: 'activation', activation: 'exp', name: 'exp' },
            { type, name: 'pool', poolSize: [2, 1], strides: [1, 2], padding: 'same', inputs: ['input'] },
            { type: 'add', inputs: ['exp', 'pool'] },
          ],
        },
        { inputGradient: true },
      );
      expect(gone).toEqual([]);
      expect(all).toContain('exp: dx[j] += da1[j]·a1[j]   for all j');
      expect(all.filter((line) => line.startsWith('pool: dx[p,0,0] += '))).toHaveLength(1);
    },
  );
});
