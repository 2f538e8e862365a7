import { sizeOf } from '../../equations/tensor.ts';
import { stages } from '../../pipeline.ts';
import type { ShapedNetwork } from '../../spec/network.ts';
import type { Slot } from './tensors.ts';

/** A network's parameters as its module lists them in `network.parameters`. */
export function slotsOf(network: ShapedNetwork): readonly Slot[] {
  let offset = 0;
  return stages.textbook(network, { inference: true }).parameters.map(({ tensor, shape, name }) => {
    const slot = { name, shape, offset };
    offset += sizeOf(tensor);
    return slot;
  });
}
