import type { NetworkSpec } from '../../generator/index.ts';
import { parseSpec } from '../../generator/spec/parse.ts';

/** The same network without a word of its author's: `$schema` left out, every name replaced. */
export function withPlainNames(spec: NetworkSpec): NetworkSpec {
  const parsed = parseSpec(spec);
  if (!parsed.ok) throw new Error('expected a good spec');
  const { layers } = parsed.network;
  const plain = new Map([['input', 'input'], ...layers.map(({ name }, i): [string, string] => [name, `layer${i}`])]);
  const { $schema: _, outputs, ...rest } = spec;
  const plainOf = (name: string): string => plain.get(name) ?? name;
  return {
    ...rest,
    ...(outputs && { outputs: Object.fromEntries(Object.entries(outputs).map(([name, one]) => [plainOf(name), one])) }),
    name: 'plain',
    layers: spec.layers.map((layer, i) => ({
      ...layer,
      name: plainOf(layers[i]!.name),
      inputs: layers[i]!.inputs.map(plainOf),
      ...('weightsOf' in layer && { weightsOf: plainOf(layer.weightsOf) }),
    })),
  };
}

/** The tokens of a module, in which the names of functions no longer tell the names of layers. */
export function withoutLayerNames(tokens: readonly string[]): string[] {
  return tokens.map((token) => token.replace(/^(forward|backward)_[A-Za-z0-9_]+$/, '$1_…'));
}
