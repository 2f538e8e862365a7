import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { layers } from '../../generator/layers/registry.ts';
import { stages } from '../../generator/pipeline.ts';
import { kinds, specOfKind } from '../prove/kinds.ts';

type Kind = keyof typeof layers;

export const page = new URL('../../docs/layers.md', import.meta.url);

const [begin, end] = ['<!-- printed from the registry by npm run docs -->', '<!-- until here -->'];

/** The page with its table printed anew; the text around it stays. */
export function withTable(text: string): string {
  const [before, rest = ''] = text.split(begin);
  const [, after] = rest.split(end);
  if (after === undefined) throw new Error(`${page.pathname}: expected ${begin} and ${end} around the table`);
  return `${before}${begin}\n${layerTable()}\n${end}${after}`;
}

export function readPage(): string {
  return readFileSync(page, 'utf8');
}

/** A row for each layer kind; kinds with the same options and parameters share one. */
export function layerTable(): string {
  const names = new Map<string, string[]>();
  for (const kind of Object.keys(layers) as Kind[]) {
    const row = `${optionsOf(kind) || '–'} | ${parametersOf(kind) || '–'}`;
    names.set(row, [...(names.get(row) ?? []), `\`${kind}\``]);
  }
  const rows = [...names].map(([row, own]) => `| ${own.join(', ')} | ${row} |`);
  return ['| layer | options (defaults) | parameters |', '| --- | --- | --- |', ...rows].join('\n');
}

/** `filters`, `strides` 1, `mode` 'constant' or 'reflect'; the options of a merge begin with its inputs. */
function optionsOf(kind: Kind): string {
  const { options, arity } = layers[kind] as { readonly options: z.ZodObject; readonly arity?: 'many' };
  const entries = Object.entries(options.shape).filter(
    ([name]) => !numbersOfActivations.has(name) || kind === 'localResponseNormalization',
  );
  const own = entries.map(([name, schema]) => `\`${name}\`${defaultOf(schema as z.ZodType)}`);
  return [...(arity === 'many' ? ['`inputs`'] : []), ...own].join(', ');
}

/** They stand beside an activation, and the section on activations says which takes which. */
const numbersOfActivations = new Set(['alpha', 'beta', 'theta', 'minValue', 'maxValue']);

function defaultOf(schema: z.ZodType): string {
  const { success, data } = schema.safeParse(undefined);
  if (!success) return choicesOf(schema);
  if (data === undefined) return ' (optional)';
  const others = choicesOf(schema, data);
  const shown = Array.isArray(data) && data.every((one) => one === data[0]) ? data[0] : data;
  return ` ${typeof shown === 'string' ? `'${shown}'` : JSON.stringify(shown)}${others}`;
}

/** The words that an option may be, where they are few. */
function choicesOf(schema: z.ZodType, except?: unknown): string {
  let inner = schema as z.ZodType & { readonly def: { readonly innerType?: z.ZodType; readonly entries?: object } };
  while (inner.def.innerType !== undefined) inner = inner.def.innerType as typeof inner;
  const words = Object.values(inner.def.entries ?? {}).filter((word) => word !== except);
  if (words.length === 0 || words.length > 6) return '';
  return ` (${except === undefined ? '' : 'or '}${words.map((word) => `'${word}'`).join(', ')})`;
}

/** The names of the parameters, in their order. */
function parametersOf(kind: Kind): string {
  const network = stages.shape(stages.parse(specOfKind(kinds[kind])));
  const layer = network.layers.find(({ type }, n) => type === kind && n > 0);
  const own = stages
    .equations(network, { inference: true })
    .parameters.filter(({ name }) => name.startsWith(`${layer?.name}/`));
  return own.map(({ name }) => name.slice(name.indexOf('/') + 1)).join(', ');
}
