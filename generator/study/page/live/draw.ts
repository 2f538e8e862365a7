import { cellOf } from './grids.ts';
import { put, refresh, showLoss } from './run.ts';
import { data, machine, session, state } from './session.ts';
import { fillCells, find } from './view.ts';

/** What the pointer paints with; undefined where it is up. */
let brush: number | undefined;

export function isDrawing(): boolean {
  return find<HTMLInputElement>('#draw').checked;
}

function paint(target: EventTarget | null): void {
  const one = cellOf(target);
  if (one === undefined || one.tensor !== data.input || brush === undefined) return;
  if (machine.numbers[data.input]?.[one.offset] === brush) return;
  put(one, brush);
  machine.run(session.cursor);
  fillCells(state);
  showLoss();
}

/** Where the switch is on, the pointer paints the input with 1, or with 0 where it begins on a 1. */
export function listenToDrawing(): void {
  find('#draw').addEventListener('change', () => document.documentElement.classList.toggle('drawing', isDrawing()));
  document.addEventListener('pointerdown', (event) => {
    const one = cellOf(event.target);
    if (!isDrawing() || one?.tensor !== data.input) return;
    brush = machine.numbers[data.input]?.[one.offset] === 1 ? 0 : 1;
    event.preventDefault();
    paint(event.target);
  });
  document.addEventListener('pointermove', (event) => {
    if (brush !== undefined) paint(document.elementFromPoint(event.clientX, event.clientY));
  });
  const end = (): void => {
    if (brush === undefined) return;
    brush = undefined;
    refresh();
  };
  document.addEventListener('pointerup', end);
  document.addEventListener('pointercancel', end);
}
