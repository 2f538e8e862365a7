import type { Tensor } from '../equations/tensor.ts';
import type {
  Code,
  Contender,
  Int,
  Lanes,
  Local,
  Loop,
  Store,
  Sum,
  Test,
  Value,
  Variable,
} from '../schedule/loops/kernel.ts';
import { arrayName, beats, functionText, precedence, signed, signs, wrapLines } from './typescript.ts';

const { ternary, sum, product, atom } = precedence;

/** Prints loops as TypeScript, a line for each statement. */
export function printCode(code: readonly Code[], indent: string): string[] {
  return code.flatMap((one) => printOne(one, indent));
}

function printOne(one: Code, indent: string): string[] {
  switch (one.kind) {
    case 'loop':
      return printLoop(one, indent);
    case 'integer':
      return [`${indent}const ${one.variable.name} = ${int(one.value, ternary)};`];
    case 'counter':
      return [`${indent}let ${one.variable.name} = ${int(one.value, ternary)};`];
    case 'constant':
      return [statement(`${indent}const ${one.local.name} = `, one.value, indent)];
    case 'mutable':
      return [statement(`${indent}let ${one.local.name} = `, one.value, indent)];
    case 'plus':
      return [statement(`${indent}${one.local.name} += `, one.value, indent)];
    case 'replace':
      return [statement(`${indent}${one.local.name} = `, one.value, indent)];
    case 'challenge':
      return challenge(one, indent);
    case 'tournament':
      return tournament(one.maximum, one.winner, one.candidates, indent);
    case 'store':
      return [printStore(one, indent)];
    case 'storeInteger':
      return [`${indent}${wide(one.lanes, element(one.array, one.at))} = ${int(one.value, ternary)};`];
    case 'if':
      return [`${indent}if (${test(one.test)}) {`, ...printCode(one.body, `${indent}  `), `${indent}}`];
    case 'across':
      // Only a dump of vector code shows it.
      return [`${indent}const ${one.local.name} = ${[0, 1, 2, 3].map((n) => `${one.vector.name}[${n}]`).join(' + ')};`];
    case 'clear':
      return [`${indent}${arrayName(one.array)}.fill(0);`];
    case 'remark':
      return one.lines.map((line) => `${indent}//${line === '' ? '' : ` ${line}`}`);
  }
}

/** `y[n] = y[n] + 1` is `y[n] += 1`. */
function printStore({ array, at, value, isAdded, lanes }: Store, indent: string): string {
  const place = wide(lanes, element(array, at));
  if (isAdded) return statement(`${indent}${place} += `, value, indent);
  const [first, second] = value.kind === 'plus' ? value.terms : [];
  const isOwn = first?.kind === 'load' && print(first, atom) === place;
  if (!isOwn || value.kind !== 'plus' || second === undefined) return statement(`${indent}${place} = `, value, indent);
  const rest: Value = value.terms.length === 2 ? second : { kind: 'plus', terms: value.terms.slice(1) };
  const text = print(rest, sum);
  return text.startsWith('-') && value.terms.length === 2
    ? wrapLines(`${indent}${place} -= `, [text.slice(1)], indent)
    : statement(`${indent}${place} += `, rest, indent);
}

function printLoop({ variable, from, to, step, body, pointers = [] }: Loop, indent: string): string[] {
  const { name } = variable;
  const isSimple = to.kind === 'sum' && to.terms.size === 0;
  const limit = isSimple ? '' : `, ${name}End = ${int(to, ternary)}`;
  const walking = pointers.map(({ variable: { name }, value }) => `, ${name} = ${int(value, ternary)}`);
  const moves = pointers.map((one) => `, ${one.variable.name} += ${step * (one.value.terms.get(variable) ?? 0)}`);
  const head = `let ${name} = ${int(from, ternary)}${limit}${walking.join('')}; ${name} < ${isSimple ? int(to, sum) : `${name}End`}; ${name}`;
  return [
    `${indent}for (${head}${step === 1 ? '++' : ` += ${step}`}${moves.join('')}) {`,
    ...printCode(body, `${indent}  `),
    `${indent}}`,
  ];
}

