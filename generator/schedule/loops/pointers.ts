import {
  type Code,
  type Int,
  isConstant,
  type Loop,
  type Pointer,
  partsOf,
  type Test,
  type Value,
  type Variable,
} from './kernel.ts';

/**
 * Lets addresses walk: what a loop would compute from its counter at every turn, `W_n = W + 64·n`, becomes a pointer
 * that moves on by 64, and a counter that then nobody reads is not kept. WebAssembly has no compiler behind it that
 * would do so: N3's second convolution takes 17.6 instead of 20 µs.
 */
export function walk(code: readonly Code[]): readonly Code[] {
  return code.map((one) => {
    if (one.kind === 'if') return { ...one, body: walk(one.body) };
    return one.kind === 'loop' ? walkAlong({ ...one, body: walk(one.body) }) : one;
  });
}

function walkAlong(loop: Loop): Loop {
  const { variable, from, to, body, step } = loop;
  const isFixed = from.kind === 'sum' && to.kind === 'sum' && isConstant(from) && isConstant(to);
  if (!isFixed || to.constant - from.constant <= step) return loop;
  const bound = new Set<Variable>();
  for (const one of body) if (one.kind === 'integer' || one.kind === 'counter') bound.add(one.variable);
  const pointers: Pointer[] = [];
  const rest = body.filter((one) => {
    if (one.kind !== 'integer' || one.value.kind !== 'sum' || !one.value.terms.has(variable)) return true;
    if ([...one.value.terms.keys()].some((term) => bound.has(term))) return true;
    pointers.push({ variable: one.variable, value: one.value });
    return false;
  });
  if (pointers.length === 0) return loop;
  return { ...loop, body: rest, pointers, isCounted: variablesIn(rest).has(variable) };
}

/** Every integer that code reads. */
function variablesIn(code: readonly Code[]): ReadonlySet<Variable> {
  const found = new Set<Variable>();
  for (const one of code) visit(one, found);
  return found;
}

function visit(one: Code, found: Set<Variable>): void {
  switch (one.kind) {
    case 'loop':
      visitInt(one.from, found);
      visitInt(one.to, found);
      for (const { value } of one.pointers ?? []) visitInt(value, found);
      for (const inner of one.body) visit(inner, found);
      return;
    case 'if':
      visitTest(one.test, found);
      for (const inner of one.body) visit(inner, found);
      return;
    case 'integer':
    case 'counter':
      visitInt(one.value, found);
      return;
    case 'constant':
    case 'mutable':
    case 'plus':
    case 'replace':
      visitValue(one.value, found);
      return;
    case 'store':
      visitInt(one.at, found);
      visitValue(one.value, found);
      return;
    case 'storeInteger':
      visitInt(one.at, found);
      visitInt(one.value, found);
      return;
    case 'challenge':
      visitValue(one.candidate, found);
      if (one.place) visitInt(one.place.value, found);
      return;
    case 'tournament':
      for (const { value } of one.candidates) visitValue(value, found);
      return;
    case 'across':
    case 'clear':
    case 'remark':
      return;
  }
}

function visitInt(value: Int, found: Set<Variable>): void {
  switch (value.kind) {
    case 'sum':
      for (const variable of value.terms.keys()) found.add(variable);
      return;
    case 'least':
    case 'greatest':
      for (const one of value.of) visitInt(one, found);
      return;
    case 'floor':
    case 'ceiling':
      visitInt(value.dividend, found);
      return;
    case 'between':
      visitInt(value.from, found);
      visitInt(value.to, found);
      return;
    case 'load':
      visitInt(value.at, found);
      return;
    case 'digit':
      found.add(value.number);
      return;
  }
}

function visitValue(value: Value, found: Set<Variable>): void {
  if (value.kind === 'load') visitInt(value.at, found);
  else if (value.kind === 'fromInt') visitInt(value.value, found);
  else if (value.kind === 'select') visitTest(value.test, found);
  for (const part of partsOf(value)) visitValue(part, found);
}

function visitTest(test: Test, found: Set<Variable>): void {
  switch (test.kind) {
    case 'compare':
      visitValue(test.left, found);
      visitValue(test.right, found);
      return;
    case 'equal':
      visitInt(test.left, found);
      visitInt(test.right, found);
      return;
    case 'within':
      visitInt(test.value, found);
      return;
    case 'every':
      for (const one of test.of) visitTest(one, found);
      return;
  }
}
