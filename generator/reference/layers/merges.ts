import type { Shape } from '../../spec/network.ts';
import { elementCount, type Tensor, zeros } from '../tensor.ts';
import { type LayerRule, noParameters, type OptionsOf } from './rule.ts';

/** y = Σ of the inputs, element by element. */
export const add: LayerRule<OptionsOf<'add'>> = {
  shape: (_, inputs) => commonShape('add', inputs),
  parameters: noParameters,
  forward(_, inputs) {
    const y = zeros(inputs[0]!.shape);
    for (let n = 0; n < y.values.length; n++) {
      let sum = inputs[0]!.values[n]!;
      for (let k = 1; k < inputs.length; k++) sum += inputs[k]!.values[n]!;
      y.values[n] = sum;
    }
    return y;
  },
};

/** y = Π of the inputs, element by element. */
export const multiply: LayerRule<OptionsOf<'multiply'>> = {
  shape: (_, inputs) => commonShape('multiply', inputs),
  parameters: noParameters,
  forward(_, inputs) {
    const y = zeros(inputs[0]!.shape);
    for (let n = 0; n < y.values.length; n++) {
      let product = inputs[0]!.values[n]!;
      for (let k = 1; k < inputs.length; k++) product *= inputs[k]!.values[n]!;
      y.values[n] = product;
    }
    return y;
  },
};

/** The channels of the inputs, one input after the other; vectors are laid end to end. */
export const concatenate: LayerRule<OptionsOf<'concatenate'>> = {
  shape(_, inputs) {
    const places = commonShape('concatenate', inputs.map(withoutChannels));
    let channels = 0;
    for (const input of inputs) channels += input.at(-1)!;
    return [...places, channels];
  },
  parameters: noParameters,
  forward(options, inputs) {
    const y = zeros(concatenate.shape(options, inputs.map(shapeOf)));
    let to = 0;
    for (let at = 0; at < elementCount(withoutChannels(y.shape)); at++) {
      for (const { shape, values } of inputs) {
        const channels = shape.at(-1)!;
        for (let c = 0; c < channels; c++) y.values[to++] = values[at * channels + c]!;
      }
    }
    return y;
  },
};

const shapeOf = ({ shape }: Tensor): Shape => shape;
const withoutChannels = (shape: Shape): Shape => shape.slice(0, -1);

/** The one shape that all inputs have; throws a RangeError when they differ. */
function commonShape(what: string, shapes: readonly Shape[]): Shape {
  const [first, ...others] = shapes;
  for (const other of others) {
    if (other.join() !== first!.join())
      throw new RangeError(`${what}: expected inputs of one shape, found [${first}] and [${other}]`);
  }
  return first!;
}
