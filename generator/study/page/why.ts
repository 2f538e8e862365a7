import { checkGradient } from './checks.ts';
import {
  type GradientTerm,
  gradientOf,
  gradientTerms,
  readsOfElement,
  receptiveField,
  type Use,
  usesOf,
} from './relations.ts';
import { short } from './slices.ts';
import { slidingWays } from './sliding.ts';
import { elementsIn, formulaOf, mathPen, valueAt, write } from './statements.ts';
import { all, type Chosen, make, plainName, type State, svg } from './view.ts';

/** What a choice touches, for the highlights. */
export interface Relations {
  readonly uses: readonly Use[];
  readonly terms: readonly GradientTerm[];
  readonly field: ReadonlySet<number>;
  readonly reads: readonly Chosen[];
}

export function relate({ machine }: State, chosen: Chosen): Relations {
  const uses = usesOf(machine, chosen);
  return {
    uses,
    terms: gradientTerms(machine, chosen, uses),
    field: receptiveField(machine, chosen),
    reads: readsOfElement(machine, chosen),
  };
}

/** The panel of one element: used in, local, chain, in general, as sliding, check, all the way. */
export function showWhy(state: State, box: HTMLElement, chosen: Chosen, relations: Relations): void {
  const { machine, data } = state;
  const name = state.name(chosen.tensor, chosen.offset);
  const value = (machine.numbers[chosen.tensor] as Float64Array)[chosen.offset] as number;
  box.replaceChildren(
    make('h2', { id: 'why-title' }, `Why: ${name} = ${state.isKnown(chosen.tensor) ? short(value) : '–'}`),
    ...definition(state, chosen),
    ...usedIn(state, relations),
    ...chain(state, chosen, relations),
    ...inGeneral(data.tensors[gradientOf(machine, chosen.tensor) ?? -1]?.name),
    ...sliding(state, chosen),
    ...check(state, chosen, relations),
    ...allTheWay(state, chosen, relations),
  );
}

function section(title: string, ...children: readonly (Node | string)[]): HTMLElement {
  return make('section', {}, make('h3', {}, title), ...children);
}

const many = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

function definition(state: State, chosen: Chosen): HTMLElement[] {
  const { machine, data } = state;
  const found = data.equations.flatMap((one) => {
    if (data.tensors[one.target]?.store !== chosen.tensor) return [];
    const formula = formulaOf(machine, one, chosen.offset);
    return formula === undefined ? [] : [formula];
  });
  if (found.length === 0) return [];
  const text = found.map((formula) => write(formula, mathPen(state.name))).join(' + ');
  return [section('Is', make('p', { class: 'formula' }, `${state.name(chosen.tensor, chosen.offset)} = ${text}`))];
}

function usedIn(state: State, { uses }: Relations): HTMLElement[] {
  if (uses.length === 0) return [section('Used in', make('p', {}, 'No forward statement reads it.'))];
  const items = uses.slice(0, 40).map(({ equation, target }, n) => {
    const one = state.data.equations[equation];
    const formula = one && formulaOf(state.machine, one, target.offset);
    const text = formula === undefined ? '' : write(formula, mathPen(state.name));
    const shown = text.length > 240 ? `${text.slice(0, 240)} …` : text;
    const link = make(
      'a',
      { href: `#at=${encodeURIComponent(plainName(state.machine, target))}` },
      state.name(target.tensor, target.offset),
    );
    return make(
      'li',
      { class: `use u${(n % 8) + 1}`, 'data-use': String(n + 1) },
      make('b', { class: 'badge' }, String(n + 1)),
      ' ',
      link,
      ` = ${shown}`,
    );
  });
  return [section(`Used in ${many(uses.length, 'statement')}`, make('ol', { class: 'uses' }, ...items))];
}

function chain(state: State, chosen: Chosen, { uses, terms }: Relations): HTMLElement[] {
  const gradient = gradientOf(state.machine, chosen.tensor);
  if (gradient === undefined) return [];
  const name = state.name(gradient, chosen.offset);
  const total = (state.machine.numbers[gradient] as Float64Array)[chosen.offset] as number;
  if (!state.isKnown(gradient))
    return [section('Chain', make('p', {}, `${name} = –: the backward pass has not come here yet.`))];
  const items = terms.slice(0, 60).map(({ formula, use }, n) => {
    const number = (use ?? n) + 1;
    const names = write(formula, mathPen(state.name));
    const numbers = write(
      formula,
      mathPen((tensor, offset, outer) => {
        const one = (state.machine.numbers[tensor] as Float64Array)[offset] as number;
        return one < 0 && outer > 0 ? `(${full(one)})` : full(one);
      }),
    );
    return make(
      'li',
      { class: `term u${((((number - 1) % 8) + 8) % 8) + 1}`, 'data-term': String(number) },
      make('b', { class: 'badge' }, String(number)),
      ` ${names} = `,
      make('span', { class: 'product' }, numbers),
      ' = ',
      make(
        'span',
        { class: 'value', 'data-value': String(valueAt(state.machine, formula)) },
        short(valueAt(state.machine, formula)),
      ),
    );
  });
  const local = terms.slice(0, 1).flatMap(({ formula, use }) => {
    const used = uses[use ?? 0];
    if (used === undefined) return [];
    const dt = gradientOf(state.machine, used.target.tensor);
    const others = elementsIn(formula).filter((one) => !(one.tensor === dt && one.offset === used.target.offset));
    const rest = others.map(
      (one) =>
        `${state.name(one.tensor, one.offset)} = ${short((state.machine.numbers[one.tensor] as Float64Array)[one.offset] as number)}`,
    );
    return [
      section(
        'Local',
        make(
          'p',
          {},
          `∂${state.name(used.target.tensor, used.target.offset)}/∂${state.name(chosen.tensor, chosen.offset)} is made of ${rest.length === 0 ? '1' : rest.join(', ')}`,
        ),
      ),
    ];
  });
  const sum = make(
    'p',
    {},
    `${name} = ${many(terms.length, 'term')} = `,
    make('output', { id: 'chain-sum', 'data-value': String(total) }, full(total)),
    '. A gradient has as many terms as there are statements that read the number.',
  );
  return [...local, section('Chain', make('ol', { class: 'terms' }, ...items), sum)];
}

