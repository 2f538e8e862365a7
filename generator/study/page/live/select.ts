import { gradientOf, type Relations, relate } from '../relations.ts';
import { short } from '../slices.ts';
import { writeAddress } from './address.ts';
import { enterGrids } from './grids.ts';
import { isGuessing } from './guess.ts';
import { showLine } from './lineBox.ts';
import { clearMarks, mark } from './marks.ts';
import { data, editable, elementLabel, machine, session, state } from './session.ts';
import { type Chosen, fillCells, find, make, plainName, showSlice, sliceWith } from './view.ts';
import { showWhy } from './why.ts';

/** Chooses a number, or none; `moves` also brings it and its first use into the pictures. */
export function select(one: Chosen | undefined, moves = true): void {
  session.chosen = one;
  clearMarks();
  document.documentElement.classList.toggle('has-choice', one !== undefined);
  const why = find('#why');
  if (one === undefined) {
    why.replaceChildren(make('h2', { id: 'why-title' }, 'Why'), ...invitation());
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
  mark(one, relations, !isGuessing(relations));
  showWhy(state, why, one, relations);
  if (moves) why.scrollTop = 0;
  showEditor(one);
  announce(one, relations);
  if (session.derivative) showLine();
  writeAddress();
}

/** What can be chosen, with examples of this network. */
function invitation(): HTMLElement[] {
  const weight = data.parameters[0]?.tensor ?? data.input;
  const gradient = gradientOf(machine, weight);
  const examples: (readonly [number, string])[] = [
    [weight, data.parameters.length > 0 ? 'a weight' : 'an input'],
    ...(gradient === undefined ? [] : [[gradient, 'its gradient'] as const]),
    [data.output, 'what comes out'],
  ];
  const items = examples.map(([tensor, what]) => {
    const one = { tensor: data.tensors[tensor]?.store ?? tensor, offset: 0 };
    const label = elementLabel(one.tensor, 0);
    const href = `#at=${encodeURIComponent(plainName(machine, one))}`;
    return make('li', {}, make('a', { href, 'data-e': `${one.tensor}:0` }, label), `, ${what}`);
  });
  return [
    make('p', {}, 'Choose any number below: click it, or move to it with the arrow keys and press Enter. For example:'),
    make('ul', {}, ...items),
    make('p', {}, 'Then it stands here where the number comes from, what it does, and why its gradient is what it is.'),
  ];
}

/** Slices that show the number, its first use, and the gradients of both. */
function bringIntoView(one: Chosen, { subject, uses }: Relations): void {
  const first = uses[0]?.target;
  const shown = [one, subject, ...(first === undefined ? [] : [first])].flatMap((each) => {
    const gradient = gradientOf(machine, each.tensor);
    return gradient === undefined ? [each] : [each, { tensor: gradient, offset: each.offset }];
  });
  for (const { tensor, offset } of shown)
    showSlice(state, tensor, sliceWith(data.tensors[tensor]?.shape ?? [], offset));
  enterGrids();
  fillCells(state);
}

function announce(one: Chosen, { subject, uses, terms }: Relations): void {
  const gradient = gradientOf(machine, one.tensor);
  const value = machine.valueAt(one.tensor, one.offset);
  const parts = [elementLabel(one.tensor, one.offset), state.isKnown(one.tensor) ? short(value) : 'not computed yet'];
  if (subject.tensor !== one.tensor) parts.push(`gradient of ${elementLabel(subject.tensor, subject.offset)}`);
  if (uses.length > 0) parts.push(`used ${uses.length} time${uses.length === 1 ? '' : 's'}`);
  if (gradient !== undefined && terms.length > 0) {
    const slope = machine.valueAt(gradient, one.offset);
    parts.push(`gradient ${state.isKnown(gradient) ? short(slope) : '–'}`);
  }
  find('#live').textContent = parts.join(', ');
}

function showEditor(one: Chosen): void {
  find('#editor').hidden = !editable.has(one.tensor);
  find('#editing').textContent = `${elementLabel(one.tensor, one.offset)} =`;
  find<HTMLInputElement>('#value').value = String(machine.numbers[one.tensor]?.[one.offset] ?? 0);
}
