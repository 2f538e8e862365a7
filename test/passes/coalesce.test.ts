import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { sequence } from './small.ts';

describe('coalesce: axes that are walked together are one', () => {
  it('rows and channels that lie side by side', () => {
    const { gone, come } = aroundPass('coalesce', 'wasm', sequence);
    expect(gone).toEqual(['x[h,w] = input[h,w]', 'dz2[j,o] = z2[j,o] − t[j,o]']);
    expect(come).toEqual(['x[0,n] = input[0,n]   where n < 12', 'dz2[0,n] = z2[0,n] − t[0,n]   where n < 16']);
  });
});
