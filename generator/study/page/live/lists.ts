import { make } from './view.ts';

/** Entries that stand at once, where there are more than `mostAtOnce`; the others can be opened. */
const [few, mostAtOnce] = [9, 12];

export const many = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : one.endsWith('s') ? 'es' : 's'}`;

/** A list of which the first entries stand there and the others can be opened; `total` are told of where not all are in it. */
export function listOf(kind: string, items: readonly HTMLElement[], total = items.length): HTMLElement[] {
  if (total <= mostAtOnce) return [make('ol', { class: kind }, ...items)];
  const left = total > items.length ? [make('p', {}, `and ${total - items.length} more of the kind`)] : [];
  const rest = make(
    'details',
    {},
    make('summary', {}, `${total - few} more`),
    make('ol', { class: kind }, ...items.slice(few)),
    ...left,
  );
  return [make('ol', { class: kind }, ...items.slice(0, few)), rest];
}

/** The number that a use and its term have in common; a dot where a term comes from no single use. */
export function badge(number: number | undefined): HTMLElement {
  return make('b', { class: 'badge' }, number === undefined ? '·' : String(number));
}
