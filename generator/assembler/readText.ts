/** A word, a string with its quotes, or a list in parentheses. */
export type Node = string | readonly Node[];

/** Words, strings, parentheses; comments and white space lie between them. */
const token = /;;[^\n]*|\(;[\s\S]*?;\)|\s+|([()])|("(?:[^"\\]|\\.)*")|([^\s()";]+)|[\s\S]/gy;

/**
 * Reads WebAssembly text into nested lists: `(func (local.get $x))` becomes `['func', ['local.get', '$x']]`.
 *
 * @throws Error at a character that belongs to nothing, or where parentheses do not match
 */
export function readText(text: string): readonly Node[] {
  const top: Node[] = [];
  const open: Node[][] = [top];
  for (const { 0: all, 1: parenthesis, 2: quoted, 3: word, index } of text.matchAll(token)) {
    const inside = open.at(-1) as Node[];
    if (parenthesis === '(') {
      const list: Node[] = [];
      inside.push(list);
      open.push(list);
    } else if (parenthesis === ')') {
      if (open.length === 1) throw new Error(`character ${index} of the text: found ")" without "("`);
      open.pop();
    } else if (quoted ?? word) inside.push((quoted ?? word) as string);
    else if (!/^(?:\s|;;|\(;)/.test(all)) throw new Error(`character ${index} of the text: found ${all}`);
  }
  if (open.length > 1) throw new Error('the text ends within parentheses');
  return top;
}

/** The first word of a list; empty where there is none. */
export function headOf(node: Node | undefined): string {
  return typeof node === 'object' && typeof node[0] === 'string' ? node[0] : '';
}
