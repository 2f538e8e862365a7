import { gradientOf, type Relations, relate } from '../relations.ts';
import { short } from '../slices.ts';
import { writeAddress } from './address.ts';
import { enterGrids } from './grids.ts';
import { showLine } from './lineBox.ts';
import { clearMarks, mark } from './marks.ts';
import { data, editable, elementLabel, machine, session, state } from './session.ts';
import { type Chosen, fillCells, find, make, showSlice, sliceWith } from './view.ts';
import { showWhy } from './why.ts';

/** Chooses a number, or none; `moves` also brings it and its first use into the pictures. */
export function select(one: Chosen | undefined, moves = true): void {
  session.chosen = one;
  clearMarks();
  document.documentElement.classList.toggle('has-choice', one !== undefined);
  const why = find('#why');
  if (one === undefined) {
    const hint = 'Choose a number: click it, or move to it with the arrow keys and press Enter.';
    why.replaceChildren(make('h2', { id: 'why-title' }, 'Why'), make('p', {}, hint));
    session.relations = undefined;
    find('#editor').hidden = true;
    find('#live').textContent = '';
    if (session.derivative) showLine();
    writeAddress();
    return;
  }
  const relations = relate(machine, one);
  session.relations = relations;
  if (moves) bringIntoView(one, relations);
  mark(one, relations);
  showWhy(state, why, one, relations);
  if (moves) why.scrollTop = 0;
  showEditor(one);
  announce(one, relations);
  if (session.derivative) showLine();
  writeAddress();
}

/** Slices that show the number, its first use, and the gradients of both. */
function bringIntoView(one: Chosen, { uses }: Relations): void {
  const first = uses[0]?.target;
  const shown = [one, ...(first === undefined ? [] : [first])].flatMap((each) => {
    const gradient = gradientOf(machine, each.tensor);
    return gradient === undefined ? [each] : [each, { tensor: gradient, offset: each.offset }];
  });
  for (const { tensor, offset } of shown)
    showSlice(state, tensor, sliceWith(data.tensors[tensor]?.shape ?? [], offset));
  enterGrids();
  fillCells(state);
}

function announce(one: Chosen, { uses, terms }: Relations): void {
  const gradient = gradientOf(machine, one.tensor);
  const value = (machine.numbers[one.tensor] as Float64Array)[one.offset] as number;
  const parts = [elementLabel(one.tensor, one.offset), state.isKnown(one.tensor) ? short(value) : 'not computed yet'];
  if (uses.length > 0) parts.push(`used ${uses.length} time${uses.length === 1 ? '' : 's'}`);
  if (gradient !== undefined && terms.length > 0) {
    const slope = (machine.numbers[gradient] as Float64Array)[one.offset] as number;
    parts.push(`gradient ${state.isKnown(gradient) ? short(slope) : '–'}`);
  }
  find('#live').textContent = parts.join(', ');
}

function showEditor(one: Chosen): void {
  find('#editor').hidden = !editable.has(one.tensor);
  find('#editing').textContent = `${elementLabel(one.tensor, one.offset)} =`;
  find<HTMLInputElement>('#value').value = String(machine.numbers[one.tensor]?.[one.offset] ?? 0);
}
