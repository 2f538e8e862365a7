import { gradientOf, type Relations } from '../relations.ts';
import { localOf } from '../statements.ts';
import { data, machine } from './session.ts';
import { all, type Chosen, find } from './view.ts';

/** How many colours uses have; their numbers go on. */
export const colours = 8;

function cellsOf({ tensor, offset }: Chosen): HTMLElement[] {
  return all(`table[data-t="${tensor}"] td[data-o="${offset}"]`);
}

export function clearMarks(): void {
  for (const cell of all('td.chosen, td.partner, td.used, td.term, td.field, td.read')) {
    cell.classList.remove('chosen', 'partner', 'used', 'term', 'field', 'read');
    cell.removeAttribute('aria-selected');
    delete cell.dataset.k;
    delete cell.dataset.c;
  }
  CSS.highlights?.clear();
  for (const name of all('.n.on')) name.classList.remove('on');
}

function number(cells: readonly HTMLElement[], kind: string, use: number): void {
  for (const cell of cells) {
    cell.classList.add(kind);
    cell.dataset.k = String(use + 1);
    cell.dataset.c = String((use % colours) + 1);
  }
}

/** The same numbers and colours in pictures, equations and code; without terms where the reader is asked for them. */
export function mark(one: Chosen, { subject, uses, terms: caused, field, reads }: Relations, hasTerms: boolean): void {
  const terms = hasTerms ? caused : [];
  for (const cell of cellsOf(one)) {
    cell.classList.add('chosen');
    cell.setAttribute('aria-selected', 'true');
  }
  const own = gradientOf(machine, subject.tensor);
  const partner = subject.tensor === one.tensor ? own : subject.tensor;
  if (partner !== undefined)
    for (const cell of cellsOf({ tensor: partner, offset: one.offset })) cell.classList.add('partner');
  for (const [n, { target }] of uses.entries()) {
    number(cellsOf(target), 'used', n);
    const gradient = gradientOf(machine, target.tensor);
    if (gradient !== undefined && terms.some(({ use }) => use === n))
      number(cellsOf({ tensor: gradient, offset: target.offset }), 'term', n);
  }
  if (hasTerms)
    for (const read of reads)
      for (const cell of cellsOf(read)) if (cell.dataset.k === undefined) cell.classList.add('read');
  const isInput = one.tensor === data.input;
  for (const offset of isInput ? [] : field)
    for (const cell of cellsOf({ tensor: data.input, offset })) cell.classList.add('field');
  const touched = new Set([one.tensor, subject.tensor, ...uses.map(({ target }) => target.tensor)]);
  for (const name of all('.n')) if (touched.has(Number(name.dataset.t))) name.classList.add('on');
  markCode(subject, uses, terms);
}

/** In code: the word in every statement that reads it, and in its gradient's statement the factor that each use causes. */
function markCode(one: Chosen, uses: Relations['uses'], terms: Relations['terms']): void {
  if (CSS.highlights === undefined) return;
  const word = localOf(machine, one.tensor, one.offset);
  const ranges = new Map<string, Range[]>();
  const add = (name: string, some: readonly Range[]): void => {
    if (some.length > 0) ranges.set(name, [...(ranges.get(name) ?? []), ...some]);
  };
  const gradient = gradientOf(machine, one.tensor);
  const own = gradient === undefined ? undefined : localOf(machine, gradient, one.offset);
  for (const [n, { equation, target }] of uses.entries()) {
    const colour = `use${(n % colours) + 1}`;
    add(colour, rangesIn(equation, localOf(machine, target.tensor, target.offset), word));
    const dt = gradientOf(machine, target.tensor);
    const term = terms.find(({ use }) => use === n);
    if (dt === undefined || term === undefined || own === undefined) continue;
    add(colour, rangesIn(term.equation, own, localOf(machine, dt, target.offset)));
  }
  const lines = new Set(terms.map(({ equation }) => equation));
  if (own !== undefined) for (const equation of lines) add('gradient', rangesIn(equation, own, undefined));
  for (const [name, some] of ranges) {
    const highlight = new Highlight(...some);
    highlight.priority = name === 'gradient' ? 0 : 1;
    CSS.highlights.set(name, highlight);
  }
}

/** Where a word stands in the statement of an element; without a word the statement itself. */
function rangesIn(equation: number, target: string, word: string | undefined): Range[] {
  const text = find(`pre[data-eq="${equation}"]`).firstChild;
  if (!(text instanceof Text)) return [];
  const start = `\n${text.data}`.indexOf(`\nconst ${target} = `);
  if (start < 0) return [];
  const end = text.data.indexOf(';', start);
  const from = start + `const ${target} = `.length;
  const spans: readonly (readonly [number, number])[] =
    word === undefined
      ? [[start, end]]
      : [
          ...text.data
            .slice(from, end)
            .matchAll(new RegExp(`(?<![\\p{L}\\p{M}\\d_])${word}(?![\\p{L}\\p{M}\\d_])`, 'gu')),
        ].map(({ index }) => [from + index, from + index + word.length] as const);
  return spans.map(([a, b]) => {
    const range = document.createRange();
    range.setStart(text, a);
    range.setEnd(text, b);
    return range;
  });
}
