import { activationNames } from '../../generator/layers/options.ts';
import { layers } from '../../generator/layers/registry.ts';
import type { Layer, Network } from '../../generator/spec/network.ts';
import { losses } from './operators.ts';

/** What must have been seen at least once. */
export const required: readonly string[] = [
  ...Object.keys(layers),
  ...activationNames.map((name) => `activation ${name}`),
  ...Object.keys(losses).map((name) => `loss ${name}`),
];

/** What a network has of layer kinds, options that are not the default, activations and losses. */
export function featuresOf({ layers: all, loss }: Network): ReadonlySet<string> {
  return new Set([...all.flatMap(layerFeatures), ...(loss ? [`loss ${loss}`] : [])]);
}

function layerFeatures({ type, options }: Layer): string[] {
  const features: string[] = [type];
  const add = (option: string, isThere: boolean): void => {
    if (isThere) features.push(`${type}, ${option}`);
  };
  const isAbove1 = (size: number | readonly number[]): boolean => [size].flat().some((n) => n > 1);
  if ('activation' in options) features.push(`activation ${options.activation}`);
  if ('padding' in options) {
    add("padding 'same'", options.padding === 'same');
    add('padding in numbers', typeof options.padding !== 'string' && /conv|pool/i.test(type));
  }
  if ('strides' in options && options.strides) add('strides', isAbove1(options.strides));
  if ('dilationRate' in options) add('dilationRate', isAbove1(options.dilationRate));
  if ('groups' in options) add('groups', options.groups > 1);
  if ('flipKernel' in options) add('flipKernel', options.flipKernel);
  if ('depthMultiplier' in options) add('depthMultiplier', options.depthMultiplier > 1);
  if ('useBias' in options) add('useBias false', !options.useBias);
  return features;
}
