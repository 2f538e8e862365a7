import { readdirSync, readFileSync } from 'node:fs';

/** A spec whose emitted texts are frozen. */
export interface FrozenNetwork {
  readonly label: string;
  readonly spec: { readonly name: string };
  /** Beyond it the refusal of the unrolled form is what is frozen; absent: the limit that users have. */
  readonly maxTerms?: number;
}

/** Texts of megabytes would take seconds each. */
const maxTerms = 6000;

const here = (path: string): URL => new URL(path, import.meta.url);

/** The examples, the networks of the benchmarks, ResNet-8 and the random ones, which stand in a file of their own. */
export function frozenNetworks(): readonly FrozenNetwork[] {
  return [
    ...namedIn('../../examples/'),
    ...namedIn('../../bench/networks/'),
    ...namedIn('./'),
    ...randomNetworks().map((spec, position) => ({
      label: `random-${String(position).padStart(3, '0')}`,
      spec,
      maxTerms,
    })),
  ];
}

function namedIn(folder: string): FrozenNetwork[] {
  const files = readdirSync(here(folder)).filter((file) => file.endsWith('.net.json'));
  return files.sort().map((file) => {
    const spec = JSON.parse(readFileSync(here(folder + file), 'utf8')) as FrozenNetwork['spec'];
    return { label: spec.name, spec };
  });
}

/** One spec a line, so that a new kind of layer does not change what the others are. */
function randomNetworks(): readonly FrozenNetwork['spec'][] {
  const lines = readFileSync(here('random.jsonl'), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as FrozenNetwork['spec']);
}
