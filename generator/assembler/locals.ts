import { type Node, wordOf } from './readText.ts';

/** A function's locals: the number of each, and how many of each type follow each other. */
export interface Locals {
  readonly indices: ReadonlyMap<string, number>;
  readonly runs: readonly { readonly type: string; readonly count: number }[];
}

/**
 * Numbers parameters as they come, then the locals type by type, those that are used most often first: a number below
 * 128 takes one byte. A local that is never used is none.
 */
export function layOutLocals(params: readonly Node[], locals: readonly Node[], body: readonly Node[]): Locals {
  const typeOf = new Map(locals.map((local) => [wordOf(local[1]), wordOf(local[2])]));
  const used = [...countUses(body)]
    .sort(([, a], [, b]) => b - a)
    .flatMap(([name]) => {
      const type = typeOf.get(name);
      return type === undefined ? [] : [{ name, type }];
    });
  const types = [...new Set(used.map(({ type }) => type))];
  const ordered = types.flatMap((type) => used.filter((local) => local.type === type));
  const names = [...params.map((param) => wordOf(param[1])), ...ordered.map(({ name }) => name)];
  return {
    indices: new Map(names.map((name, n) => [name, n])),
    runs: types.map((type) => ({ type, count: used.filter((local) => local.type === type).length })),
  };
}

/** How often each name stands behind `local.get`, `local.set` or `local.tee`, in the order in which they are carried out. */
function countUses(nodes: readonly Node[], uses = new Map<string, number>()): ReadonlyMap<string, number> {
  for (const node of nodes) {
    if (typeof node === 'string') continue;
    countUses(node, uses);
    const [head, name] = node;
    if (typeof head !== 'string' || !head.startsWith('local.')) continue;
    const local = wordOf(name);
    uses.set(local, (uses.get(local) ?? 0) + 1);
  }
  return uses;
}
