import type { Network } from '../spec/network.ts';
import type { Cells } from './cells.ts';
import type { Ring } from './ring.ts';

/**
 * Where values tie, a gradient is a convention of the layer, and the reference computes no gradients: so whoever asks a
 * layer for its options, as the interpreter does before it computes the layer, sets the rule. A pool that names no rule
 * takes the first of equal places; an activation is flat on its kinks (relu′(0) = 0).
 */
export function announceLayers(network: Network, ring: Ring, masks: ReadonlyMap<string, Cells>): Network {
  const layers = network.layers.map((layer) => ({
    ...layer,
    get options() {
      const { options } = layer;
      ring.ties = 'activation' in options ? 'flat' : 'ties' in options ? options.ties : 'first';
      const mask = masks.get(layer.name);
      return mask === undefined ? options : { ...options, mask };
    },
  }));
  return { ...network, layers: layers as Network['layers'] };
}
