import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { single } from './small.ts';

const dense = (inputs: number): object => ({
  input: [inputs],
  layers: [{ type: 'dense', units: 1, useBias: false }],
});

/** The operands between the brackets of each run. */
function runsIn(line: string): readonly number[] {
  const [, sum = ''] = line.split(' = ');
  return [...sum.matchAll(/\(([^()]*)\)/g)].map(([, run = '']) => run.split(' + ').length);
}

describe('shortenChains: a chain of more than 128 operands becomes one of runs', () => {
  const inference = { inference: true } as const;

  it('a sum of 130 terms, in brackets that are added up one after the other', () => {
    const { come } = aroundPass('shortenChains', 'unrolled', dense(130), inference);
    const [sum = ''] = [come.join(' ')].filter((text) => text.includes('('));
    expect(runsIn(sum)).toEqual([128, 2]);
    expect(sum).toMatch(/^const z1 = \(W1_0 \* x_0 \+ .* \* x_127\) \+ \(W1_128 \* x_128 \+ W1_129 \* x_129\);$/);
  });

  it('the largest of 130', () => {
    const spec = { input: [130, 1, 1], layers: [{ type: 'globalMaxPooling2d' }] };
    const { come } = aroundPass('shortenChains', 'unrolled', spec, inference);
    const text = come.join(' ');
    expect(text).toMatch(/Math\.max\(Math\.max\(x_0, .* x_127\), Math\.max\(x_128, x_129\)\);/);
  });

  it('others stay', () => {
    for (const spec of [single, dense(128)]) {
      const { gone, come } = aroundPass('shortenChains', 'unrolled', spec, inference);
      expect([...gone, ...come]).toEqual([]);
    }
  });
});