function statement(head: string, value: Value, indent: string): string {
  const pieces = value.kind === 'plus' ? signed(printed(value.terms)) : [print(value, ternary)];
  return wrapLines(head, pieces, indent);
}

function printed(terms: readonly Value[]): string[] {
  return terms.map((term) => print(term, sum));
}

function challenge({ maximum, candidate, place }: Extract<Code, { kind: 'challenge' }>, indent: string): string[] {
  const text = print(candidate, atom);
  // A value that differs from itself is NaN: it stays the maximum once it is there.
  const wins = `${text} > ${maximum.name} || ${text} !== ${text}`;
  if (place === undefined) return [`${indent}if (${wins}) ${maximum.name} = ${text};`];
  return [
    `${indent}if (${wins}) {`,
    `${indent}  ${maximum.name} = ${text};`,
    `${indent}  ${place.variable.name} = ${int(place.value, ternary)};`,
    `${indent}}`,
  ];
}

/**
 * The largest of a window without a branch that is hard to predict: neighbours are compared in a scratch array, the
 * winner's place moves on by arithmetic. Strictly larger wins, so that of equals the first stays.
 */
function tournament(
  maximum: Local,
  winner: Variable | undefined,
  candidates: readonly Contender[],
  indent: string,
): string[] {
  const places = candidates.map(({ place }) => place);
  const [only] = candidates;
  if (candidates.length === 1 && only !== undefined) {
    const value = `${indent}const ${maximum.name} = ${print(only.value, ternary)};`;
    return winner === undefined ? [value] : [value, `${indent}const ${winner.name} = ${only.place};`];
  }
  if (winner === undefined && candidates.length === 2) {
    return [
      `${indent}const ${maximum.name} = Math.max(${candidates.map(({ value }) => print(value, ternary)).join(', ')});`,
    ];
  }
  const name = winner?.name ?? `${maximum.name}Place`;
  const games: string[] = [];
  const play = (players: readonly number[]): string => {
    if (players.length === 1) return String(players[0]);
    const middle = players.length >> 1;
    const [a, b] = [play(players.slice(0, middle)), play(players.slice(middle))];
    const game = players.length === places.length ? name : `${name}${'abcdefghijklmnop'[games.length]}`;
    const step = /^\d+ \d+$/.test(`${a} ${b}`) ? String(Number(b) - Number(a)) : `(${b} - ${a})`;
    games.push(`${game} = ${a === '0' ? '' : `${a} + `}${step === '1' ? '' : `${step} * `}${beats(b, a)}`);
    return game;
  };
  play(places);
  const entering = candidates.map(({ place, value }) => `s[${place}] = ${print(value, ternary)};`);
  return [
    // Sums have lines of their own.
    ...(candidates.some(({ value }) => value.kind === 'plus')
      ? candidates.map(({ place, value }) => statement(`${indent}s[${place}] = `, value, indent))
      : [wrapLines(indent, entering, indent, '')]),
    wrapLines(
      `${indent}const `,
      games.map((game, position) => (position < games.length - 1 ? `${game},` : game)),
      indent,
    ),
    `${indent}const ${maximum.name} = s[${name}];`,
  ];
}

function element(array: Tensor, at: Sum): string {
  return `${arrayName(array)}[${int(at, at.isAddedUp ? atom : ternary)}]`;
}

/** What is said of several numbers at once, in a dump of vector code. */
function wide(lanes: Lanes | undefined, text: string): string {
  return lanes === undefined || lanes === 1 ? text : `${text}:${lanes}`;
}

function test(one: Test): string {
  switch (one.kind) {
    case 'compare': {
      return `${print(one.left, sum)} ${signs[one.sign]} ${print(one.right, sum)}`;
    }
    case 'equal':
      return `${int(one.left, sum)} === ${int(one.right, sum)}`;
    case 'within': {
      const value = int(one.value, sum);
      return `${value} >= 0 && ${value} < ${one.size}`;
    }
    case 'every':
      return one.of.map(test).join(' && ');
  }
}

