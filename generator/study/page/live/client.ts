import { formulaOf, statementOf } from '../statements.ts';
import { writeAddress } from './address.ts';
import { isDrawing, listenToDrawing } from './draw.ts';
import { cellOf, enterGrids, focusCell, moveFocus } from './grids.ts';
import { answer, isGuessing, reveal, startGuessing } from './guess.ts';
import { showLine } from './lineBox.ts';
import { many } from './lists.ts';
import { mark } from './marks.ts';
import { readAddress } from './restore.ts';
import { edit, refresh, reset, showNames, stepForth, stepTo } from './run.ts';
import { select } from './select.ts';
import { data, machine, model, session, state } from './session.ts';
import { train } from './train.ts';
import { all, type Chosen, fillCells, find, parseLocal, showSlice } from './view.ts';

/** What an event is about: the page itself where it is nothing in it. */
function targetOf({ target }: Event): Element {
  return target instanceof Element ? target : document.documentElement;
}

/** A word of the code under the pointer. */
function wordAt(event: MouseEvent): Chosen | undefined {
  // A button that the keyboard presses is clicked at no place, and whatever stands there is not meant.
  if (!targetOf(event).closest('pre')) return undefined;
  const position = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const text = position?.offsetNode;
  if (!(text instanceof Text) || text.parentElement?.tagName !== 'PRE') return undefined;
  const before = /[\p{L}\p{M}\d_]*$/u.exec(text.data.slice(0, position?.offset))?.[0] ?? '';
  const after = /^[\p{L}\p{M}\d_]*/u.exec(text.data.slice(position?.offset))?.[0] ?? '';
  return parseLocal(machine, before + after);
}

/** What was clicked: a cell, a word of code, an element in a formula, or a name, which stands for its first number. */
function clicked(event: MouseEvent): Chosen | undefined {
  const target = targetOf(event);
  const [tensor, offset] = target.closest<HTMLElement>('[data-e]')?.dataset.e?.split(':').map(Number) ?? [];
  if (tensor !== undefined && offset !== undefined) return { tensor, offset };
  const name = target.closest<HTMLElement>('.n');
  return cellOf(target) ?? wordAt(event) ?? (name ? { tensor: Number(name.dataset.t), offset: 0 } : undefined);
}

function onClick(event: MouseEvent): void {
  const target = targetOf(event);
  if (isDrawing() && cellOf(target)?.tensor === data.input) return;
  const link = target.closest<HTMLAnchorElement>('a[href^="#"]');
  // The address holds the state: a place in the page is gone to without it.
  if (link !== null) {
    event.preventDefault();
    const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    place?.scrollIntoView();
    place?.focus({ preventScroll: true });
  }
  const one = link?.dataset.e === undefined && link !== null ? undefined : clicked(event);
  if (one !== undefined) pick(one);
}

/** From the pictures to the panel, and back to the number that is chosen. */
function crossOver(): void {
  const why = find('#why');
  const cell = document.querySelector<HTMLElement>('main td.chosen');
  if (!why.contains(document.activeElement)) why.focus();
  else if (cell !== null) focusCell(cell);
}

/** A choice; while a term is guessed, the answer. Nothing ends guessing. */
function pick(one: Chosen | undefined): void {
  const { chosen, relations } = session;
  if (one === undefined) startGuessing(false);
  else if (chosen !== undefined && isGuessing(relations)) {
    answer(one, relations);
    guessOn(chosen);
    return;
  } else startGuessing(session.guess.isOn);
  select(one);
}

/** Shows the next question, and says to screen readers how the guess was. */
function guessOn(chosen: Chosen): void {
  const { guess, relations } = session;
  const isOver = !isGuessing(relations);
  const missed = `${many(guess.missed, 'guess')} ${guess.missed === 1 ? 'was' : 'were'} not it`;
  const end = isOver ? ` Every term is found, ${missed}.` : '';
  select(chosen, false);
  find('#message').textContent = `${guess.says}${end}`;
}

/** The switches of the panel, which is written anew with every choice. */
function listenToPanel(): void {
  const box = find('#why');
  box.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    const { id, checked } = target;
    if (id === 'digits') session.allDigits = checked;
    else if (id === 'guess') startGuessing(checked);
    else return;
    select(session.chosen, false);
    document.getElementById(id)?.focus();
  });
  box.addEventListener('click', (event) => {
    if (targetOf(event).id !== 'show-term' || session.chosen === undefined) return;
    reveal('');
    guessOn(session.chosen);
    (document.getElementById('show-term') ?? box).focus();
  });
}

