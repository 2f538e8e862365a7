import { data } from './session.ts';
import { all, type Chosen } from './view.ts';

/** Tab reaches each picture once; arrows move inside. */
export function enterGrids(): void {
  for (const table of all('table[role=grid]')) {
    const cells = [...table.querySelectorAll<HTMLElement>('td')];
    const entry = cells.find((cell) => cell.tabIndex === 0) ?? cells[0];
    for (const cell of cells) cell.tabIndex = cell === entry ? 0 : -1;
  }
}

/** The number in the cell under an event. */
export function cellOf(target: EventTarget | null): Chosen | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('td[data-o]') : null;
  const table = cell?.closest<HTMLElement>('table[data-t]');
  if (!cell || !table) return undefined;
  const tensor = Number(table.dataset.t);
  return { tensor: data.tensors[tensor]?.store ?? tensor, offset: Number(cell.dataset.o) };
}

/** Moves the focus by rows and columns, as far as the picture goes. */
export function moveFocus(from: Element, rows: number, columns: number): void {
  const [cell, row, body] = [from.closest('td'), from.closest('tr'), from.closest('tbody')];
  if (cell === null || row === null || body === null) return;
  const next = body.rows[[...body.rows].indexOf(row) + rows]?.cells[cell.cellIndex + columns];
  if (next?.tagName === 'TD') focusCell(next);
}

/** The cell becomes the one that Tab reaches in its picture. */
export function focusCell(cell: HTMLElement): void {
  for (const one of cell.closest('table')?.querySelectorAll<HTMLElement>('td[tabindex="0"]') ?? []) one.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus();
}
