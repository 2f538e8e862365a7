import { ts } from 'ts-morph';

/**
 * A script with no space that it can do without. Names stay, and so do the lines after statements: what runs in a page
 * can be read in it. The script has its semicolons, as the compiler and the templates write them.
 */
export function compactScript(text: string): string {
  const file = ts.createSourceFile('page.js', text, ts.ScriptTarget.ES2022, false, ts.ScriptKind.JS);
  let written = '';
  let [end, wasNumber] = [0, false];
  const visit = (node: ts.Node): void => {
    const inner = node.getChildren(file);
    if (inner.length > 0) {
      for (const child of inner) visit(child);
      return;
    }
    const token = node.getText(file);
    if (token === '') return;
    const start = node.getStart(file);
    // `1 .toFixed()`
    const isNumber = wasNumber && token.startsWith('.');
    written += (isNumber ? ' ' : between(written.at(-1) ?? '', text.slice(end, start), token[0] as string)) + token;
    wasNumber = ts.isNumericLiteral(node);
    end = node.getEnd();
  };
  visit(file);
  return `${written}\n`;
}

const isOfName = (sign: string): boolean => /[\p{L}\p{M}\p{N}_$#]/u.test(sign);

function between(last: string, space: string, next: string): string {
  if (space.includes('\n') && (last === ';' || last === '}')) return '\n';
  // `a b`, `a - -b`, `a / /b/`, and `<!--`, which begins a comment in a page.
  const isOne = isOfName(last) && isOfName(next);
  return isOne || /^(?:\+\+|--|\/\/|<!)$/.test(last + next) ? ' ' : '';
}

/** A style sheet on one line, without comments. */
export function compactStyle(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .replaceAll(';}', '}')
    .trim();
}
