import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { softmax } from './small.ts';

describe('joinSums: what is added to one target is one sum', () => {
  it("softmax's gradient is the difference to the target", () => {
    const { gone, come } = aroundPass('joinSums', 'fast', softmax);
    expect(gone).toEqual(['loss: dz1[o] += −t[o]   for all o', 'dense1: dz1[o] += dl1·a1[o]   for all o']);
    expect(come.filter((line) => /^\w+: /.test(line))).toEqual(['dense1: dz1[o] = dl1·a1[o] − t[o]']);
  });
});
