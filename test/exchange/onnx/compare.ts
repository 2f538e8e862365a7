import { readFileSync } from 'node:fs';
import { orderOf } from '../../../generator/exchange/build/activation.ts';
import type { Imported, ImportedGraph, ImportOptions } from '../../../generator/exchange/imported.ts';
import { importOnnx } from '../../../generator/exchange/onnx/importOnnx.ts';
import { stages } from '../../../generator/pipeline.ts';
import { forward } from '../../../generator/reference/interpreter.ts';

/** An input and what the model makes of it, both as the other tool has them: channels first. */
export interface Expected {
  readonly input: readonly number[];
  readonly inputShape: readonly number[];
  readonly output: readonly number[];
  readonly outputShape: readonly number[];
}

/** Where each number of a channels-last array stands in the channels-first one. */
function channelsLast(shape: readonly number[]): readonly number[] {
  const dims = [1, ...shape];
  const axes = shape.length === 1 ? [1] : [...shape.slice(1).map((_, n) => n + 2), 1];
  return [...orderOf(dims, axes)];
}

export function importModel(bytes: Uint8Array, options: Partial<ImportOptions> = {}): ImportedGraph {
  return importOnnx(bytes, { name: 'net', ...options }, () => {
    throw new Error('no file beside it');
  });
}

/** The largest error of the imported model, relative to the largest output. */
export function errorOf({ spec, weights }: Imported, { input, inputShape, output, outputShape }: Expected): number {
  const network = stages.shape(stages.parse(spec));
  const flat = weights.flatMap(({ values }) => Array.from(values));
  const found = forward(
    network,
    flat,
    channelsLast(inputShape).map((place) => input[place]!),
  );
  const expected = channelsLast(outputShape).map((place) => output[place]!);
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  return expected.reduce((most, value, n) => Math.max(most, Math.abs(value - found[n]!)), 0) / scale;
}

export function readExpected(file: string): Expected {
  return JSON.parse(readFileSync(file, 'utf8')) as Expected;
}

/** Numbers of an input or output by its name, as the other tool has them: one sample. */
interface NamedNumbers {
  readonly name: string;
  readonly values: readonly number[];
}

/** The largest error over all outputs of a model, relative to the largest number of each. */
export function errorOfEnds({ spec, weights, inputs, outputs }: ImportedGraph, file: string): number {
  const known = JSON.parse(readFileSync(file, 'utf8')) as Record<'inputs' | 'outputs', readonly NamedNumbers[]>;
  const valuesOf = (all: readonly NamedNumbers[], name: string) => all.find((one) => one.name === name)!.values;
  const network = stages.shape(stages.parse(spec));
  const flat = weights.flatMap(({ values }) => Array.from(values));
  const given = inputs.flatMap(({ name, order }) => Array.from(order, (place) => valuesOf(known.inputs, name)[place]!));
  const found = forward(network, flat, given);
  let at = 0;
  const errors = outputs.map(({ name, order }) => {
    const expected = valuesOf(known.outputs, name);
    const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
    const differences = Array.from(order, (place) => Math.abs(expected[place]! - found[at++]!));
    return expected.length === order.length ? Math.max(...differences) / scale : Number.POSITIVE_INFINITY;
  });
  return at === found.length ? Math.max(...errors) : Number.POSITIVE_INFINITY;
}