function print(value: Value, outer: number): string {
  switch (value.kind) {
    case 'number':
      return Number.isFinite(value.value)
        ? value.value < 0 && outer > sum
          ? `(${value.value})`
          : String(value.value)
        : value.value > 0
          ? 'Infinity'
          : '-Infinity';
    case 'local':
      return value.local.name;
    case 'argument':
      return value.name;
    case 'load':
      return wide(value.lanes, element(value.array, value.at));
    case 'splat':
    case 'extract':
      return `${value.kind}(${print(value.of, ternary)})`;
    case 'plus':
      return wrap(signed(printed(value.terms)).join(' '), sum, outer);
    case 'times':
      return printProduct(value.factors, outer);
    case 'divide':
      return wrap(`${print(value.dividend, product)} / ${print(value.divisor, atom)}`, product, outer);
    case 'call': {
      const { text, own } = functionText(value.name, (inner) => print(value.argument, inner));
      return wrap(text, own, outer);
    }
    case 'select':
      return wrap(`${test(value.test)} ? ${print(value.yes, sum)} : ${print(value.no, ternary)}`, ternary, outer);
    case 'fromInt':
      return int(value.value, outer);
  }
}

function printProduct(factors: readonly Value[], outer: number): string {
  const [first, ...rest] = factors as [Value, ...Value[]];
  if (first.kind === 'number' && first.value === -1) {
    return wrap(`-${rest.map((factor) => print(factor, product)).join(' * ')}`, sum, outer);
  }
  return wrap(factors.map((factor) => print(factor, atom)).join(' * '), product, outer);
}

function int(value: Int, outer: number): string {
  switch (value.kind) {
    case 'sum':
      return printSum(value, outer);
    case 'least':
    case 'greatest':
      return `Math.${value.kind === 'least' ? 'min' : 'max'}(${value.of.map((one) => int(one, ternary)).join(', ')})`;
    case 'floor':
    case 'ceiling':
      return `Math.${value.kind === 'floor' ? 'floor' : 'ceil'}(${int(value.dividend, product)} / ${value.divisor})`;
    case 'between':
      return wrap(`${int(value.to, sum)} - ${int(value.from, product)}`, sum, outer);
    case 'load':
      return wide(value.lanes, element(value.array, value.at));
    case 'splat':
      return `splat(${int(value.of, ternary)})`;
    case 'digit': {
      const { number, below, size } = value;
      const quotient = below === 1 ? number.name : `(${number.name} / ${below}) | 0`;
      return size === undefined ? quotient : below === 1 ? `${quotient} % ${size}` : `(${quotient}) % ${size}`;
    }
  }
}

function printSum({ constant, terms }: Sum, outer: number): string {
  const parts = [...terms].map(([{ name }, coefficient]) => ({
    isNegative: coefficient < 0,
    text: Math.abs(coefficient) === 1 ? name : `${Math.abs(coefficient)} * ${name}`,
  }));
  parts.sort((a, b) => Number(a.isNegative) - Number(b.isNegative));
  if (constant !== 0 || parts.length === 0) {
    const part = { isNegative: constant < 0, text: String(Math.abs(constant)) };
    // A positive constant leads where all else is subtracted: 2 - i.
    if (parts[0]?.isNegative && constant > 0) parts.unshift(part);
    else parts.push(part);
  }
  const text = parts
    .map(({ isNegative, text: own }, position) =>
      position === 0 ? `${isNegative ? '-' : ''}${own}` : `${isNegative ? '-' : '+'} ${own}`,
    )
    .join(' ');
  return parts.length > 1 ? wrap(text, sum, outer) : text.includes('*') ? wrap(text, product, outer) : text;
}

function wrap(text: string, own: number, outer: number): string {
  return own < outer ? `(${text})` : text;
}
