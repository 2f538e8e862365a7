import type { Code, Contender, Int, Sum, Test, Value, Variable } from './code.ts';

/** What a value is made of: its operands, and those of the question that decides it. */
export function partsOf(value: Value): readonly Value[] {
  switch (value.kind) {
    case 'plus':
      return value.terms;
    case 'times':
      return value.factors;
    case 'divide':
      return [value.dividend, value.divisor];
    case 'call':
      return [value.argument];
    case 'splat':
    case 'extract':
      return [value.of];
    case 'select':
      return [...askedIn(value.test), value.yes, value.no];
    case 'max':
      return value.candidates.map(contending);
    case 'number':
    case 'local':
    case 'argument':
    case 'load':
    case 'fromInt':
      return [];
  }
}

const contending = ({ value }: Contender): Value => value;

/** The values that a test compares. */
export function askedIn(test: Test): readonly Value[] {
  if (test.kind === 'compare') return [test.left, test.right];
  return test.kind === 'every' ? test.of.flatMap(askedIn) : [];
}

/** The same with another value in the place of each part. */
export function mapParts(value: Value, change: (part: Value) => Value): Value {
  switch (value.kind) {
    case 'plus':
      return { ...value, terms: value.terms.map(change) };
    case 'times':
      return { ...value, factors: value.factors.map(change) };
    case 'divide':
      return { ...value, dividend: change(value.dividend), divisor: change(value.divisor) };
    case 'call':
      return { ...value, argument: change(value.argument) };
    case 'splat':
    case 'extract':
      return { ...value, of: change(value.of) };
    case 'select':
      return { ...value, test: mapAsked(value.test, change), yes: change(value.yes), no: change(value.no) };
    case 'max':
      return { ...value, candidates: mapCandidates(value.candidates, change) };
    case 'number':
    case 'local':
    case 'argument':
    case 'load':
    case 'fromInt':
      return value;
  }
}

function mapCandidates(candidates: readonly Contender[], change: (value: Value) => Value): readonly Contender[] {
  return candidates.map(({ value, place }) => ({ value: change(value), place }));
}

/** The same test of other values. */
export function mapAsked(test: Test, change: (value: Value) => Value): Test {
  if (test.kind === 'compare') return { ...test, left: change(test.left), right: change(test.right) };
  return test.kind === 'every' ? { ...test, of: test.of.map((one) => mapAsked(one, change)) } : test;
}

/** The values that a statement itself computes or asks about, not those of its body. */
export function valuesIn(one: Code): readonly Value[] {
  switch (one.kind) {
    case 'constant':
    case 'mutable':
    case 'plus':
    case 'replace':
    case 'store':
      return [one.value];
    case 'challenge':
      return [one.candidate];
    case 'tournament':
      return one.candidates.map(contending);
    case 'if':
      return askedIn(one.test);
    case 'integer':
    case 'counter':
    case 'storeInteger':
      return valuesOfInteger(one.value);
    case 'loop':
    case 'across':
    case 'clear':
    case 'row':
    case 'remark':
      return [];
  }
}

/** The integers that a statement itself computes or asks about; a loop's bounds, not its pointers. */
export function integersIn(one: Code): readonly Int[] {
  switch (one.kind) {
    case 'loop':
      return [one.from, one.to];
    case 'integer':
    case 'counter':
      return [one.value];
    case 'store':
      return [one.at];
    case 'storeInteger':
      return [one.at, one.value];
    case 'challenge':
      return one.place === undefined ? [] : [one.place.value];
    case 'if':
      return integersOf(one.test);
    case 'constant':
    case 'mutable':
    case 'plus':
    case 'replace':
    case 'across':
    case 'tournament':
    case 'clear':
    case 'row':
    case 'remark':
      return [];
  }
}

/** The integers that a test compares. */
export function integersOf(test: Test): readonly Int[] {
  switch (test.kind) {
    case 'equal':
      return [test.left, test.right];
    case 'within':
      return [test.value];
    case 'every':
      return test.of.flatMap(integersOf);
    case 'compare':
      return [];
  }
}

/** The integers that an integer is made of, not those of a sum's terms. */
export function integersWithin(value: Int): readonly Int[] {
  switch (value.kind) {
    case 'least':
    case 'greatest':
      return value.of;
    case 'floor':
    case 'ceiling':
      return [value.dividend];
    case 'between':
      return [value.from, value.to];
    case 'load':
      return [value.at];
    case 'splat':
      return [value.of];
    case 'sum':
    case 'digit':
    case 'address':
    case 'argmax':
      return [];
  }
}

/** The integers with a name that an integer is made of. */
export function variablesOf(value: Int): readonly Variable[] {
  if (value.kind === 'sum') return [...value.terms.keys()];
  if (value.kind === 'address') return [value.winner];
  return value.kind === 'digit' ? [value.number] : [];
}

/** The values that an integer is made of. */
export function valuesOfInteger(value: Int): readonly Value[] {
  return value.kind === 'argmax' ? [...value.candidates.map(contending), value.maximum] : [];
}

/** The same integer of other values. */
function mapValuesOfInteger(int: Int, change: (value: Value) => Value): Int {
  if (int.kind !== 'argmax') return int;
  return { ...int, candidates: mapCandidates(int.candidates, change), maximum: change(int.maximum) };
}

/** The integers that a value is made of, not those of its parts. */
export function integersOfValue(value: Value): readonly Int[] {
  if (value.kind === 'load') return [value.at];
  if (value.kind === 'fromInt') return [value.value];
  return value.kind === 'select' ? integersOf(value.test) : [];
}

/** The statements within a statement. */
export function bodyOf(one: Code): readonly Code[] {
  if (one.kind === 'row') return one.of;
  return one.kind === 'loop' || one.kind === 'if' ? one.body : [];
}

/** What becomes of the parts of a statement; what is not named stays. */
export interface Change {
  readonly value?: (value: Value) => Value;
  readonly int?: (value: Int) => Int;
  /** The address of a store. */
  readonly at?: (at: Sum) => Sum;
  readonly body?: (body: readonly Code[]) => readonly Code[];
}

const same = <T>(one: T): T => one;

/** The same statement of other values, integers and statements; a loop keeps its bounds. */
export function mapStatement(one: Code, { value = same, int = same, at = same, body = same }: Change): Code {
  switch (one.kind) {
    case 'loop':
      return { ...one, body: body(one.body) };
    case 'if':
      return { ...one, test: mapAsked(one.test, value), body: body(one.body) };
    case 'row':
      return { ...one, of: body(one.of) };
    case 'integer':
    case 'counter':
      return { ...one, value: int(mapValuesOfInteger(one.value, value)) };
    case 'constant':
    case 'mutable':
    case 'plus':
    case 'replace':
      return { ...one, value: value(one.value) };
    case 'store':
      return { ...one, at: at(one.at), value: value(one.value) };
    case 'storeInteger':
      return { ...one, at: at(one.at), value: int(mapValuesOfInteger(one.value, value)) };
    case 'challenge':
      return { ...one, candidate: value(one.candidate) };
    case 'tournament':
      return { ...one, candidates: mapCandidates(one.candidates, value) };
    case 'across':
    case 'clear':
    case 'remark':
      return one;
  }
}
