/** Thrown where a text stops being JSON. */
export class Stop {
  readonly position: number;
  readonly expected: string;

  constructor(position: number, expected: string) {
    this.position = position;
    this.expected = expected;
  }
}

const numberOrWord = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** The position behind white space and comments. */
export function endOfSpace(text: string, start: number): number {
  let end = start;
  for (;;) {
    while (end < text.length && ' \t\r\n'.includes(text.charAt(end))) end++;
    if (text[end] !== '/') return end;
    if (text[end + 1] === '/') end = endOfLine(text, end);
    else if (text[end + 1] === '*') {
      const close = text.indexOf('*/', end + 2);
      if (close < 0) throw new Stop(end, 'expected a comment that ends: */');
      end = close + 2;
    } else return end;
  }
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

/** The position behind a number, `true`, `false` or `null`. */
export function endOfNumberOrWord(text: string, position: number, expected: string): number {
  numberOrWord.lastIndex = position;
  if (numberOrWord.test(text)) return numberOrWord.lastIndex;
  throw new Stop(position, text[position] === "'" ? 'expected double quotes' : expected);
}

/**
 * The position behind a string. Character by character: a regular expression for the whole runs out of stack on a string
 * of megabytes.
 */
export function endOfString(text: string, start: number): number {
  let position = start + 1;
  while (position < text.length && text.charAt(position) >= ' ') {
    if (text[position] === '"') return position + 1;
    if (text[position] !== '\\') position++;
    else {
      escapeSequence.lastIndex = position;
      if (!escapeSequence.test(text))
        throw new Stop(position, 'expected \\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t or \\u and four hex digits');
      position = escapeSequence.lastIndex;
    }
  }
  throw new Stop(start, 'expected a string that ends on its line');
}
