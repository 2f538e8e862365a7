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
  });
  const table = make('table', { class: 'window' });
  const sum = make('p', { 'aria-live': 'polite' });
  const show = (): void => {
    const place = Number(range.value);
    table.replaceChildren(...windowRows(picture, place));
    sum.textContent = `${state.name(gradient, place)} = the sum of the products = ${short(values[place] ?? Number.NaN)}`;
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

/** The still grid, with what lies over each cell where the moving one stands at `place`. */
function windowRows({ still, moving, at }: NonNullable<Way['picture']>, place: number): readonly HTMLElement[] {
  const [top, left] = at(place);
  return still.map((row, r) => make('tr', {}, ...row.map((one, c) => windowCell(one, moving[r - top]?.[c - left]))));
}

function windowCell(one: number, factor: number | undefined): HTMLElement {
  if (factor === undefined) return make('td', {}, short(one));
  return make('td', { class: 'under' }, `${short(one)}·${factor < 0 ? `(${short(factor)})` : short(factor)}`);
}
