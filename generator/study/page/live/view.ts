import type { PageData } from '../ir.ts';
import { type Machine, offsetIn } from '../machine.ts';
import { short, slicesOf, tableOf } from '../slices.ts';
import { elementName } from '../statements.ts';

/** One number of one array. */
export interface Chosen {
  readonly tensor: number;
  readonly offset: number;
}

export interface State {
  readonly data: PageData;
  readonly machine: Machine;
  /** How an element is called under the names that are chosen. */
  name(tensor: number, offset: number): string;
  tensorName(tensor: number): string;
  /** A number as the panel writes it: five digits, or all. */
  number(value: number): string;
  /** Whether the number has been computed, as far as the steps have gone. */
  isKnown(tensor: number): boolean;
}

export function find<T extends Element = HTMLElement>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}

export function all<T extends Element = HTMLElement>(selector: string): T[] {
  return [...document.querySelectorAll<T>(selector)];
}

/** An element with text and children; never markup from strings. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: { readonly [name: string]: string } = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function svg(
  tag: string,
  attributes: { readonly [name: string]: string | number } = {},
  ...children: readonly (Node | string)[]
): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** Writes the machine's numbers into all cells; a dash where nothing has been computed. */
export function fillCells(state: State): void {
  for (const table of all('table[role=grid]')) {
    const tensor = Number(table.dataset.t);
    const numbers = state.machine.numbersOf(tensor);
    const isKnown = state.isKnown(tensor);
    for (const cell of table.querySelectorAll<HTMLElement>('td[data-o]')) {
      const value = numbers[Number(cell.dataset.o)] as number;
      const text = isKnown ? short(value) : '–';
      if (cell.firstChild?.nodeValue !== text) cell.textContent = text;
      shade(cell, isKnown ? value : 0);
    }
  }
}

/** One of 11 shades of a diverging scale, by sign and size; the number stands in the cell as well. */
function shade(cell: HTMLElement, value: number): void {
  const size = Math.min(5, Math.ceil(5 * Math.min(1, Math.abs(value))));
  cell.dataset.v = value === 0 || Number.isNaN(value) ? '0' : `${value < 0 ? 'n' : 'p'}${size}`;
}

/** Shows another slice of an array. */
export function showSlice(state: State, tensor: number, number: number): void {
  const { shape } = state.machine.tensor(tensor);
  const slice = slicesOf(shape)[number];
  if (slice === undefined) return;
  for (const box of all(`[data-grids="${tensor}"]`)) {
    const table = box.querySelector('table');
    const chooser = box.querySelector('select');
    if (table === null || chooser === null) continue;
    const template = document.createElement('template');
    const label = table.getAttribute('aria-label')?.split(',')[0] ?? '';
    template.innerHTML = tableOf(slice, tensor, label, () => '');
    table.replaceWith(template.content);
    chooser.value = String(number);
  }
}

/** The slice that an element is in. */
export function sliceWith(shape: readonly number[], offset: number): number {
  return slicesOf(shape).findIndex(({ rows }) => rows.some(({ offsets }) => offsets.includes(offset)));
}

/** `W2[1,0]` as an element; undefined where there is none of that name. */
export function parseElement(machine: Machine, text: string): Chosen | undefined {
  const [, name, at] = /^([^[\]]+)(?:\[([\d,]*)\])?$/.exec(text) ?? [];
  return elementOf(machine, name ?? '', (at ?? '').split(',').filter(Boolean).map(Number));
}

/** `W2_1_0` likewise. */
export function parseLocal(machine: Machine, text: string): Chosen | undefined {
  const [name, ...at] = text.split('_');
  return elementOf(machine, name ?? '', at.map(Number));
}

function elementOf({ data }: Machine, name: string, at: readonly number[]): Chosen | undefined {
  const tensor = data.tensors.findIndex((one, n) => one.name === name && one.store === n);
  const shape = data.tensors[tensor]?.shape;
  if (shape === undefined || at.some(Number.isNaN)) return undefined;
  const left = [...at];
  const whole = shape.map((size) => (size === 1 ? 0 : (left.shift() ?? -1)));
  const offset = left.length > 0 ? undefined : offsetIn(shape, whole);
  return offset === undefined ? undefined : { tensor, offset };
}

export function plainName(machine: Machine, { tensor, offset }: Chosen): string {
  return elementName(machine, tensor, offset);
}

export function section(title: string, ...children: readonly (Node | string)[]): HTMLElement {
  return make('section', {}, make('h3', {}, title), ...children);
}

/** All digits, with the minus sign of the page. */
export function fullNumber(value: number): string {
  return String(value).replaceAll('-', '−');
}
