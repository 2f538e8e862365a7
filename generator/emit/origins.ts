import type { ShapedNetwork } from '../spec/network.ts';
import type { FunctionView } from './form.ts';

/**
 * For each line of a module the path in the spec of what it computes: `layers[2]`, or `loss`. A parameter's line in
 * `network` is its layer's. WebAssembly has no lines of its own.
 *
 * @param text the module, in TypeScript or JavaScript: a body has the same lines in both
 */
export function originsOf(
  text: string,
  network: ShapedNetwork,
  functions: readonly FunctionView[],
): readonly (string | undefined)[] {
  const lines = text.split('\n');
  const origins: (string | undefined)[] = lines.map((line) => {
    const [, layer] = /^ {4}\{ name: '([^']+)\/\w+', shape: /.exec(line) ?? [];
    return layer === undefined ? undefined : pathOf(layer, network);
  });
  for (const { name, layers } of functions) {
    const start = lines.findIndex((line) => line.startsWith(`  function ${name}(`)) + 1;
    for (const [n, layer] of layers.entries()) origins[start + n] = layer === '' ? undefined : pathOf(layer, network);
  }
  return origins;
}

/** Where a layer stands, or an input that has a name; what is neither is the loss. */
function pathOf(layer: string, { layers, inputs }: ShapedNetwork): string {
  const position = layers.findIndex(({ name }) => name === layer);
  if (position >= 0) return `layers[${position}]`;
  return inputs?.some(({ name }) => name === layer) ? `input.${layer}` : 'loss';
}
