import { createHash } from 'node:crypto';
import type { ShapedNetwork } from './network.ts';

/** Sixteen hexadecimal digits that say which spec something was made from. */
export function digestOf(network: ShapedNetwork): string {
  const { shapes: _, ...spec } = network;
  return createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);
}
