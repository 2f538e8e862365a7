import { type Code, distance, type Loop, type Pointer, type Variable } from './kernel.ts';
import { visitCode } from './visit.ts';

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
  const length = distance(from, to);
  const walks = length === undefined ? loop.runs === true && step === 1 : length > step;
  if (!walks) return loop;
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
  visitCode(code, {
    int: (value) => {
      if (value.kind === 'digit') found.add(value.number);
      else if (value.kind === 'sum') for (const variable of value.terms.keys()) found.add(variable);
    },
  });
  return found;
}
