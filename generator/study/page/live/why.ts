import { gradientOf, type Relations } from '../relations.ts';
import { short } from '../slices.ts';
import { elementsIn, type Formula, formulaOf } from '../statements.ts';
import { chain, colourOf } from './chain.ts';
import { check } from './differences.ts';
import { formulaNodes } from './formulas.ts';
import { isGuessing } from './guess.ts';
import { badge, listOf, many } from './lists.ts';
import { sliding } from './slidingBox.ts';
import { all, type Chosen, find, make, plainName, type State, section } from './view.ts';

/** The panel of one element: used in, local, chain, in general, as sliding, check, all the way. */
export function showWhy(state: State, box: HTMLElement, chosen: Chosen, relations: Relations): void {
  const { machine, data } = state;
  const name = state.name(chosen.tensor, chosen.offset);
  const value = machine.valueAt(chosen.tensor, chosen.offset);
  const { subject } = relations;
  // What comes after the chain would give away what is guessed.
  const rest = isGuessing(relations)
    ? []
    : [
        ...inGeneral(data.tensors[gradientOf(machine, subject.tensor) ?? -1]?.name),
        ...sliding(state, subject),
        ...update(state, subject),
        ...check(state, subject, relations),
        ...(subject.tensor === chosen.tensor ? allTheWay(state, chosen, relations) : []),
      ];
  box.replaceChildren(
    make('h2', { id: 'why-title' }, `Why: ${name} = ${state.isKnown(chosen.tensor) ? short(value) : '–'}`),
    ...(subject.tensor === chosen.tensor ? definition(state, chosen) : meaning(state, chosen, subject)),
    ...usedIn(state, relations),
    ...chain(state, relations),
    ...rest,
  );
}

/** Signs of a formula that are shown, entries of a list, terms of a sum that stands whole. */
const [longest, mostUses, mostSummands] = [240, 40, 2];

/** What a gradient is, and of which number. */
function meaning(state: State, chosen: Chosen, subject: Chosen): HTMLElement[] {
  const [name, of] = [state.name(chosen.tensor, chosen.offset), state.name(subject.tensor, subject.offset)];
  const value = state.machine.valueAt(subject.tensor, subject.offset);
  const written = state.isKnown(subject.tensor) ? ` (${short(value)})` : '';
  const by = state.data.loss === null ? 'what the caller differentiates' : 'the loss L';
  const text = `${name} says how much ${by} rises when `;
  return [section('What it is', make('p', {}, text, link(state, subject, of), `${written} rises a little.`))];
}

function link({ machine }: State, one: Chosen, label: string): HTMLElement {
  const href = `#at=${encodeURIComponent(plainName(machine, one))}`;
  return make('a', { href, 'data-e': `${one.tensor}:${one.offset}` }, label);
}

function definition(state: State, chosen: Chosen): HTMLElement[] {
  const { machine, data } = state;
  const found = data.equations.flatMap((one) => {
    if (data.tensors[one.target]?.store !== chosen.tensor) return [];
    const formula = formulaOf(machine, one, chosen.offset);
    return formula === undefined ? [] : [formula];
  });
  if (found.length === 0) return [];
  const sum = found.flatMap((formula, n) => [...(n === 0 ? [] : [' + ']), ...formulaNodes(state, formula, longest)]);
  return [
    section('What it is', make('p', { class: 'formula' }, `${state.name(chosen.tensor, chosen.offset)} = `, ...sum)),
  ];
}

function usedIn(state: State, { subject, uses }: Relations): HTMLElement[] {
  if (uses.length === 0) return [section('Used in', make('p', {}, 'No forward statement reads it.'))];
  const items = uses.slice(0, mostUses).map(({ equation, target }, n) => {
    const one = state.data.equations[equation];
    const formula = one && formulaOf(state.machine, one, target.offset);
    return make(
      'li',
      { class: `use ${colourOf(n)}`, 'data-use': String(n + 1) },
      badge(n + 1),
      ' ',
      link(state, target, state.name(target.tensor, target.offset)),
      ' = ',
      ...(formula === undefined ? [] : partWith(state, formula, subject)),
    );
  });
  return [section(`Used in ${many(uses.length, 'statement')}`, ...listOf('uses', items, uses.length))];
}

/** A statement; of a long sum the terms that read the number, and how many more there are. */
function partWith(state: State, formula: Formula, { tensor, offset }: Chosen): (Node | string)[] {
  if (formula.kind !== 'plus' || formula.parts.length <= mostSummands) return formulaNodes(state, formula, longest);
  const reads = (part: Formula): boolean =>
    elementsIn(part).some((one) => one.tensor === tensor && one.offset === offset);
  const parts = formula.parts.filter(reads);
  const left = formula.parts.length - parts.length;
  const more = left === 0 ? [] : [` + ${left} more term${left === 1 ? '' : 's'}`];
  return [
    ...formulaNodes(state, parts.length === 1 ? (parts[0] as Formula) : { kind: 'plus', parts }, longest),
    ...more,
  ];
}

/** What a step of plain gradient descent makes of a weight, at the rate that is set. */
function update(state: State, chosen: Chosen): HTMLElement[] {
  const { machine, data } = state;
  const gradient = gradientOf(machine, chosen.tensor);
  const isWeight = data.parameters.some(({ tensor }) => tensor === chosen.tensor);
  if (!isWeight || gradient === undefined || !state.isKnown(gradient) || data.loss === null) return [];
  const rate = Number(find<HTMLInputElement>('#rate').value);
  const value = machine.valueAt(chosen.tensor, chosen.offset);
  const slope = machine.valueAt(gradient, chosen.offset);
  const [name, by] = [state.name(chosen.tensor, chosen.offset), state.name(gradient, chosen.offset)];
  const text = `plain gradient descent: ${name} − rate·${by} = ${short(value)} − ${rate}·${slope < 0 ? `(${short(slope)})` : short(slope)} = ${short(value - rate * slope)}`;
  return [section('Update', make('p', {}, text))];
}

function inGeneral(gradient: string | undefined): HTMLElement[] {
  const derivation = all(`[data-derivation="${gradient}"]`)[0];
  if (derivation === undefined) return [];
  const copy = document.importNode(derivation, true);
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
