import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { pooled, uneven } from './small.ts';

describe('commuteMaxima: a maximum and a relu change places', () => {
  it('one relu for each window', () => {
    const { gone, come } = aroundPass('commuteMaxima', 'fast', pooled);
    expect(gone).toEqual([
      'conv2d1: a1[i,j,o] = relu(z1[i,j,o])',
      'maxPooling2d1: y1[i,j,c] = max_{p,q} a1[2i+p,2j+q,c]   where p,q < 2',
    ]);
    expect(come).toEqual([
      'maxPooling2d1: u1[i,j,c] = max_{p,q} z1[2i+p,2j+q,c]   where p,q < 2',
      'maxPooling2d1: y1[i,j,c] = relu(u1[i,j,c])',
    ]);
  });

  it('nothing changes where there is no relu', () => {
    const { gone, come } = aroundPass('commuteMaxima', 'fast', uneven);
    expect(gone).toEqual([]);
    expect(come).toEqual([]);
  });
});
