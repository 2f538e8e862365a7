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

const token =
  /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;
const string = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;

/**
 * The first place at which a text is not JSON; undefined where it is.
 *
 * JSON.parse knows the place but does not tell it on Node 20, so this walks the text again, once it has failed.
 */
export function locateJsonError(text: string): JsonError | undefined {
  const stop = firstStop(text);
  if (stop === undefined) return undefined;
  const before = text.slice(0, stop.position).split('\n');
  const found = text[stop.position];
  return {
    line: before.length,
    column: before.at(-1)!.length + 1,
    found:
      found === undefined ? 'the end of the file' : JSON.stringify(/^(?:\w+|.)/su.exec(text.slice(stop.position))![0]),
    expected: stop.expected,
  };
}

function firstStop(text: string): Stop | undefined {
  try {
    const end = skipSpace(text, readValue(text, skipSpace(text, 0)));
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

/** Each reader returns the position behind what it read, or throws the stop. */
function readValue(text: string, position: number): number {
  if (text[position] === '{') return readList(text, position, '}', 'a name in double quotes', readMember);
  if (text[position] === '[') return readList(text, position, ']', 'a value', readValue);
  return readToken(text, position, token, text[position] === "'" ? 'double quotes' : 'a value');
}

function readToken(text: string, position: number, pattern: RegExp, what: string): number {
  pattern.lastIndex = position;
  if (pattern.test(text)) return pattern.lastIndex;
  throw new Stop(position, text[position] === '"' ? 'expected a string that ends on its line' : `expected ${what}`);
}

function readMember(text: string, position: number): number {
  const colon = skipSpace(text, readToken(text, position, string, 'a name in double quotes'));
  if (text[colon] !== ':') throw new Stop(colon, 'expected ":"');
  return readValue(text, skipSpace(text, colon + 1));
}

function readList(
  text: string,
  start: number,
  close: string,
  what: string,
  readItem: (text: string, position: number) => number,
): number {
  let position = skipSpace(text, start + 1);
  if (text[position] === close) return position + 1;
  for (;;) {
    position = skipSpace(text, readItem(text, position));
    if (text[position] === close) return position + 1;
    if (text[position] !== ',') throw new Stop(position, `expected "," or "${close}"`);
    position = skipSpace(text, position + 1);
    if (text[position] === close) throw new Stop(position, `expected ${what}: no comma stands before "${close}"`);
  }
}
