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
