import type { NetworkSpec } from '../../generator/index.ts';
import { parseSpec } from '../../generator/spec/parse.ts';

/** The same network without a word of its author's: `$schema` left out, every name replaced. */
export function withPlainNames(spec: NetworkSpec): NetworkSpec {
  const parsed = parseSpec(spec);
  if (!parsed.ok) throw new Error('expected a good spec');
  const { layers, inputs = [] } = parsed.network;
  const plain = new Map([
    ['input', 'input'],
    ...inputs.map(({ name }, i): [string, string] => [name, `given${i}`]),
    ...layers.map(({ name }, i): [string, string] => [name, `layer${i}`]),
  ]);
  const renamed = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [plain.get(name)!, value]));
  const { $schema: _, input, outputs, ...rest } = spec;
  return {
    ...rest,
    name: 'plain',
    input: Array.isArray(input)
      ? (input as NetworkSpec['input'])
      : (renamed(input as object as Record<string, never>) as NetworkSpec['input']),
    ...(outputs && { outputs: renamed(outputs) }),
    layers: spec.layers.map((layer, i) => ({
      ...layer,
      name: plain.get(layers[i]!.name)!,
      inputs: layers[i]!.inputs.map((name) => plain.get(name)!),
      ...('weightsOf' in layer && { weightsOf: plain.get(layer.weightsOf)! }),
    })),
  };
}

/** The tokens of a module, in which the names of functions no longer tell the names of layers. */
export function withoutLayerNames(tokens: readonly string[]): string[] {
  return tokens.map((token) => token.replace(/^(forward|backward)_[A-Za-z0-9_]+$/, '$1_…'));
}
