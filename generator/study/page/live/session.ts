import type { PageData } from '../ir.ts';
import { Machine } from '../machine.ts';
import type { Relations } from '../relations.ts';
import { rounded } from '../slices.ts';
import { elementName } from '../statements.ts';
import { type EmittedModel, type Ends, flatModel } from './ends.ts';
import { type Chosen, find, fullNumber, type State } from './view.ts';

declare const emitted: { createModel(): EmittedModel; readonly network: Ends } | undefined;

export const data = JSON.parse(find('#data').textContent ?? '') as PageData;
export const machine = new Machine(data);
/** The emitted module; none where it is too large for a page. */
export const model = typeof emitted === 'undefined' ? undefined : flatModel(emitted.createModel(), emitted.network);

/** What the reader did to the numbers, in order: the address holds it, so that a link shows the same. */
export type Deed =
  | { readonly kind: 'set'; readonly element: string; readonly value: number }
  | { readonly kind: 'train'; readonly rate: number; readonly steps: number };

interface Session {
  chosen: Chosen | undefined;
  relations: Relations | undefined;
  seed: number;
  /** How many equations have been computed. */
  cursor: number;
  naming: string;
  deeds: Deed[];
  losses: number[];
  /** Names that are opened in the one line. */
  opened: Set<string>;
  derivative: boolean;
  /** Whether the panel shows all digits of its numbers. */
  allDigits: boolean;
  /** Whether the reader says which number stands in each term before it is shown; how many were found, how many guesses were not. */
  guess: { isOn: boolean; found: number; missed: number; says: string };
}

/** Where the reader is. */
export const session: Session = {
  chosen: undefined,
  relations: undefined,
  seed: 1,
  cursor: data.equations.length,
  naming: 'longhand',
  deeds: [],
  losses: [],
  opened: new Set(),
  derivative: false,
  allDigits: false,
  guess: { isOn: false, found: 0, missed: 0, says: '' },
};

/** Digits of the panel's numbers: those of a cell are three. */
const panelDigits = 5;

function gradientName(of: string): string {
  if (session.naming === 'leibniz') return `∂L/∂${of}`;
  if (session.naming === 'delta' && of.startsWith('z')) return `δ${of.slice(1)}`;
  const own = session.naming === 'own' ? data.names[of] : undefined;
  return own === undefined ? `d${of}` : `∂L/∂${own}`;
}

/** A tensor's name under the names that are chosen. */
export function renamed(name: string): string {
  const own = session.naming === 'own' ? data.names[name] : undefined;
  if (own !== undefined) return own;
  const isGradient = /^d./.test(name) && data.tensors.some((one) => one.name === name && one.role === 'gradient');
  return isGradient ? gradientName(name.slice(1)) : name;
}

/** `W2[1,0]`, or `red W(2,1)` where the file's own text counts from 1. */
export function elementLabel(tensor: number, offset: number): string {
  const base = session.naming === 'own' ? data.base : 0;
  const plain = elementName(machine, tensor, offset, base);
  const name = data.tensors[tensor]?.name ?? '';
  const at = plain.slice(name.length);
  return renamed(name) + (base === 1 ? at.replace('[', '(').replace(']', ')') : at);
}

export const state: State = {
  data,
  machine,
  name: elementLabel,
  number: (value) => (session.allDigits ? fullNumber(value) : rounded(value, panelDigits)),
  tensorName: (tensor) => renamed(data.tensors[tensor]?.name ?? ''),
  isKnown(tensor) {
    const store = data.tensors[tensor]?.store;
    const writers = data.equations.flatMap((one, n) => (data.tensors[one.target]?.store === store ? [n] : []));
    return store === data.given || writers.every((one) => one < session.cursor);
  },
};

/** What a reader may change. */
export const editable: ReadonlySet<number> = new Set([
  data.input,
  data.given,
  ...data.parameters.map(({ tensor }) => tensor),
]);
