import type { Sign } from '../../equations/expression.ts';
import { sizeOf, type Tensor } from '../../equations/tensor.ts';
import { atom, product, sum, ternary } from '../functionText.ts';

/** How tightly an operator binds. */
export const precedence = { ternary, sum, product, atom };

/** Comparisons as TypeScript writes them. */
export const signs: { readonly [K in Sign]: string } = { '>': '>', '<': '<', '=': '===', '≠': '!==' };

/** Name of the array that holds a tensor. A tensor of one element leaves its plain name to the local. */
export function arrayName(tensor: Tensor): string {
  return sizeOf(tensor) === 1 && tensor.role !== 'flat' ? `${tensor.name}Array` : tensor.name;
}

/** A text in brackets where what stands around it binds more tightly. */
export function wrap(text: string, own: number, outer: number): string {
  return own < outer ? `(${text})` : text;
}

/** `a`, `+ b`, `- c`: printed terms as they follow one another in a sum. */
export function signed(terms: readonly string[]): string[] {
  return terms.map((text, position) => {
    if (position === 0) return text;
    return text.startsWith('-') ? `- ${text.slice(1)}` : `+ ${text}`;
  });
}

/** Each but the last followed by a separator. */
export function separated(pieces: readonly string[], separator: string): string[] {
  return pieces.map((piece, position) => (position < pieces.length - 1 ? `${piece}${separator}` : piece));
}

const lineWidth = 120;

/** Fills lines up to the width; a piece is never broken. */
export function wrapLines(head: string, pieces: readonly string[], indent: string, end = ';'): string {
  const lines: string[] = [];
  let line = head;
  let isFresh = true;
  for (const piece of pieces) {
    if (!isFresh && line.length + 1 + piece.length > lineWidth) {
      lines.push(line);
      line = `${indent}  ${piece}`;
    } else line += isFresh ? piece : ` ${piece}`;
    isFresh = false;
  }
  return [...lines, line].join('\n') + end;
}
