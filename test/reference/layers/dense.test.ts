import { describe, expect, it } from 'vitest';
import { run } from './run.ts';

describe('dense', () => {
  it('lays its kernel out as input, unit, with the bias after it', () => {
    expect(run([2], { type: 'dense', units: 3 }, [1, 2, 3, 10, 20, 30, 0.5, 0, 0], [1, 2])).toEqual([21.5, 42, 63]);
  });

  it('leaves the bias out on request', () => {
    expect(run([2], { type: 'dense', units: 1, useBias: false }, [3, 4], [1, 2])).toEqual([11]);
  });
});
