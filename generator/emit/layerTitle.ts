import { inputShapesOf } from '../spec/inputs.ts';
import { hasLoss, lossText } from '../spec/losses.ts';
import type { Shape, ShapedNetwork } from '../spec/network.ts';

/** `conv2d1: 4×4 → 3×3, kernelSize 2×2, flipKernel, tanh`: a layer in one line, options that say nothing left out. */
export function layerTitle(network: ShapedNetwork, name: string): string {
  const position = network.layers.findIndex((layer) => layer.name === name);
  const layer = network.layers[position];
  const input = network.inputs?.find((one) => one.name === name);
  if (input !== undefined) return `${name}: an input, ${sizeText(input.shape)}, in x from ${input.offset} on`;
  if (layer === undefined) return hasLoss(network) ? `loss: ${lossText(network)}` : name;
  const known = new Map(inputShapesOf(network));
  const shapeOf = (input: string): Shape =>
    known.get(input) ?? network.shapes[network.layers.findIndex((other) => other.name === input)] ?? [];
  const from = layer.inputs.map((input) => sizeText(shapeOf(input))).join(' and ');
  const options = Object.entries(layer.options).flatMap(([key, value]) => optionText(key, value));
  const shared = layer.weightsOf === undefined ? [] : [`weights of ${layer.weightsOf}`];
  return [`${name}: ${from} → ${sizeText(network.shapes[position] ?? [])}`, ...options, ...shared].join(', ');
}

function sizeText(shape: Shape): string {
  const shown = shape.length === 3 && shape[2] === 1 ? shape.slice(0, 2) : shape;
  return shown.join('×');
}

/** Values that change nothing, whatever the layer. */
const silent: Readonly<Record<string, unknown>> = {
  strides: '1×1',
  dilationRate: '1×1',
  padding: 'valid',
  groups: '1',
  depthMultiplier: '1',
  activation: 'linear',
  ties: 'first',
};

function optionText(key: string, value: unknown): string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return key === 'useBias' ? [] : [key];
  const text = Array.isArray(value)
    ? value.map((side) => (Array.isArray(side) ? side.join('+') : side)).join('×')
    : String(value);
  if (silent[key] === text) return [];
  return key === 'activation' ? [text] : [`${key} ${text}`];
}
