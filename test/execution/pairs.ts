import fc from 'fast-check';
import type { NetworkSpec } from '../../generator/index.ts';
import { optimizers, optionsOf } from '../../generator/layers/optimizers/registry.ts';
import { type ActivationParameter, activationNames, activationParameters } from '../../generator/layers/options.ts';
import { layers } from '../../generator/layers/registry.ts';
import { arbitrarySpec } from './arbitrarySpec.ts';

/** So many networks hold every pair of two options at least once. */
const drawn = 12_000;

/** What stands in a layer or an optimiser beside its options. */
const others = new Set(['type', 'name', 'inputs', 'weightsOf']);

/** Every two options that may stand together in a layer, `trainable` among them, or in an optimiser. */
export function possiblePairs(): ReadonlySet<string> {
  const kinds = [
    ...Object.entries(layers).map(
      ([kind, { options, hasParameters }]: [string, { options: { shape: object }; hasParameters?: true }]) =>
        [kind, [...Object.keys(options.shape), ...(hasParameters ? ['trainable'] : [])]] as const,
    ),
    ...(Object.keys(optimizers) as (keyof typeof optimizers)[]).map(
      (kind) => [`optimizer ${kind}`, Object.keys(optionsOf(kind))] as const,
    ),
  ];
  return new Set(kinds.flatMap(([kind, options]) => pairsOf(kind, options)).filter(areNumbersOfOne));
}

/** Networks each of which holds a pair that none before it does, as far as they are asked for. */
export function* networksOfNewPairs(): Generator<NetworkSpec> {
  const seen = new Set<string>();
  const possible = possiblePairs().size;
  for (const spec of sampled()) {
    const found = pairsIn(spec).filter((pair) => !seen.has(pair));
    if (found.length === 0) continue;
    for (const pair of found) seen.add(pair);
    yield spec;
    if (seen.size >= possible) return;
  }
}

/** The same networks whatever is asked for, a hundred at a time. */
function* sampled(): Generator<NetworkSpec> {
  for (let seed = 1; seed <= drawn / 100; seed++) yield* fc.sample(arbitrarySpec, { numRuns: 100, seed });
}

/** Every two options that stand together in a network. */
export function pairsIn({ layers: all, optimizer }: NetworkSpec): readonly string[] {
  const ofLayers = all.flatMap((layer) => pairsOf(layer.type, Object.keys(layer)));
  if (optimizer === undefined || typeof optimizer === 'string') return ofLayers;
  return [...ofLayers, ...pairsOf(`optimizer ${optimizer.type}`, Object.keys(optimizer))];
}

function pairsOf(kind: string, options: readonly string[]): string[] {
  const own = options.filter((option) => !others.has(option)).sort();
  return own.flatMap((a, n) => own.slice(n + 1).map((b) => `${kind}: ${a} ${b}`));
}

/** Two numbers of activations stand together only if one activation takes both. */
function areNumbersOfOne(pair: string): boolean {
  const numbers = new Set<string>(Object.values(activationParameters).flat());
  const [a, b] = pair.split(' ').slice(-2) as [ActivationParameter, ActivationParameter];
  if (!numbers.has(a) || !numbers.has(b)) return true;
  // A layer with options of these names, but without an activation, has them for itself.
  const kind = pair.split(':')[0] as keyof typeof layers;
  if (!('activation' in (layers[kind]?.options.shape ?? {}))) return true;
  return activationNames.some((name) => [a, b].every((one) => activationParameters[name]?.includes(one)));
}
