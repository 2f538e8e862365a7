import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { dense, sequence } from './small.ts';

describe('addAddresses: an address that may be negative is added up beforehand', () => {
  it('of a kernel that is read backwards', () => {
    const { gone, come } = aroundPass('addAddresses', 'wasm', sequence);
    expect(gone).toEqual([
      'dz1_0 += splat(dz2[dz2_qo + 32]) * W2ˡ_0;',
      'dz1_1 += splat(dz2[dz2_qo + 48]) * W2ˡ_0;',
      'dz1_2 += splat(dz2[dz2_qo + 64]) * W2ˡ_0;',
      'dz1_3 += splat(dz2[dz2_qo + 80]) * W2ˡ_0;',
    ]);
    expect(come).toEqual([
      'dz1_0 += splat(dz2[(dz2_qo + 32)]) * W2ˡ_0;',
      'dz1_1 += splat(dz2[(dz2_qo + 48)]) * W2ˡ_0;',
      'dz1_2 += splat(dz2[(dz2_qo + 64)]) * W2ˡ_0;',
      'dz1_3 += splat(dz2[(dz2_qo + 80)]) * W2ˡ_0;',
    ]);
  });

  it('all others stay an address and an offset', () => {
    const { gone, come } = aroundPass('addAddresses', 'wasm', dense);
    expect(gone).toEqual([]);
    expect(come).toEqual([]);
  });
});
