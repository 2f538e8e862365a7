import { forward, layerShapes, parameterShapes } from '../../../generator/reference/interpreter.ts';
import type { Shape } from '../../../generator/spec/network.ts';
import { networkOf, type RawLayer } from '../normalize.ts';

export const ones = (count: number): number[] => Array(count).fill(1);

/** 1, 2, …, count. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k + 1);

/** The output of one layer. */
export function run(input: Shape, layer: RawLayer, parameters: readonly number[], values: readonly number[]): number[] {
  return Array.from(forward(networkOf(input, layer), parameters, values));
}

/** The output shape of a row of layers. */
export function shapeAfter(input: Shape, ...layers: readonly RawLayer[]): Shape {
  return [...layerShapes(networkOf(input, ...layers)).values()].at(-1)!;
}

/** The shapes of a layer's parameters by name. */
export function parametersOf(input: Shape, layer: RawLayer): Readonly<Record<string, Shape>> {
  const parameters = parameterShapes(networkOf(input, { ...layer, name: 'layer' }));
  return Object.fromEntries(parameters.map(({ name, shape }) => [name.replace('layer/', ''), shape]));
}
