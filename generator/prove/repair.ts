import { ts } from 'ts-morph';
import { areEqual, difference, isZero, negative, type Residue, sum } from './field.ts';
import type { Names } from './recording.ts';
import type { Ring } from './ring.ts';
import type { Scalar } from './value.ts';

const { SyntaxKind } = ts;
const times = SyntaxKind.AsteriskToken;

/** One change of the text that would make an expression right. */
export interface Repair {
  /** The part that is wrong; for a term of a sum the whole term. */
  readonly node: ts.Node;
  readonly advice: string;
  /** Whether the advice can be read without the term around it. */
  readonly isWhole?: true;
}

/** A term of a sum and its sign. */
interface Term {
  readonly node: ts.Expression;
  readonly isNegative: boolean;
}

/** Looks for the one change that gives an expression the value it should have, by what other numbers are named. */
export class Repairer {
  readonly #ring: Ring;
  readonly #names: Names;

  constructor(ring: Ring, names: Names) {
    this.#ring = ring;
    this.#names = names;
  }

  /** The change after which `node` has the value `wanted`; undefined where no single one is found. */
  repair(node: ts.Expression, wanted: Residue): Repair | undefined {
    const value = this.valueOf(node);
    if (value === undefined || areEqual(this.#ring.lift(value), wanted)) return undefined;
    if (ts.isParenthesizedExpression(node)) return this.repair(node.expression, wanted);
    if (ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.MinusToken) return this.#negated(node, wanted);
    if (ts.isBinaryExpression(node) && areEqual(negative(this.#ring.lift(value)), wanted)) return turnedRound(node);
    if (isSum(node)) return this.#sum(node, wanted);
    if (ts.isBinaryExpression(node))
      return this.#product(node, wanted) ?? this.#missingTerm(node, [node], value, wanted);
    if (ts.isConditionalExpression(node)) return this.#conditional(node, wanted);
    if (ts.isCallExpression(node)) return this.#call(node, wanted);
    return this.#leaf(node, wanted);
  }

  /** What an expression is worth by the names in it; undefined where it is of a kind that is not looked into. */
  valueOf(node: ts.Expression): Scalar | undefined {
    const ring = this.#ring;
    if (ts.isParenthesizedExpression(node)) return this.valueOf(node.expression);
    if (ts.isNumericLiteral(node)) return ring.lift(Number(node.text));
    if (ts.isIdentifier(node)) return this.#names.valueOf(node.text);
    if (ts.isElementAccessExpression(node)) return this.#names.valueOf(this.#place(node));
    if (ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.MinusToken) {
      const operand = this.valueOf(node.operand);
      return operand === undefined ? undefined : ring.negate(operand);
    }
    if (ts.isConditionalExpression(node)) {
      const taken = this.#taken(node);
      return taken === undefined ? undefined : this.valueOf(taken);
    }
    if (ts.isCallExpression(node)) {
      const [argument] = node.arguments.map((one) => this.valueOf(one));
      const compute = functions[node.expression.getText()];
      return argument === undefined || compute === undefined || node.arguments.length > 1
        ? undefined
        : compute(ring, argument);
    }
    if (!ts.isBinaryExpression(node)) return undefined;
    const [left, right] = [this.valueOf(node.left), this.valueOf(node.right)];
    const operate = operators.get(node.operatorToken.kind);
    return left === undefined || right === undefined || operate === undefined ? undefined : operate(ring, left, right);
  }

  /** `x[6]`, its index as a number. */
  #place(node: ts.ElementAccessExpression): string {
    const at = this.valueOf(node.argumentExpression);
    const index = at === undefined ? '?' : String(typeof at === 'number' ? at : at.float);
    return `${node.expression.getText()}[${index}]`;
  }

  #taken({ condition, whenTrue, whenFalse }: ts.ConditionalExpression): ts.Expression | undefined {
    if (!ts.isBinaryExpression(condition)) return undefined;
    const [left, right] = [this.valueOf(condition.left), this.valueOf(condition.right)];
    const compare = comparisons.get(condition.operatorToken.kind);
    if (left === undefined || right === undefined || compare === undefined) return undefined;
    return compare(this.#ring.lift(left).float, this.#ring.lift(right).float) ? whenTrue : whenFalse;
  }

  #leaf(node: ts.Expression, wanted: Residue): Repair | undefined {
    if (ts.isNumericLiteral(node)) return this.#literal(node, wanted);
    if (!ts.isIdentifier(node) && !ts.isElementAccessExpression(node)) return undefined;
    const found = ts.isIdentifier(node) ? node.text : this.#place(node);
    const value = this.#ring.lift(this.valueOf(node)!);
    if (areEqual(this.#ring.product(value, value), wanted)) return replacement(node, `${found} * ${found}`);
    const right = this.#names.nameOf(wanted, found);
    return right === undefined || right === found ? undefined : replacement(node, right);
  }

  #literal(node: ts.Expression, wanted: Residue): Repair | undefined {
    const right = commonNumbers.find((number) => areEqual(this.#ring.lift(number), wanted));
    return right === undefined ? undefined : replacement(node, String(right));
  }

  #negated(node: ts.PrefixUnaryExpression, wanted: Residue): Repair | undefined {
    const opposite = negative(wanted);
    const operand = this.valueOf(node.operand);
    if (operand !== undefined && areEqual(this.#ring.lift(operand), wanted)) {
      return replacement(node, node.operand.getText());
    }
    return this.repair(node.operand, opposite);
  }

  #conditional(node: ts.ConditionalExpression, wanted: Residue): Repair | undefined {
    const taken = this.#taken(node);
    if (taken === undefined) return undefined;
    const other = this.valueOf(taken === node.whenTrue ? node.whenFalse : node.whenTrue);
    if (other !== undefined && areEqual(this.#ring.lift(other), wanted)) {
      const truth = taken === node.whenTrue ? 'true' : 'false';
      return { node: node.condition, advice: `\`${node.condition.getText()}\` is ${truth} where it should not be` };
    }
    return this.repair(taken, wanted);
  }

  #call(node: ts.CallExpression, wanted: Residue): Repair | undefined {
    const [argument] = node.arguments;
    const value = argument === undefined ? undefined : this.valueOf(argument);
    if (value === undefined) return undefined;
    const right = Object.entries(functions).find(([, compute]) =>
      areEqual(this.#ring.lift(compute(this.#ring, value)), wanted),
    );
    return right === undefined ? undefined : replacement(node, `${right[0]}(${argument!.getText()})`);
  }

  #sum(node: ts.BinaryExpression, wanted: Residue): Repair | undefined {
    const terms = termsOf(node, false);
    const value = this.valueOf(node)!;
    const missing = difference(wanted, this.#ring.lift(value));
    for (const term of terms) {
      const own = this.#signed(term);
      if (own === undefined) continue;
      const right = sum(own, missing);
      const text = term.node.getText();
      const sign = term.isNegative ? '-' : '+';
      if (isZero(right)) return { node: term.node, advice: `\`${sign} ${text}\` should not be there`, isWhole: true };
      if (areEqual(right, negative(own))) {
        const advice = `\`${sign} ${text}\` should be \`${term.isNegative ? '+' : '-'} ${text}\``;
        return { node: term.node, advice, isWhole: true };
      }
      const repair = this.repair(term.node, term.isNegative ? negative(right) : right);
      if (repair !== undefined) return withinTerm(term.node, repair);
    }
    return this.#missingTerm(
      node,
      terms.map((term) => term.node),
      value,
      wanted,
    );
  }

  /** A product left out of a sum: of two numbers like the factors of a product that is there. */
  #missingTerm(
    node: ts.Expression,
    terms: readonly ts.Expression[],
    found: Scalar,
    wanted: Residue,
  ): Repair | undefined {
    const missing = difference(wanted, this.#ring.lift(found));
    const product = terms.find((term) => ts.isBinaryExpression(term) && term.operatorToken.kind === times);
    if (product === undefined) return undefined;
    const { left, right } = product as ts.BinaryExpression;
    for (const [name, value] of this.#names.like(left.getText())) {
      const rest = this.#ring.product(missing, this.#ring.inverse(this.#ring.lift(value)));
      const other = this.#names.nameOf(rest, right.getText());
      if (other !== undefined) return { node, advice: `\`${name} * ${other}\` is missing`, isWhole: true };
    }
    return undefined;
  }

  #product(node: ts.BinaryExpression, wanted: Residue): Repair | undefined {
    const { left, right, operatorToken } = node;
    const [a, b] = [this.valueOf(left), this.valueOf(right)];
    if (a === undefined || b === undefined) return undefined;
    const ring = this.#ring;
    if (!operators.has(operatorToken.kind)) return undefined;
    const isQuotient = operatorToken.kind === SyntaxKind.SlashToken;
    const [x, y] = [ring.lift(a), ring.lift(b)];
    if (!isZero(y)) {
      const forLeft = ring.product(wanted, isQuotient ? y : ring.inverse(y));
      const repair = this.repair(left, forLeft);
      if (repair !== undefined) return withinTerm(node, repair);
    }
    if (!isZero(x) && !isZero(wanted)) {
      const forRight = isQuotient ? ring.product(x, ring.inverse(wanted)) : ring.product(wanted, ring.inverse(x));
      const repair = this.repair(right, forRight);
      if (repair !== undefined) return withinTerm(node, repair);
    }
    return this.#otherOperator(node, a, b, wanted);
  }

  #otherOperator(node: ts.BinaryExpression, a: Scalar, b: Scalar, wanted: Residue): Repair | undefined {
    for (const [kind, operate] of operators) {
      if (kind === SyntaxKind.SlashToken && isZero(this.#ring.lift(b))) continue;
      if (!areEqual(this.#ring.lift(operate(this.#ring, a, b)), wanted)) continue;
      return replacement(node, `${node.left.getText()} ${ts.tokenToString(kind)} ${node.right.getText()}`);
    }
    return undefined;
  }

  #signed({ node, isNegative }: Term): Residue | undefined {
    const value = this.valueOf(node);
    if (value === undefined) return undefined;
    return isNegative ? negative(this.#ring.lift(value)) : this.#ring.lift(value);
  }
}

/** Numbers that a literal is likely to be. */
const commonNumbers = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 0.5, 0.25, 0.2, 0.1, 0.01, 1 / 3, 1 / 6];

const operators: ReadonlyMap<ts.SyntaxKind, (ring: Ring, a: Scalar, b: Scalar) => Scalar> = new Map([
  [SyntaxKind.PlusToken, (ring: Ring, a: Scalar, b: Scalar) => ring.plus(a, b)],
  [SyntaxKind.MinusToken, (ring: Ring, a: Scalar, b: Scalar) => ring.subtract(a, b)],
  [SyntaxKind.AsteriskToken, (ring: Ring, a: Scalar, b: Scalar) => ring.times(a, b)],
  [SyntaxKind.SlashToken, (ring: Ring, a: Scalar, b: Scalar) => ring.divide(a, b)],
]);

const comparisons: ReadonlyMap<ts.SyntaxKind, (a: number, b: number) => boolean> = new Map([
  [SyntaxKind.LessThanToken, (a: number, b: number) => a < b],
  [SyntaxKind.GreaterThanToken, (a: number, b: number) => a > b],
  [SyntaxKind.LessThanEqualsToken, (a: number, b: number) => a <= b],
  [SyntaxKind.GreaterThanEqualsToken, (a: number, b: number) => a >= b],
  [SyntaxKind.EqualsEqualsEqualsToken, (a: number, b: number) => a === b],
]);

const functions: Readonly<Record<string, (ring: Ring, u: Scalar) => Scalar>> = {
  tanh: (ring, u) => ring.Math.tanh(u),
  'Math.tanh': (ring, u) => ring.Math.tanh(u),
  'Math.atan': (ring, u) => ring.Math.atan(u),
  'Math.exp': (ring, u) => ring.Math.exp(u),
  'Math.expm1': (ring, u) => ring.Math.expm1(u),
  'Math.abs': (ring, u) => ring.Math.abs(u),
};

function isSum(node: ts.Expression): node is ts.BinaryExpression {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind === SyntaxKind.PlusToken || kind === SyntaxKind.MinusToken;
}

function termsOf(node: ts.Expression, isNegative: boolean): readonly Term[] {
  if (!isSum(node)) return [{ node, isNegative }];
  const isDifference = node.operatorToken.kind === SyntaxKind.MinusToken;
  return [...termsOf(node.left, isNegative), ...termsOf(node.right, isDifference ? !isNegative : isNegative)];
}

/** `t - a` for `a - t`; −(…) for anything else. */
function turnedRound(node: ts.BinaryExpression): Repair {
  const isDifference = node.operatorToken.kind === SyntaxKind.MinusToken && !isSum(node.left);
  const text = isDifference ? `${node.right.getText()} - ${node.left.getText()}` : `-(${oneLine(node.getText())})`;
  return replacement(node, text);
}

function replacement(node: ts.Node, text: string): Repair {
  return { node, advice: `\`${oneLine(node.getText())}\` should be \`${text}\`` };
}

/** The advice with the term around the part that is wrong: `dz1[4] * x[6]` says more than `x[6]`. */
function withinTerm(term: ts.Node, repair: Repair): Repair {
  const { node, advice, isWhole } = repair;
  const parts = /^`(.*)` should be `(.*)`$/.exec(advice);
  if (parts === null || isWhole || node === term) return repair;
  const text = term.getText();
  const start = node.getStart() - term.getStart();
  const changed = text.slice(0, start) + parts[2]! + text.slice(start + node.getText().length);
  return { node: term, advice: `\`${oneLine(text)}\` should be \`${oneLine(changed)}\`` };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