/** All digits, with the minus sign of the page. */
function full(value: number): string {
  return String(value).replaceAll('-', '−');
}

function inGeneral(gradient: string | undefined): HTMLElement[] {
  const derivation = all(`[data-derivation="${gradient}"]`)[0];
  if (derivation === undefined) return [];
  const copy = derivation.cloneNode(true) as HTMLElement;
  copy.removeAttribute('data-derivation');
  return [section('In general', copy)];
}

function sliding(state: State, chosen: Chosen): HTMLElement[] {
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
      make('div', { class: 'scroll' }, make('table', { class: 'ways' }, ...rows)),
    ),
  ];
}

function check(state: State, chosen: Chosen, relations: Relations): HTMLElement[] {
  const gradient = gradientOf(state.machine, chosen.tensor);
  const isFree = ['parameter', 'input'].includes(state.data.tensors[chosen.tensor]?.role ?? '');
  if (!isFree || gradient === undefined || relations.terms.length === 0) return [];
  const box = make('div', { id: 'check' });
  const button = make('button', { type: 'button' }, 'Check with differences');
  const run = (): void => {
    const value = (state.machine.numbers[gradient] as Float64Array)[chosen.offset] as number;
    box.replaceChildren(...checkTable(state, chosen, value));
  };
  button.addEventListener('click', run);
  if (state.machine.data.equations.length < 40 && state.machine.parameters.length < 200) queueMicrotask(run);
  return [section('Check', button, box)];
}

function checkTable(state: State, chosen: Chosen, gradient: number): HTMLElement[] {
  const { differences, order, kinks } = checkGradient(state.machine, chosen, gradient);
  const rows = differences.map(({ epsilon, quotient, error }) =>
    make(
      'tr',
      {},
      make('td', {}, epsilon.toExponential(0)),
      make('td', {}, full(quotient)),
      make('td', { class: 'error', 'data-error': String(error) }, error.toExponential(1)),
    ),
  );
  const head = make(
    'tr',
    {},
    ...['ε', '(L(w + ε) − L(w − ε))/2ε', 'error'].map((one) => make('th', { scope: 'col' }, one)),
  );
  const best = Math.min(...differences.map(({ error }) => error));
  const warning =
    kinks.length === 0
      ? []
      : [
          make(
            'p',
            { class: 'warning', role: 'note' },
            `A nudge moves ${kinks.join(' and ')}: there a difference is no test of the gradient.`,
          ),
        ];
  return [
    make(
      'p',
      {},
      `gradient ${full(gradient)}; least error ${best.toExponential(1)}. Order of |L(w + h) − L(w) − h·g|: `,
      make('output', { id: 'order', 'data-value': String(order) }, order.toFixed(2)),
      ' (2 if the gradient g is right, 1 if it is not).',
    ),
    ...warning,
    make('div', { class: 'scroll' }, make('table', {}, head, ...rows)),
    plot(differences.map(({ epsilon, error }) => [Math.log10(epsilon), Math.log10(Math.max(error, 1e-17))])),
    make(
      'p',
      { id: 'rounding' },
      'Why a V: to the right the error is the curvature of L and falls with ε²; to the left it is rounding. L has about 16 digits, so L(w + ε) − L(w − ε) loses more of them the smaller ε is. It does not simply get better as ε shrinks.',
    ),
  ];
}

function plot(points: readonly (readonly number[])[]): HTMLElement {
  const x = (e: number): number => 30 + ((e + 12) / 11) * 250;
  const y = (error: number): number => 10 + ((-error - 0) / 17) * 110;
  const line = points.map(([e, error]) => `${x(e as number).toFixed(1)},${y(error as number).toFixed(1)}`).join(' ');
  const labels = [-12, -6, -1].map((e) => svg('text', { x: x(e), y: 138, 'text-anchor': 'middle' }, `1e${e}`));
  return make(
    'figure',
    {},
    svg(
      'svg',
      { viewBox: '0 0 300 145', role: 'group', 'aria-label': 'error over ε, both axes logarithmic: a V' },
      svg('polyline', { points: line, class: 'curve' }),
      ...labels,
    ) as unknown as HTMLElement,
    make('figcaption', {}, 'error over ε, both logarithmic'),
  );
}

function allTheWay(state: State, chosen: Chosen, { field, reads }: Relations): HTMLElement[] {
  if (field.size === 0 || chosen.tensor === state.data.input) return [];
  const direct = new Set(reads.map(({ tensor, offset }) => `${tensor} ${offset}`)).size;
  return [
    section(
      'All the way',
      make(
        'p',
        {},
        `It reads ${many(direct, 'number')} directly and, through all layers, ${many(field.size, 'place')} of ${state.tensorName(state.data.input)}; they are framed in its picture.`,
      ),
    ),
  ];
}
