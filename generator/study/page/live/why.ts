import { type GradientTerm, gradientOf, type Relations, type Use } from '../relations.ts';
import { short } from '../slices.ts';
import { formulaOf, mathPen, valueAt, withoutFactor, write } from '../statements.ts';
import { check } from './differences.ts';
import { formulaNodes } from './formulas.ts';
import { colours } from './marks.ts';
import { sliding } from './slidingBox.ts';
import { all, type Chosen, find, fullNumber, make, plainName, type State, section } from './view.ts';

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
    ...update(state, chosen),
    ...check(state, chosen, relations),
    ...allTheWay(state, chosen, relations),
  );
}

/** Signs of a formula that are shown, and entries of a list. */
const [longest, mostUses, mostTerms, mostLocals] = [240, 40, 60, 16];

const many = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

function definition(state: State, chosen: Chosen): HTMLElement[] {
  const { machine, data } = state;
  const found = data.equations.flatMap((one) => {
    if (data.tensors[one.target]?.store !== chosen.tensor) return [];
    const formula = formulaOf(machine, one, chosen.offset);
    return formula === undefined ? [] : [formula];
  });
  if (found.length === 0) return [];
  const sum = found.flatMap((formula, n) => [...(n === 0 ? [] : [' + ']), ...formulaNodes(state, formula, longest)]);
  return [section('Is', make('p', { class: 'formula' }, `${state.name(chosen.tensor, chosen.offset)} = `, ...sum))];
}

function usedIn(state: State, { uses }: Relations): HTMLElement[] {
  if (uses.length === 0) return [section('Used in', make('p', {}, 'No forward statement reads it.'))];
  const items = uses.slice(0, mostUses).map(({ equation, target }, n) => {
    const one = state.data.equations[equation];
    const formula = one && formulaOf(state.machine, one, target.offset);
    const link = make(
      'a',
      {
        href: `#at=${encodeURIComponent(plainName(state.machine, target))}`,
        'data-e': `${target.tensor}:${target.offset}`,
      },
      state.name(target.tensor, target.offset),
    );
    return make(
      'li',
      { class: `use u${(n % colours) + 1}`, 'data-use': String(n + 1) },
      make('b', { class: 'badge' }, String(n + 1)),
      ' ',
      link,
      ' = ',
      ...(formula === undefined ? [] : formulaNodes(state, formula, longest)),
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
  const items = terms.slice(0, mostTerms).map(({ formula, use }, n) => {
    const number = (use ?? n) + 1;
    const numbers = write(
      formula,
      mathPen((tensor, offset, outer) => {
        const one = (state.machine.numbers[tensor] as Float64Array)[offset] as number;
        return one < 0 && outer > 0 ? `(${fullNumber(one)})` : fullNumber(one);
      }),
    );
    return make(
      'li',
      { class: `term u${((number - 1) % colours) + 1}`, 'data-term': String(number) },
      make('b', { class: 'badge' }, String(number)),
      ' ',
      ...formulaNodes(state, formula),
      ' = ',
      make('span', { class: 'product' }, numbers),
      ' = ',
      make(
        'span',
        { class: 'value', 'data-value': String(valueAt(state.machine, formula)) },
        short(valueAt(state.machine, formula)),
      ),
    );
  });
  const sum = make(
    'p',
    {},
    `${name} = ${many(terms.length, 'term')} = `,
    make('output', { id: 'chain-sum', 'data-value': String(total) }, fullNumber(total)),
    terms.length === uses.length ? '. It has as many terms as there are statements that read the number.' : '.',
  );
  return [...localSection(state, chosen, terms, uses), section('Chain', make('ol', { class: 'terms' }, ...items), sum)];
}

/** ∂ of each use by the number: its term without the gradient that comes from there. */
function localSection(
  state: State,
  chosen: Chosen,
  terms: readonly GradientTerm[],
  uses: readonly Use[],
): HTMLElement[] {
  const by = state.name(chosen.tensor, chosen.offset);
  const items = terms.slice(0, mostLocals).flatMap(({ formula, use }) => {
    const target = uses[use ?? -1]?.target;
    if (use === undefined || target === undefined) return [];
    const dt = gradientOf(state.machine, target.tensor);
    const local = withoutFactor(formula, (one) => one.tensor === dt && one.offset === target.offset);
    if (local === undefined) return [];
    const value = valueAt(state.machine, local);
    const number = local.kind === 'number' ? [] : [` = ${short(value)}`];
    return make(
      'li',
      { class: `u${(use % colours) + 1}` },
      make('b', { class: 'badge' }, String(use + 1)),
      ` ∂${state.name(target.tensor, target.offset)}/∂${by} = `,
      ...formulaNodes(state, local),
      ...number,
    );
  });
  const rest = terms.length > mostLocals ? [make('p', {}, `and so on, ${many(terms.length, 'time')} in all`)] : [];
  return items.length === 0 ? [] : [section('Local', make('ol', { class: 'terms' }, ...items), ...rest)];
}

/** What a step of plain gradient descent makes of a weight, at the rate that is set. */
function update(state: State, chosen: Chosen): HTMLElement[] {
  const { machine, data } = state;
  const gradient = gradientOf(machine, chosen.tensor);
  const isWeight = data.parameters.some(({ tensor }) => tensor === chosen.tensor);
  if (!isWeight || gradient === undefined || !state.isKnown(gradient) || data.loss === null) return [];
  const rate = Number(find<HTMLInputElement>('#rate').value);
  const value = (machine.numbers[chosen.tensor] as Float64Array)[chosen.offset] as number;
  const slope = (machine.numbers[gradient] as Float64Array)[chosen.offset] as number;
  const [name, by] = [state.name(chosen.tensor, chosen.offset), state.name(gradient, chosen.offset)];
  const text = `plain gradient descent: ${name} − rate·${by} = ${short(value)} − ${rate}·${slope < 0 ? `(${short(slope)})` : short(slope)} = ${short(value - rate * slope)}`;
  return [section('Update', make('p', {}, text))];
}

function inGeneral(gradient: string | undefined): HTMLElement[] {
  const derivation = all(`[data-derivation="${gradient}"]`)[0];
  if (derivation === undefined) return [];
  const copy = derivation.cloneNode(true) as HTMLElement;
  copy.removeAttribute('data-derivation');
  return [section('In general', copy)];
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
