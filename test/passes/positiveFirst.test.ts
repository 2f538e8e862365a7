import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { single, softmax } from './small.ts';

describe('positiveFirst: a sum that begins with a negative term begins with its positive ones', () => {
  it('the gradient of a softmax behind a cross-entropy', () => {
    const { gone, come } = aroundPass('positiveFirst', 'unrolled', softmax);
    const pairs = gone.map((line, position) => [line, come[position]]);
    expect(pairs).toContainEqual(['const dz1_0 = -t_0 + dl1 * a1_0;', 'const dz1_0 = dl1 * a1_0 - t_0;']);
  });

  it('others stay', () => {
    const { gone, come } = aroundPass('positiveFirst', 'unrolled', single);
    expect([...gone, ...come]).toEqual([]);
  });
});
