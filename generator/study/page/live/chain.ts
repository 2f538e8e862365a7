import { mathPen } from '../mathPen.ts';
import { type GradientTerm, gradientOf, type Relations } from '../relations.ts';
import { type Formula, valueAt, withoutFactor, write } from '../statements.ts';
import { formulaNodes } from './formulas.ts';
import { isGuessing, questionOf } from './guess.ts';
import { badge, listOf, many } from './lists.ts';
import { colours } from './marks.ts';
import { session } from './session.ts';
import { make, type State, section } from './view.ts';

const [mostTerms, mostLocals] = [60, 60];

/** The gradient of what is chosen, term by term: ∂ of each use, then the chain rule with numbers. */
export function chain(state: State, relations: Relations): HTMLElement[] {
  const { subject, uses, terms } = relations;
  const gradient = gradientOf(state.machine, subject.tensor);
  if (gradient === undefined) return [];
  const name = state.name(gradient, subject.offset);
  const total = state.machine.valueAt(gradient, subject.offset);
  if (!state.isKnown(gradient))
    return [section('Chain rule', make('p', {}, `${name} = –: the backward pass has not come here yet.`))];
  const isAsking = isGuessing(relations);
  const shown = terms.slice(0, isAsking ? session.guess.found : mostTerms);
  const items = shown.map((term) => termItem(state, term));
  const sum = make(
    'p',
    {},
    `${name} = ${many(terms.length, 'term')} = `,
    make('output', { id: 'chain-sum', 'data-value': String(total) }, state.number(total)),
    terms.length === uses.length ? '. It has as many terms as there are statements that read the number.' : '.',
  );
  return [
    ...(isAsking ? [] : localSection(state, relations)),
    section(
      'Chain rule',
      make('p', {}, checkbox('digits', 'all digits', session.allDigits), ' ', guessSwitch(terms)),
      ...listOf('terms', items, isAsking ? items.length : terms.length),
      ...(isAsking ? questionOf(state, relations) : [sum]),
    ),
  ];
}

function guessSwitch(terms: readonly GradientTerm[]): HTMLElement | string {
  return terms.length === 0 ? '' : checkbox('guess', 'guess each term first', session.guess.isOn);
}

function checkbox(id: string, label: string, isOn: boolean): HTMLElement {
  const box = make('input', { type: 'checkbox', id });
  box.checked = isOn;
  return make('label', {}, box, ` ${label}`);
}

function termItem(state: State, { formula, use }: GradientTerm): HTMLElement {
  const number = use === undefined ? undefined : use + 1;
  const value = valueAt(state.machine, formula);
  return make(
    'li',
    { class: `term ${colourOf(use)}`, 'data-term': String(number ?? '') },
    badge(number),
    ' ',
    ...formulaNodes(state, formula),
    ' = ',
    make('span', { class: 'product' }, withNumbers(state, formula)),
    ' = ',
    make('span', { class: 'value', 'data-value': String(value) }, state.number(value)),
  );
}

export function colourOf(use: number | undefined): string {
  return use === undefined ? '' : `u${(use % colours) + 1}`;
}

/** A formula with the numbers in the places of the names. */
function withNumbers(state: State, formula: Formula): string {
  return write(
    formula,
    mathPen((tensor, offset, outer) => {
      const one = state.machine.valueAt(tensor, offset);
      return one < 0 && outer > 0 ? `(${state.number(one)})` : state.number(one);
    }),
  );
}

/** ∂ of each use by the number: its term without the gradient that comes from there. */
function localSection(state: State, { subject, terms, uses }: Relations): HTMLElement[] {
  const by = state.name(subject.tensor, subject.offset);
  const items = terms.slice(0, mostLocals).flatMap(({ formula, use }) => {
    const target = uses[use ?? -1]?.target;
    if (use === undefined || target === undefined) return [];
    const dt = gradientOf(state.machine, target.tensor);
    // ∂L/∂L is 1 and stands in no term.
    const local =
      target.tensor === state.data.loss
        ? formula
        : withoutFactor(formula, (one) => one.tensor === dt && one.offset === target.offset);
    if (local === undefined) return [];
    const number = local.kind === 'number' ? [] : [` = ${state.number(valueAt(state.machine, local))}`];
    return make(
      'li',
      { class: colourOf(use) },
      badge(use + 1),
      ` ∂${state.name(target.tensor, target.offset)}/∂${by} = `,
      ...formulaNodes(state, local),
      ...number,
    );
  });
  const total = items.length + Math.max(0, terms.length - mostLocals);
  return items.length === 0 ? [] : [section('Local derivatives', ...listOf('terms', items, total))];
}
