/** The keys of a record, as the names that its type knows. */
export function keysOf<Key extends string>(record: { readonly [K in Key]: unknown }): Key[] {
  return Object.keys(record) as Key[];
}

export function isKeyOf<Key extends string>(record: { readonly [K in Key]: unknown }, key: unknown): key is Key {
  return typeof key === 'string' && Object.hasOwn(record, key);
}

/** A record of what each key gives. */
export function mapRecord<Key extends string, To>(
  keys: readonly Key[],
  to: (key: Key) => To,
): { readonly [K in Key]: To } {
  return Object.fromEntries(keys.map((key) => [key, to(key)])) as { [K in Key]: To };
}

/** The last of a list. Throws if there is none. */
export function lastOf<One>(list: readonly One[]): One {
  return present(list.at(-1));
}

/** What stands side by side in two lists of one length. Throws where the second has nothing. */
export function pairsOf<A, B>(first: readonly A[], second: readonly B[]): [A, B][] {
  return first.map((one, position) => [one, present(second[position])]);
}

/** What is known to be there: a place in a list, an entry of a map. Throws where it is not. */
export function present<One>(found: One | undefined): One {
  if (found === undefined) throw new Error('what was known to be there is missing');
  return found;
}
