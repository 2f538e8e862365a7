import { layOutMemory } from '../schedule/loops/memory.ts';
import type { Pass } from './pass.ts';

/** Parameters and gradients lie side by side, in the order in which a caller sees them. */
export const place: Pass<'loops', 'placed'> = {
  name: 'place',
  does: 'every array has its bytes in one memory, and a batch has room for its samples',
  gives: 'placed',
  rewrite: 'W1[a], b1[b]   →   W1 from byte 0 on, b1 from byte 1152 on',
  run: (plan) => ({ ...plan, memory: layOutMemory(plan) }),
};
