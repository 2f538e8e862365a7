import { checkGradient } from '../checks.ts';
import { gradientOf, type Relations } from '../relations.ts';
import { rounded } from '../slices.ts';
import { session } from './session.ts';
import { type Chosen, fullNumber, make, type State, section, svg } from './view.ts';

/** Networks of which a choice is checked at once; of others on request. */
const [fewEquations, fewWeights] = [40, 200];

/** More than elsewhere: the error shows in the later digits. */
const quotientDigits = 9;

/** Difference quotients beside the gradient of an input or a parameter. */
export function check(state: State, chosen: Chosen, relations: Relations): HTMLElement[] {
  const { machine, data } = state;
  const gradient = gradientOf(machine, chosen.tensor);
  const isFree = ['parameter', 'input'].includes(data.tensors[chosen.tensor]?.role ?? '');
  if (!isFree || gradient === undefined || relations.terms.length === 0 || !state.isKnown(gradient)) return [];
  const box = make('div', { id: 'check' });
  const button = make('button', { type: 'button' }, 'Check with differences');
  const run = (): void => {
    const value = machine.valueAt(gradient, chosen.offset);
    box.replaceChildren(...checkTable(state, chosen, value));
  };
  button.addEventListener('click', run);
  const isQuick = data.equations.length < fewEquations && machine.parameters.length < fewWeights;
  if (isQuick) run();
  return [section('Check', ...(isQuick ? [] : [button]), box)];
}

function checkTable(state: State, chosen: Chosen, gradient: number): HTMLElement[] {
  const { differences, order, kinks } = checkGradient(state.machine, chosen, gradient);
  const rows = differences.map(({ epsilon, quotient, error }) =>
    make(
      'tr',
      {},
      make('td', {}, epsilon.toExponential(0).replace('-', '−')),
      make('td', {}, session.allDigits ? fullNumber(quotient) : rounded(quotient, quotientDigits)),
      make('td', { class: 'error', 'data-error': String(error) }, error.toExponential(1).replace('-', '−')),
    ),
  );
  const titles = ['ε', '(L(w + ε) − L(w − ε))/2ε', 'error'].map((one) => make('th', { scope: 'col' }, one));
  const best = Math.min(...differences.map(({ error }) => error));
  const warning = `A nudge moves ${kinks.join(' and ')}: there a difference is no test of the gradient.`;
  return [
    make(
      'p',
      {},
      `gradient ${state.number(gradient)}; least error ${best.toExponential(1).replace('-', '−')}. `,
      ...orderText(order),
    ),
    ...(kinks.length === 0 ? [] : [make('p', { class: 'warning', role: 'note' }, warning)]),
    make('div', { class: 'scroll', tabindex: '0' }, make('table', {}, make('tr', {}, ...titles), ...rows)),
    plot(differences.map(({ epsilon, error }) => [Math.log10(epsilon), Math.log10(Math.max(error, 1e-17))])),
    make('p', { id: 'rounding' }, `${order === undefined ? 'Why it falls to the right:' : bend} ${rounding}`),
  ];
}

const bend = 'Why a V: to the right the error is the curvature of L and falls with ε²; to the left it is rounding.';
const rounding =
  'L has about 16 digits, so L(w + ε) − L(w − ε) loses more of them the smaller ε is: it does not simply get better as ε shrinks.';

function orderText(order: number | undefined): (Node | string)[] {
  if (order === undefined) return ['L is a straight line in this number: any ε would do.'];
  return [
    'Order of |L(w + h) − L(w) − h·g|: ',
    make('output', { id: 'order', 'data-value': String(order) }, order.toFixed(2)),
    ' (2 if the gradient g is right, 1 if it is not).',
  ];
}

function plot(points: readonly (readonly [power: number, error: number])[]): HTMLElement {
  const x = (e: number): number => 40 + ((e + 12) / 11) * 240;
  const y = (error: number): number => 10 + (-error / 17) * 110;
  const line = points.map(([e, error]) => `${x(e).toFixed(1)},${y(error).toFixed(1)}`).join(' ');
  const labels = [-12, -6, -1].map((e) =>
    svg('text', { x: x(e), y: 138, 'text-anchor': 'middle' }, `1e${e}`.replace('-', '−')),
  );
  const heights = [0, -8, -16].map((e) =>
    svg('text', { x: 36, y: y(e) + 3, 'text-anchor': 'end' }, `1e${e}`.replace('-', '−')),
  );
  return make(
    'figure',
    {},
    svg(
      'svg',
      { viewBox: '0 0 300 145', role: 'group', 'aria-label': 'error over ε, both axes logarithmic' },
      svg('polyline', { points: line, class: 'curve' }),
      ...labels,
      ...heights,
    ),
    make('figcaption', {}, 'error over ε, both logarithmic'),
  );
}