const arrows: { readonly [key: string]: readonly [number, number] } = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

function onKey(event: KeyboardEvent): void {
  const target = targetOf(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName)) return;
  if (event.key === 'Escape') pick(undefined);
  if (event.key === '[') stepTo(session.cursor - 1);
  if (event.key === ']') stepForth();
  if (event.key === 'w') crossOver();
  const one = target.tagName === 'TD' ? cellOf(target) : undefined;
  if (one === undefined) return;
  const step = arrows[event.key];
  if (step !== undefined) moveFocus(target, ...step);
  else if (event.key === 'Enter' || event.key === ' ') pick(one);
  else if (/^\d$/.test(event.key) && one.tensor === data.input) edit(one, Number(event.key));
  else return;
  event.preventDefault();
}

function on(selector: string, type: string, run: () => void): void {
  find(selector).addEventListener(type, run);
}

function listenToRun(): void {
  on('#back', 'click', () => stepTo(session.cursor - 1));
  on('#forth', 'click', stepForth);
  on('#train', 'click', () => train(1));
  on('#run', 'click', () => train(100));
  const anew = (): void => {
    reset();
    refresh();
  };
  on('#reset', 'click', anew);
  on('#preset', 'change', anew);
  on('#seed', 'change', () => {
    session.seed = Math.trunc(Number(find<HTMLInputElement>('#seed').value)) || 1;
    anew();
  });
  const set = (): void => {
    const value = find<HTMLInputElement>('#value').value.trim().replace('−', '-').replace(',', '.');
    if (session.chosen !== undefined && value !== '') edit(session.chosen, Number(value));
  };
  find('#editor').addEventListener('submit', (event) => {
    event.preventDefault();
    set();
  });
  on('#value', 'change', set);
}

function listenToViews(): void {
  on('#names', 'change', () => {
    session.naming = find<HTMLSelectElement>('#names').value;
    showNames();
    refresh();
  });
  on('#depth', 'input', () => {
    session.opened = new Set();
    showLine();
  });
  on('#derivative', 'change', () => {
    session.derivative = find<HTMLInputElement>('#derivative').checked;
    showLine();
  });
  on('#close', 'click', () => pick(undefined));
  on('#copy', 'click', () => {
    writeAddress();
    void navigator.clipboard?.writeText(location.href).catch(() => undefined);
    find('#message').textContent = 'The address of this page holds the whole state.';
  });
  for (const chooser of all<HTMLSelectElement>('select[data-slice]')) {
    chooser.addEventListener('change', () => {
      showSlice(state, Number(chooser.dataset.slice), Number(chooser.value));
      enterGrids();
      fillCells(state);
      markAgain();
    });
  }
  for (const button of all('button[data-write]'))
    button.addEventListener('click', () => writeStatements(Number(button.dataset.write)));
}

function markAgain(): void {
  const { chosen, relations } = session;
  if (chosen !== undefined && relations !== undefined) mark(chosen, relations, !isGuessing(relations));
}

const mostStatements = 2000;

/** Writes out the statements of an equation that were too many to be in the page. */
function writeStatements(number: number): void {
  const equation = data.equations[number];
  if (equation === undefined) return;
  const { store } = machine.tensor(equation.target);
  const count = machine.numbers[store]?.length ?? 0;
  const lines = Array.from({ length: Math.min(count, mostStatements) }, (_, offset) =>
    formulaOf(machine, equation, offset) === undefined ? '' : statementOf(machine, equation, offset),
  ).filter(Boolean);
  const rest = count > mostStatements ? [`// … and ${count - mostStatements} more`] : [];
  const box = find(`pre[data-eq="${number}"]`);
  box.textContent = `${[...lines, ...rest].join('\n')}\n`;
  box.hidden = false;
  markAgain();
}

/** For the console: `longhand.numbers('dz2')` gives an array with all digits. */
Object.assign(globalThis, {
  longhand: {
    numbers: (name: string): number[] => {
      const tensor = data.tensors.findIndex((one, n) => one.name === name && one.store === n);
      return [...(machine.numbers[tensor] ?? [])];
    },
  },
});

document.documentElement.classList.add('live');
if (data.loss === null || model === undefined) for (const box of all('.trains')) box.hidden = true;
enterGrids();
document.addEventListener('click', onClick);
document.addEventListener('keydown', onKey);
listenToDrawing();
listenToRun();
listenToViews();
listenToPanel();
readAddress();
// An address without `=` is a place in the page, not a state.
addEventListener('hashchange', () => {
  if (location.hash === '' || location.hash.includes('=')) readAddress();
});
