import { mathPen } from '../mathPen.ts';
import type { Formula } from '../statements.ts';
import { write } from '../statements.ts';
import { make, type State } from './view.ts';

// Private signs around a name that says which element it is.
const [from, middle, to] = ['\uE000', '\uE001', '\uE002'];

/** A name with what it stands for; `piecesOf` reads it back. */
export function marked(tensor: number, offset: number, label: string): string {
  return `${from}${tensor}:${offset}${middle}${label}${to}`;
}

/** A text that reads well without the marks. */
export function unmarked(text: string): string {
  return text.replace(/\uE000[^\uE001]*\uE001([^\uE002]*)\uE002/g, '$1');
}

export type Piece = string | { readonly tensor: number; readonly offset: number; readonly label: string };

export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let last = 0;
  for (const found of text.matchAll(/\uE000(\d+):(\d+)\uE001([^\uE002]*)\uE002/g)) {
    if (found.index > last) pieces.push(text.slice(last, found.index));
    pieces.push({ tensor: Number(found[1]), offset: Number(found[2]), label: found[3] as string });
    last = found.index + found[0].length;
  }
  if (last < text.length) pieces.push(text.slice(last));
  return pieces;
}

/** A formula whose elements can be chosen; cut off after `longest` signs. */
export function formulaNodes(state: State, formula: Formula, longest = Number.POSITIVE_INFINITY): (Node | string)[] {
  return nodesOf(writeMarked(state, formula), longest);
}

export function writeMarked(state: State, formula: Formula): string {
  return write(
    formula,
    mathPen((tensor, offset) => marked(tensor, offset, state.name(tensor, offset))),
  );
}

/** A text with marked names as nodes: each name can be chosen. */
export function nodesOf(text: string, longest = Number.POSITIVE_INFINITY): (Node | string)[] {
  const nodes: (Node | string)[] = [];
  let length = 0;
  for (const piece of piecesOf(text)) {
    if (length > longest) return [...nodes, ' …'];
    const label = typeof piece === 'string' ? piece : piece.label;
    length += label.length;
    nodes.push(
      typeof piece === 'string'
        ? piece
        : make('span', { class: 'e', 'data-e': `${piece.tensor}:${piece.offset}` }, label),
    );
  }
  return nodes;
}
