import type { Step } from './functionPlan.ts';
import { childrenOf, type Element, type Scalar } from './scalar.ts';

/**
 * Bytes of V8 bytecode, estimated from above. Registers and feedback slots beyond 127 need two-byte operands, so every
 * instruction is counted in its wide form. Measured with `--print-bytecode` on Node 20.
 */
const bytes = {
  /** Ldar or Star. */
  move: 4,
  /** Add, Sub, Mul, Div with a register and a feedback slot. */
  arithmetic: 6,
  /** LdaSmi, LdaKeyedProperty. */
  keyedLoad: 10,
  /** LdaSmi, Star, Ldar, StaKeyedProperty (SetKeyedProperty). */
  keyedStore: 20,
  /** LdaConstant or LdaSmi. */
  literal: 4,
  /** Compare, jump, jump. */
  branch: 18,
  /** Load Math, load its method, move the argument, call. */
  call: 34,
  /** Prologue and return. */
  frame: 64,
} as const;

/** Estimated bytecode of a function with these steps. */
export function bytecodeOf(steps: readonly Step[], locals: ReadonlySet<Element>): number {
  const known = new Set(locals);
  let total = bytes.frame + locals.size * (bytes.keyedLoad + bytes.move);
  for (const step of steps) {
    if (step.kind === 'explain') continue;
    if (step.kind === 'tournament') {
      const { value } = step.maximum;
      const games = value.kind === 'max' ? value.candidates.length : 0;
      total +=
        games * (bytes.keyedStore + 4 * bytes.keyedLoad + 2 * bytes.branch + 4 * bytes.arithmetic + 6 * bytes.move);
      known.add(step.maximum.target);
      if (step.winner !== undefined) known.add(step.winner.target);
      continue;
    }
    if (step.kind === 'store') {
      total += step.elements.length * (bytes.keyedStore + bytes.keyedLoad + bytes.arithmetic);
      continue;
    }
    total += scalarBytes(step.statement.value, known) + bytes.move;
    if (step.kind === 'assign') known.add(step.statement.target);
    else total += bytes.keyedStore + bytes.keyedLoad + bytes.arithmetic;
  }
  return total;
}

function scalarBytes(s: Scalar, locals: ReadonlySet<Element>): number {
  const inner = childrenOf(s).reduce((sum, child) => sum + scalarBytes(child, locals), 0);
  switch (s.kind) {
    case 'number':
      return bytes.literal;
    case 'element':
      return locals.has(s.element) ? bytes.move : bytes.keyedLoad;
    case 'plus':
      return inner + (s.terms.length - 1) * (bytes.arithmetic + bytes.move);
    case 'times':
      return inner + (s.factors.length - 1) * (bytes.arithmetic + bytes.move);
    case 'divide':
      return inner + bytes.arithmetic + bytes.move;
    case 'call':
      return 2 * inner + bytes.call + bytes.branch;
    case 'dynamic':
      return inner + bytes.keyedLoad + bytes.arithmetic;
    case 'address':
      return 2 * inner + 5 * bytes.arithmetic;
    case 'where':
      return inner + bytes.branch;
    case 'max':
      return inner + bytes.call + s.candidates.length * bytes.move;
    case 'argmax':
      return inner + s.candidates.length * (bytes.branch + bytes.move);
  }
}
