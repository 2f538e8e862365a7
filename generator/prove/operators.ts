import { ts } from 'ts-morph';

const { SyntaxKind } = ts;

/** Operators that are methods of the ring. */
export const arithmetic: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [SyntaxKind.PlusToken, 'plus'],
  [SyntaxKind.MinusToken, 'subtract'],
  [SyntaxKind.AsteriskToken, 'times'],
  [SyntaxKind.SlashToken, 'divide'],
  [SyntaxKind.PercentToken, 'remainder'],
  [SyntaxKind.AsteriskAsteriskToken, 'power'],
]);

/** `op=` by its operator. */
export const compound: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [SyntaxKind.PlusEqualsToken, 'plus'],
  [SyntaxKind.MinusEqualsToken, 'subtract'],
  [SyntaxKind.AsteriskEqualsToken, 'times'],
  [SyntaxKind.SlashEqualsToken, 'divide'],
]);

/** Comparisons: the method, whether its operands change places, and whether its result is turned round. */
export const comparisons: ReadonlyMap<ts.SyntaxKind, readonly [method: string, swapped: boolean, negated: boolean]> =
  new Map([
    [SyntaxKind.LessThanToken, ['less', false, false]],
    [SyntaxKind.GreaterThanToken, ['less', true, false]],
    [SyntaxKind.LessThanEqualsToken, ['atMost', false, false]],
    [SyntaxKind.GreaterThanEqualsToken, ['atMost', true, false]],
    [SyntaxKind.EqualsEqualsEqualsToken, ['same', false, false]],
    [SyntaxKind.ExclamationEqualsEqualsToken, ['same', false, true]],
  ]);

/** Operators on integers, which stay as they are. */
export const bitwise: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [SyntaxKind.BarToken, '|'],
  [SyntaxKind.AmpersandToken, '&'],
  [SyntaxKind.CaretToken, '^'],
  [SyntaxKind.LessThanLessThanToken, '<<'],
  [SyntaxKind.GreaterThanGreaterThanToken, '>>'],
  [SyntaxKind.GreaterThanGreaterThanGreaterThanToken, '>>>'],
  [SyntaxKind.BarEqualsToken, '|'],
  [SyntaxKind.AmpersandEqualsToken, '&'],
  [SyntaxKind.CaretEqualsToken, '^'],
  [SyntaxKind.LessThanLessThanEqualsToken, '<<'],
  [SyntaxKind.GreaterThanGreaterThanEqualsToken, '>>'],
  [SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken, '>>>'],
]);

/** An expression without brackets around it. */
export function unwrapped(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ? unwrapped(node.expression) : node;
}

/** Whether it is one of the comparisons above. */
export function isComparison(node: ts.Expression): boolean {
  return ts.isBinaryExpression(node) && comparisons.has(node.operatorToken.kind);
}

/** `u !== u` and `Number.isNaN(u)` hold for NaN alone, which no number of a proof is: it is no way that a program may go. */
export function asksForNaN(node: ts.Expression): boolean {
  if (ts.isCallExpression(node)) return node.expression.getText() === 'Number.isNaN';
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === SyntaxKind.ExclamationEqualsEqualsToken &&
    node.left.getText() === node.right.getText()
  );
}

/** Whether it is `&&` or `||`. */
export function isLogical({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind === SyntaxKind.AmpersandAmpersandToken || kind === SyntaxKind.BarBarToken;
}

/** Whether a comparison is what an `if`, `?:`, `&&`, `!` or a loop asks; elsewhere it is a number, 0 or 1. */
export function isCondition(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return isCondition(parent);
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  if (ts.isBinaryExpression(parent)) return isLogical(parent);
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === SyntaxKind.ExclamationToken;
  return (
    ts.isIfStatement(parent) || ts.isForStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)
  );
}
