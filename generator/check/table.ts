/** How text is marked on a terminal; the identity where there is none. */
export type Paint = (style: Style, text: string) => string;

export type Style = 'bold' | 'green' | 'red';

export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

/** Lines of columns two spaces apart: the first and the last to the left, numbers between them to the right. */
export function printTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  paint: Paint,
): readonly string[] {
  const all = [head.map((text): Cell => (text === '' ? { text } : { text, style: 'bold' })), ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.text.length)));
  return all.map((row) => {
    const cells = row.map(({ text, style }, column) => {
      const padding = ' '.repeat(widths[column]! - text.length);
      const painted = style === undefined ? text : paint(style, text);
      const isLast = column === head.length - 1;
      if (isLast) return painted;
      return column === 0 ? painted + padding : padding + painted;
    });
    return cells.join('  ').trimEnd();
  });
}
