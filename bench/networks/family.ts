import type { NetworkSpec } from '../core/network.ts';

/** Image side and filters of the first convolution, growing from 74 to 5 million MACs. */
const SIZES = [
  [2, 1],
  [4, 1],
  [4, 2],
  [8, 2],
  [8, 4],
  [16, 4],
  [16, 8],
  [32, 8],
  [32, 16],
  [64, 16],
] as const;

/** One architecture in growing sizes; N2 is one of them. */
export function family(): NetworkSpec[] {
  return SIZES.map(([side, filters]) => ({
    name: `side${side}-filters${filters}`,
    input: [side, side, 1],
    layers: [
      { type: 'conv2d', filters, kernelSize: 3, padding: 'same', activation: 'relu' },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'conv2d', filters: 2 * filters, kernelSize: 3, padding: 'same', activation: 'relu' },
      // The smallest image has one place left.
      { type: 'maxPooling2d', poolSize: Math.min(2, side / 2) },
      { type: 'flatten' },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
    loss: 'categoricalCrossentropy',
  }));
}
