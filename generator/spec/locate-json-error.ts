/** Where a text stops being JSON, and what would have been right there. */
export interface JsonError {
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly expected: string;
}

class Stop {
  readonly position: number;
  readonly expected: string;

  constructor(position: number, expected: string) {
    this.position = position;
    this.expected = expected;
  }
}

const numberOrWord = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
/** What is shown of the text where it stops being JSON: a word, cut off where it is long, or one character. */
const foundThere = /\w{1,40}|./suy;

/**
 * The first place at which a text is not JSON; undefined where it is.
 *
 * JSON.parse knows the place but does not tell it on Node 20, so this walks the text again, once it has failed.
 */
export function locateJsonError(text: string): JsonError | undefined {
  const stop = firstStop(text);
  if (stop === undefined) return undefined;
  const before = text.slice(0, stop.position).split('\n');
  return {
    line: before.length,
    column: before.at(-1)!.length + 1,
    found: showFound(text, stop.position),
    expected: stop.expected,
  };
}

function showFound(text: string, position: number): string {
  foundThere.lastIndex = position;
  const found = foundThere.exec(text)?.[0];
  return found === undefined ? 'the end of the file' : JSON.stringify(found);
}

function firstStop(text: string): Stop | undefined {
  try {
    const end = skipValue(text, skipSpace(text, 0));
    return end === text.length ? undefined : new Stop(end, 'expected the end of the file');
  } catch (error) {
    if (error instanceof Stop) return error;
    throw error;
  }
}

function skipSpace(text: string, position: number): number {
  let end = position;
  while (end < text.length && ' \t\r\n'.includes(text[end]!)) end++;
  return end;
}

const closing: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/**
 * The position behind the value and the space that follows it; throws the stop.
 *
 * The brackets that are open stand in a list of their own: on the call stack, a file that nests a hundred thousand of
 * them would end in a RangeError.
 */
function skipValue(text: string, start: number): number {
  const open: string[] = [];
  let position = start;
  do {
    const close = closing[text[position] ?? ''];
    if (close === undefined) position = skipToken(text, position);
    else {
      open.push(close);
      position = skipSpace(text, position + 1);
      if (text[position] !== close) {
        position = skipName(text, position, close);
        continue;
      }
    }
    position = skipToNextValue(text, position, open);
  } while (open.length > 0);
  return position;
}

/** From behind a value: past the brackets that close, then past a comma to the next value of those still open. */
function skipToNextValue(text: string, start: number, open: string[]): number {
  let position = skipSpace(text, start);
  while (open.length > 0 && text[position] === open.at(-1)) {
    open.pop();
    position = skipSpace(text, position + 1);
  }
  const close = open.at(-1);
  if (close === undefined) return position;
  if (text[position] !== ',') throw new Stop(position, `expected "," or "${close}"`);
  position = skipSpace(text, position + 1);
  if (text[position] === close) {
    const what = close === '}' ? nameExpected : valueExpected;
    throw new Stop(position, `${what}: no comma stands before "${close}"`);
  }
  return skipName(text, position, close);
}

const nameExpected = 'expected a name in double quotes';
const valueExpected = 'expected a value';

/** Past `"name":` where an object is open; nowhere in an array. */
function skipName(text: string, position: number, close: string): number {
  if (close !== '}') return position;
  if (text[position] !== '"') throw new Stop(position, nameExpected);
  const colon = skipSpace(text, skipString(text, position));
  if (text[colon] !== ':') throw new Stop(colon, 'expected ":"');
  return skipSpace(text, colon + 1);
}

function skipToken(text: string, position: number): number {
  if (text[position] === '"') return skipString(text, position);
  numberOrWord.lastIndex = position;
  if (numberOrWord.test(text)) return numberOrWord.lastIndex;
  throw new Stop(position, text[position] === "'" ? 'expected double quotes' : valueExpected);
}

/** Character by character: a regular expression for the whole runs out of stack on a string of megabytes. */
function skipString(text: string, start: number): number {
  let position = start + 1;
  while (position < text.length && text[position]! >= ' ') {
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
