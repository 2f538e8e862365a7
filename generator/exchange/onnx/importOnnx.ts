import { SpecError } from '../../spec/problem.ts';
import { orderOf } from '../build/activation.ts';
import { finish } from '../build/finish.ts';
import { SpecBuilder } from '../build/specBuilder.ts';
import type { ImportedGraph, ImportOptions } from '../imported.ts';
import type { Context, Reading } from './context.ts';
import {
  hasBareVector,
  hasFixedSizes,
  inputsOf,
  isChannelsLast,
  ownLayers,
  putLast,
  putOut,
  specNames,
} from './ends.ts';
import { evaluate } from './evaluate.ts';
import { type OnnxModel, readOnnx } from './read.ts';
import type { ReadBeside } from './tensor.ts';
import type { Value } from './value.ts';

/**
 * Turns an ONNX model into a spec and its weights.
 *
 * @param readBeside gives the bytes of a file in the model's folder, where the model keeps its weights apart
 * @throws SpecError that lists every node that cannot be expressed
 */
export function importOnnx(bytes: Uint8Array, options: ImportOptions, readBeside: ReadBeside): ImportedGraph {
  const model = readOnnx(bytes);
  if (!hasFixedSizes(model)) return readAs('samples', model, options, readBeside);
  const readings: readonly Reading[] = hasBareVector(model) ? ['whole', 'samples'] : ['samples', 'whole'];
  let refused: unknown;
  for (const reading of readings) {
    try {
      return readAs(reading, model, options, readBeside);
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      refused ??= error;
    }
  }
  throw refused;
}

function readAs(reading: Reading, model: OnnxModel, options: ImportOptions, readBeside: ReadBeside): ImportedGraph {
  const inputs = inputsOf(model, reading);
  const hasNames = inputs.length > 1;
  const names = hasNames
    ? specNames(
        inputs.map(({ name }) => name),
        'input',
      )
    : ['input'];
  const builder = new SpecBuilder(new Map(inputs.map(({ shape }, n) => [names[n]!, shape])));
  const ends = inputs.map(({ name, given, dims, axes }, n) => {
    return { name, layer: names[n]!, dims: given, order: orderOf(dims, axes) };
  });
  const values = inputs.map(({ name, dims, shape }, n): [string, Value] => {
    const { layer, order } = ends[n]!;
    return [name, { kind: 'activation', layer, shape, dims, order, isShared: false }];
  });
  const context: Context = { builder, fold: options.fold ?? false, reading, isFree: !hasFixedSizes(model) };
  const found = evaluate(model, new Map(values), context, readBeside);
  const isLast = isChannelsLast(model);
  const shown = found.map(({ value }) => putOut(builder, value, reading, isLast));
  const outputs = nameOutputs(builder, found, shown, names);
  return { ...finish(builder, options), inputs: ends, outputs };
}

/** Several outputs are layers by the names of the graph; a single one is the last layer. */
function nameOutputs(
  builder: SpecBuilder,
  found: ReturnType<typeof evaluate>,
  shown: readonly ReturnType<typeof putOut>[],
  inputs: readonly string[],
): ImportedGraph['outputs'] {
  const names = found.map(({ name }) => name);
  if (shown.length === 1) {
    putLast(builder, shown[0]!.layer);
    return [{ ...shown[0]!, name: names[0]! }];
  }
  const layers = ownLayers(builder, shown);
  const free = specNames([...inputs, ...names], 'output').slice(inputs.length);
  // A layer that bears the name already keeps it, though it is one that layers without a name have.
  const own = free.map((name, n) => (names[n] === layers[n] ? names[n]! : name));
  builder.nameOutputs(new Map(layers.map((layer, n) => [layer, own[n]!])));
  return shown.map((end, n) => ({ ...end, name: names[n]!, layer: own[n]! }));
}
