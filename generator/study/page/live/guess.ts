import { mathPen } from '../mathPen.ts';
import { gradientOf, type Relations } from '../relations.ts';
import { elementsIn, write } from '../statements.ts';
import { marked, nodesOf } from './formulas.ts';
import { badge, many } from './lists.ts';
import { machine, session, state } from './session.ts';
import { type Chosen, make, type State } from './view.ts';

/** Terms that are asked for: of more the others are shown with the last. */
const mostAsked = 12;

/** Whether a factor of a term is still hidden, and a choice is an answer. */
export function isGuessing(relations: Relations | undefined): relations is Relations {
  if (relations === undefined || !session.guess.isOn || hiddenIn(relations) === undefined) return false;
  const gradient = gradientOf(machine, relations.subject.tensor);
  return gradient !== undefined && state.isKnown(gradient);
}

/** Begins with the first term again, or ends. */
export function startGuessing(isOn: boolean): void {
  session.guess = { isOn, found: 0, missed: 0, says: '' };
}

/** What is hidden in the next term: in turns the gradient that comes back, and what it is multiplied with. */
function hiddenIn({ uses, terms }: Relations): Chosen | undefined {
  const { found } = session.guess;
  const term = found < mostAsked ? terms[found] : undefined;
  if (term === undefined) return undefined;
  const all = elementsIn(term.formula);
  const target = uses[term.use ?? -1]?.target;
  const gradient = target && gradientOf(machine, target.tensor);
  const isBack = (one: Chosen): boolean => one.tensor === gradient && one.offset === target?.offset;
  const [back, others] = [all.find(isBack), all.filter((one) => !isBack(one))];
  const hidden = found % 2 === 0 ? (back ?? others[0]) : (others[0] ?? back);
  return hidden && { tensor: hidden.tensor, offset: hidden.offset };
}

/** The next term with a question mark in the place of what is hidden. */
export function questionOf(current: State, relations: Relations): HTMLElement[] {
  const hidden = hiddenIn(relations);
  const term = relations.terms[session.guess.found];
  if (hidden === undefined || term === undefined) return [];
  const isHidden = (tensor: number, offset: number): boolean => tensor === hidden.tensor && offset === hidden.offset;
  const text = write(
    term.formula,
    mathPen((tensor, offset) =>
      isHidden(tensor, offset) ? '?' : marked(tensor, offset, current.name(tensor, offset)),
    ),
  );
  const number = term.use === undefined ? undefined : term.use + 1;
  const left = relations.terms.length - session.guess.found;
  return [
    make('p', { id: 'question' }, badge(number), ' ', ...nodesOf(text)),
    make('p', {}, `${session.guess.says} Which number belongs in the place of the question mark? Choose its cell.`),
    make('p', {}, make('button', { type: 'button', id: 'show-term' }, 'show it'), ` ${many(left, 'term')} to find`),
  ];
}

/** What the reader says is hidden. */
export function answer(one: Chosen, relations: Relations): void {
  const hidden = hiddenIn(relations);
  const { guess } = session;
  if (hidden === undefined) return;
  const name = state.name(one.tensor, one.offset);
  if (one.tensor === hidden.tensor && one.offset === hidden.offset) reveal(`Right: ${name}.`);
  else session.guess = { ...guess, missed: guess.missed + 1, says: `${name} is not it${hint(one, relations)}.` };
}

/** Shows what is hidden and goes on to the next term. */
export function reveal(says: string): void {
  session.guess = { ...session.guess, found: session.guess.found + 1, says };
}

function hint(one: Chosen, { uses, terms }: Relations): string {
  const other = terms.find(({ formula }) =>
    elementsIn(formula).some(({ tensor, offset }) => tensor === one.tensor && offset === one.offset),
  );
  const target = uses[terms[session.guess.found]?.use ?? -1]?.target;
  const where = target === undefined ? '' : `: this term comes from ${state.name(target.tensor, target.offset)}`;
  return other?.use === undefined ? where : `, it stands in term ${other.use + 1}${where}`;
}
