import type { Code, Local, Loop, Store, Value, Variable } from '../../code/code.ts';
import { storageOf, type Tensor } from '../../equations/tensor.ts';
import { arrayName, precedence, separated, wrapLines } from './text.ts';
import { printTournament } from './tournament.ts';
import { printElement, printInteger, printStatement, printTest, printValue, wide } from './values.ts';

const { ternary, sum, atom } = precedence;

/** A printed statement, or a line of one. */
export interface Line {
  readonly text: string;
  /** The tensor to which it gives numbers. */
  readonly gives?: Tensor | undefined;
}

/** Prints code as TypeScript, a line for each statement. */
export function printCode(code: readonly Code[], indent: string): string[] {
  return printLines(code, indent).map(({ text }) => text);
}

/** The same lines, and what they compute. */
export function printLines(code: readonly Code[], indent: string): Line[] {
  return code.flatMap((one) => printOne(one, indent));
}

function printOne(one: Code, indent: string): readonly Line[] {
  switch (one.kind) {
    case 'loop':
      return printLoop(one, indent);
    case 'if':
      return printBlock(`if (${printTest(one.test)})`, one.body, indent);
    case 'row':
      return printRow(one.of, indent);
    case 'integer':
    case 'counter': {
      const word = one.kind === 'integer' ? 'const' : 'let';
      return [given(one.variable, `${indent}${word} ${one.variable.name} = ${printInteger(one.value, ternary)};`)];
    }
    case 'constant':
    case 'mutable':
    case 'plus':
    case 'replace':
      return [
        given(one.local, printStatement(`${indent}${assignments[one.kind](one.local.name)} `, one.value, indent)),
      ];
    case 'challenge':
      return printChallenge(one, indent).map((text) => ({ text }));
    case 'tournament':
      return printTournament(one, indent).map((text) => given(one.maximum, text));
    case 'store':
      return [{ text: printStore(one, indent), gives: storageOf(one.array) }];
    case 'storeInteger': {
      const place = wide(one.lanes, printElement(one.array, one.at));
      return [{ text: `${indent}${place} = ${printInteger(one.value, ternary)};`, gives: storageOf(one.array) }];
    }
    case 'across':
      // Only a dump of vector code shows it.
      return [{ text: `${indent}const ${one.local.name} = ${lanesOf(one.vector).join(' + ')};` }];
    case 'clear':
      return [{ text: `${indent}${arrayName(one.array)}.fill(0);` }];
    case 'remark':
      return one.lines.map((line) => ({ text: `${indent}//${line === '' ? '' : ` ${line}`}` }));
  }
}

/** How a local gets a number, or another one. */
const assignments = {
  constant: (name: string) => `const ${name} =`,
  mutable: (name: string) => `let ${name} =`,
  plus: (name: string) => `${name} +=`,
  replace: (name: string) => `${name} =`,
};

function lanesOf({ name }: Local): readonly string[] {
  return [0, 1, 2, 3].map((lane) => `${name}[${lane}]`);
}

function given({ cell }: Local | Variable, text: string): Line {
  return { text, gives: cell?.array };
}

/** `const W_0 = W[0], W_1 = W[1];`, or `y[0] = y_0; y[1] = y_1;`. */
function printRow(row: readonly Code[], indent: string): readonly Line[] {
  const names: string[] = [];
  const stores: string[] = [];
  let gives: Tensor | undefined;
  for (const one of row) {
    if (one.kind === 'constant') names.push(`${one.local.name} = ${printValue(one.value, ternary)}`);
    if (one.kind === 'integer') names.push(`${one.variable.name} = ${printInteger(one.value, ternary)}`);
    if (one.kind !== 'store' && one.kind !== 'storeInteger') continue;
    const value = one.kind === 'store' ? printValue(one.value, ternary) : printInteger(one.value, ternary);
    const sign = one.kind === 'store' && one.isAdded ? '+=' : '=';
    stores.push(`${printElement(one.array, one.at)} ${sign} ${value}`);
    gives ??= storageOf(one.array);
  }
  return [
    ...(names.length > 0 ? [{ text: wrapLines(`${indent}const `, separated(names, ','), indent) }] : []),
    ...(stores.length > 0 ? [{ text: wrapLines(indent, separated(stores, ';'), indent.slice(2)), gives }] : []),
  ];
}

/** `y[n] = y[n] + 1` is `y[n] += 1`. */
function printStore({ array, at, value, isAdded, lanes }: Store, indent: string): string {
  const place = wide(lanes, printElement(array, at));
  if (isAdded) return printStatement(`${indent}${place} += `, value, indent);
  const [first, second] = value.kind === 'plus' ? value.terms : [];
  const isOwn = first?.kind === 'load' && printValue(first, atom) === place;
  if (!isOwn || value.kind !== 'plus' || second === undefined)
    return printStatement(`${indent}${place} = `, value, indent);
  const rest: Value = value.terms.length === 2 ? second : { kind: 'plus', terms: value.terms.slice(1) };
  const text = printValue(rest, sum);
  return text.startsWith('-') && value.terms.length === 2
    ? wrapLines(`${indent}${place} -= `, [text.slice(1)], indent)
    : printStatement(`${indent}${place} += `, rest, indent);
}

function printLoop({ variable, from, to, step, body, pointers = [] }: Loop, indent: string): readonly Line[] {
  const { name } = variable;
  const isSimple = to.kind === 'sum' && to.terms.size === 0;
  const limit = isSimple ? '' : `, ${name}End = ${printInteger(to, ternary)}`;
  const walking = pointers.map(({ variable: { name }, value }) => `, ${name} = ${printInteger(value, ternary)}`);
  const moves = pointers.map((one) => `, ${one.variable.name} += ${step * (one.value.terms.get(variable) ?? 0)}`);
  const end = isSimple ? printInteger(to, sum) : `${name}End`;
  const head = `let ${name} = ${printInteger(from, ternary)}${limit}${walking.join('')}; ${name} < ${end}; ${name}`;
  return printBlock(`for (${head}${step === 1 ? '++' : ` += ${step}`}${moves.join('')})`, body, indent);
}

function printBlock(head: string, body: readonly Code[], indent: string): readonly Line[] {
  return [{ text: `${indent}${head} {` }, ...printLines(body, `${indent}  `), { text: `${indent}}` }];
}

function printChallenge({ maximum, candidate, place }: Extract<Code, { kind: 'challenge' }>, indent: string): string[] {
  const text = printValue(candidate, atom);
  // A value that differs from itself is NaN: it stays the maximum once it is there.
  const wins = `${text} > ${maximum.name} || ${text} !== ${text}`;
  if (place === undefined) return [`${indent}if (${wins}) ${maximum.name} = ${text};`];
  return [
    `${indent}if (${wins}) {`,
    `${indent}  ${maximum.name} = ${text};`,
    `${indent}  ${place.variable.name} = ${printInteger(place.value, ternary)};`,
    `${indent}}`,
  ];
}
