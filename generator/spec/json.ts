import { lastOf } from '../lists.ts';
import { endOfNumberOrWord, endOfSpace, endOfString, Stop } from './jsonTokens.ts';
import { type Places, placeAt } from './places.ts';
import type { Problem } from './problem.ts';
import { printable, show } from './show.ts';

/** What a text of JSON says, where each part of it stands, and what is wrong with it although it can be read. */
export type JsonText =
  | { readonly ok: true; readonly value: unknown; readonly places: Places; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problem: Problem };

/** An object or an array whose end has not come yet. */
interface Open {
  readonly value: Record<string, unknown> | unknown[];
  readonly close: '}' | ']';
  /** The name whose value comes next. */
  name: string;
  /** Where each name or element begins. */
  readonly starts: Map<string | number, number>;
}

/**
 * Reads JSON, with comments and with commas behind a last element, as TypeScript's own configuration has them.
 *
 * JSON.parse tells neither where a value stands nor, on Node 20, where a text stops being JSON. What is open stands in a
 * list: on the call stack, a file that nests a hundred thousand brackets would end in a RangeError.
 */
export function readJson(text: string): JsonText {
  const reader = new Reader(text);
  try {
    return { ok: true, value: reader.read(), places: reader.places, problems: reader.problems };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const found = `found ${printable(foundAt(text, error.position))}`;
    return { ok: false, problem: { path: '', place: placeAt(text, error.position), found, expected: error.expected } };
  }
}

/** A word, cut off where it is long, or one character. */
const foundThere = /\w{1,40}|./suy;

function foundAt(text: string, position: number): string {
  foundThere.lastIndex = position;
  const found = foundThere.exec(text)?.[0];
  return found === undefined ? 'the end of the file' : JSON.stringify(found);
}

const nameExpected = 'expected a name in double quotes';
const valueExpected = 'expected a value';

class Reader {
  readonly #text: string;
  readonly #open: Open[] = [];
  readonly #starts = new Map<object, Map<string | number, number>>();
  readonly problems: Problem[] = [];
  #position: number;
  #whole: unknown;

  constructor(text: string) {
    this.#text = text;
    this.#position = endOfSpace(text, 0);
  }

  /** Where each name of an object and each element of an array begins. */
  readonly places: Places = (owner, step) => {
    const position = this.#starts.get(owner)?.get(step);
    return position === undefined ? undefined : placeAt(this.#text, position);
  };

  read(): unknown {
    do this.#readValue();
    while (this.#open.length > 0);
    if (this.#position < this.#text.length) throw new Stop(this.#position, 'expected the end of the file');
    return this.#whole;
  }

  #readValue(): void {
    const start = this.#position;
    const first = this.#text[start];
    if (first === '{' || first === '[') {
      const value = first === '{' ? {} : [];
      this.#add(value, start);
      const starts = new Map<string | number, number>();
      this.#starts.set(value, starts);
      this.#open.push({ value, close: first === '{' ? '}' : ']', name: '', starts });
      this.#skip(start + 1);
      this.#behindOpening();
    } else {
      const end = first === '"' ? endOfString(this.#text, start) : endOfNumberOrWord(this.#text, start, valueExpected);
      this.#add(JSON.parse(this.#text.slice(start, end)), start);
      this.#skip(end);
      this.#behindValue();
    }
  }

  #behindOpening(): void {
    const open = lastOf(this.#open);
    if (this.#text[this.#position] === open.close) this.#behindValue();
    else if (open.close === '}') this.#readName(open);
  }

  /** To the next value of what is still open: past a comma, past the brackets that close. */
  #behindValue(): void {
    for (let open = this.#open.at(-1); open !== undefined; open = this.#open.at(-1)) {
      const found = this.#text[this.#position];
      if (found !== ',' && found !== open.close) throw new Stop(this.#position, `expected "," or "${open.close}"`);
      if (found === ',') {
        this.#skip(this.#position + 1);
        if (this.#text[this.#position] !== open.close) {
          if (open.close === '}') this.#readName(open);
          return;
        }
      }
      this.#open.pop();
      this.#skip(this.#position + 1);
    }
  }

  #readName(open: Open): void {
    const start = this.#position;
    if (this.#text[start] !== '"') throw new Stop(start, nameExpected);
    const end = endOfString(this.#text, start);
    open.name = JSON.parse(this.#text.slice(start, end));
    const { starts } = open;
    const earlier = starts.get(open.name);
    if (earlier !== undefined) this.#reportTwice(open.name, earlier, start);
    starts.set(open.name, earlier ?? start);
    this.#skip(end);
    if (this.#text[this.#position] !== ':') throw new Stop(this.#position, 'expected ":"');
    this.#skip(this.#position + 1);
  }

  #reportTwice(name: string, earlier: number, start: number): void {
    const { line, column } = placeAt(this.#text, earlier);
    const found = `found ${show(name)} a second time, the first is at ${line}:${column}`;
    const expected = 'expected every key once: remove one of them';
    // What stands first of a hundred is enough for anybody.
    if (this.problems.length < 100) {
      this.problems.push({ path: '', place: placeAt(this.#text, start), found, expected });
    }
  }

  #add(value: unknown, start: number): void {
    const open = this.#open.at(-1);
    if (open === undefined) this.#whole = value;
    else if (Array.isArray(open.value)) {
      open.starts.set(open.value.length, start);
      open.value.push(value);
    } else if (open.name !== '__proto__') open.value[open.name] = value;
    // Assigned, it would change the object instead.
    else Object.defineProperty(open.value, open.name, { value, writable: true, enumerable: true, configurable: true });
  }

  #skip(position: number): void {
    this.#position = endOfSpace(this.#text, position);
  }
}
