import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { single } from './small.ts';

describe('foldConstants: constants alone are computed in float64', () => {
  it('the weights of moving averages', () => {
    const { gone, come } = aroundPass('foldConstants', 'wasm', { ...single, optimizer: 'adam' });
    expect(gone.slice(0, 1)).toEqual(['qArray[0] = q_0 + (1 - 0.9) * (1 - q_0);']);
    expect(come).toEqual([
      'qArray[0] = q_0 + 0.09999999999999998 * (1 - q_0);',
      'rArray[0] = r_0 + 0.0010000000000000009 * (1 - r_0);',
      'const m_1 = m_0 + 0.09999999999999998 * (gradients_0 - m_0);',
      'const v_1 = v_0 + 0.0010000000000000009 * (gradients_0 * gradients_0 - v_0);',
    ]);
  });
});
