import { gradientOf } from '../relations.ts';
import { short } from '../slices.ts';
import { slidingWays, type Way } from '../sliding.ts';
import { type Chosen, make, type State, section } from './view.ts';

/** A gradient as grids that slide over each other, step by step. */
export function sliding(state: State, chosen: Chosen): HTMLElement[] {
  const gradient = gradientOf(state.machine, chosen.tensor);
  if (gradient === undefined || !state.isKnown(gradient)) return [];
  const ways = slidingWays(state.machine, chosen.tensor);
  if (ways === undefined) return [];
  const rows = ways.map(({ words, values }) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row' }, words),
      ...values.map((one) => make('td', { 'data-way': String(one) }, short(one))),
    ),
  );
  return [
    section(
      'As sliding',
      make('p', {}, 'The same numbers, each way:'),
      make('div', { class: 'scroll', tabindex: '0' }, make('table', { class: 'ways' }, ...rows)),
      ...ways.flatMap((way) => scrubber(state, gradient, chosen.offset, way)),
    ),
  ];
}

/** One way as a picture: the still grid, and in the window the products of this place. */
function scrubber(state: State, gradient: number, start: number, { words, values, picture }: Way): HTMLElement[] {
  if (picture === undefined) return [];
  const range = make('input', {
    type: 'range',
    min: '0',
    max: String(values.length - 1),
    value: String(start),
  }) as HTMLInputElement;
  const table = make('table', { class: 'window' });
  const sum = make('p', { 'aria-live': 'polite' });
  const show = (): void => {
    const place = Number(range.value);
    const [top, left] = picture.at(place);
    const rows = picture.still.map((row, r) =>
      make(
        'tr',
        {},
        ...row.map((one, c) => {
          const factor = picture.moving[r - top]?.[c - left];
          return factor === undefined
            ? make('td', {}, short(one))
            : make('td', { class: 'under' }, `${short(one)}·${factor < 0 ? `(${short(factor)})` : short(factor)}`);
        }),
      ),
    );
    table.replaceChildren(...rows);
    sum.textContent = `${state.name(gradient, place)} = the sum of the products = ${short(values[place] as number)}`;
  };
  range.addEventListener('input', show);
  show();
  return [
    make(
      'details',
      {},
      make('summary', {}, words),
      make('label', {}, 'place ', range),
      make('div', { class: 'scroll', tabindex: '0' }, table),
      sum,
    ),
  ];
}
