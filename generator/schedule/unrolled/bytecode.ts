import { type Code, type Int, isConstant, type Value } from '../../code/code.ts';
import { bodyOf, integersOfValue, integersWithin, partsOf, valuesOfInteger } from '../../code/parts.ts';

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

/** To what is there already, or in its place. */
const store = bytes.keyedStore + bytes.keyedLoad + bytes.arithmetic;

/** A candidate of a tournament enters, is compared with another and is a term of the window's sum. */
const game = bytes.keyedStore + 3 * bytes.keyedLoad + bytes.branch + 5 * bytes.arithmetic + 6 * bytes.move;

/** Whether the sum is NaN, and where. */
const ifNaN = 2 * bytes.call + bytes.branch + 4 * bytes.move;

/** Estimated bytecode of a function. */
export function bytecodeOf(code: readonly Code[]): number {
  return bytes.frame + blockBytes(code);
}

function blockBytes(code: readonly Code[]): number {
  return code.reduce((total, one) => total + statementBytes(one), 0);
}

function statementBytes(one: Code): number {
  switch (one.kind) {
    case 'constant':
    case 'mutable':
    case 'replace':
      return valueBytes(one.value) + bytes.move;
    case 'plus':
      return valueBytes(one.value) + bytes.arithmetic + bytes.move;
    case 'integer':
    case 'counter':
      return integerBytes(one.value) + bytes.move;
    case 'store':
      return valueBytes(one.value) + bytes.move + store;
    case 'storeInteger':
      return integerBytes(one.value) + bytes.move + store;
    case 'tournament':
      return one.candidates.length * game + ifNaN;
    case 'row':
      // What a row stores is in a register.
      return one.of.reduce((total, each) => total + ('array' in each ? store : statementBytes(each)), 0);
    case 'challenge':
      return 2 * valueBytes(one.candidate) + bytes.branch + 2 * bytes.move;
    case 'across':
      return 3 * bytes.arithmetic + bytes.move;
    case 'loop':
    case 'if':
      return bytes.branch + bytes.arithmetic + bytes.move + blockBytes(bodyOf(one));
    case 'clear':
      return bytes.call;
    case 'remark':
      return 0;
  }
}

function valueBytes(value: Value): number {
  const parts = partsOf(value).reduce((sum, part) => sum + valueBytes(part), 0);
  const inner = integersOfValue(value).reduce((sum, int) => sum + integerBytes(int), parts);
  switch (value.kind) {
    case 'number':
      return bytes.literal;
    case 'local':
    case 'argument':
      return bytes.move;
    case 'load':
      return bytes.keyedLoad + (isConstant(value.at) ? 0 : inner + bytes.arithmetic);
    case 'plus':
      return inner + (value.terms.length - 1) * (bytes.arithmetic + bytes.move);
    case 'times':
      return inner + (value.factors.length - 1) * (bytes.arithmetic + bytes.move);
    case 'divide':
      return inner + bytes.arithmetic + bytes.move;
    case 'call':
      return 2 * inner + bytes.call + bytes.branch;
    case 'select':
      return inner + bytes.branch;
    case 'max':
      return inner + bytes.call + value.candidates.length * bytes.move;
    case 'splat':
    case 'extract':
    case 'fromInt':
      return inner;
  }
}

function integerBytes(int: Int): number {
  const values = valuesOfInteger(int).reduce((sum, value) => sum + valueBytes(value), 0);
  const inner = integersWithin(int).reduce((sum, one) => sum + integerBytes(one), values);
  switch (int.kind) {
    case 'sum': {
      const { size } = int.terms;
      return size === 0 ? bytes.literal : bytes.move + (size - 1) * (2 * bytes.arithmetic + bytes.move);
    }
    case 'load':
      return bytes.keyedLoad;
    case 'digit':
      return bytes.move + 2 * bytes.arithmetic;
    case 'address':
      return 2 * bytes.move + 5 * bytes.arithmetic;
    case 'argmax':
      return inner + int.candidates.length * (bytes.branch + bytes.move);
    case 'floor':
    case 'ceiling':
      return inner + bytes.call + bytes.arithmetic;
    case 'least':
    case 'greatest':
      return inner + bytes.call;
    case 'between':
      return inner + bytes.arithmetic;
    case 'splat':
      return inner;
  }
}
