/** A word, a string with its quotes, or a list in parentheses. */
export type Node = string | readonly Node[];

/** Words, strings, parentheses; comments and white space lie between them. */
const token = /;;[^\n]*|\(;[\s\S]*?;\)|\s+|([()])|("(?:[^"\\]|\\.)*")|([^\s()";]+)|[\s\S]/gy;

/**
 * Reads WebAssembly text into nested lists: `(func (local.get $x))` becomes `['func', ['local.get', '$x']]`.
 *
 * @throws Error at a character that belongs to nothing, or where parentheses do not match
 */
export function readText(wat: string): readonly Node[] {
  const top: Node[] = [];
  const outer: Node[][] = [];
  let inside = top;
  for (const { 0: all, 1: parenthesis, 2: quoted, 3: word, index } of wat.matchAll(token)) {
    const text = quoted ?? word;
    if (parenthesis === '(') {
      const list: Node[] = [];
      inside.push(list);
      outer.push(inside);
      inside = list;
    } else if (parenthesis === ')') {
      const around = outer.pop();
      if (around === undefined) throw new Error(`character ${index} of the text: found ")" without "("`);
      inside = around;
    } else if (text) inside.push(text);
    else if (!/^(?:\s|;;|\(;)/.test(all)) throw new Error(`character ${index} of the text: found ${all}`);
  }
  if (outer.length > 0) throw new Error('the text ends within parentheses');
  return top;
}

/** What stands behind the head of a list. @throws Error at a word */
export function partsOf(node: Node | undefined): readonly Node[] {
  if (typeof node !== 'object') throw new Error(`found ${node}, expected a list in parentheses`);
  return node.slice(1);
}

/** A word or a quoted string. @throws Error at a list, and where nothing stands */
export function wordOf(node: Node | undefined): string {
  if (typeof node !== 'string') throw new Error(`found ${node === undefined ? 'nothing' : 'a list'}, expected a word`);
  return node;
}

/** The first word of a list; empty where there is none. */
export function headOf(node: Node | undefined): string {
  return typeof node === 'object' && typeof node[0] === 'string' ? node[0] : '';
}
