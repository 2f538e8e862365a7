import { ts } from 'ts-morph';

const { SyntaxKind } = ts;

/** A term of a sum: a number, or a product of two, which is added or subtracted. */
export interface SumTerm {
  /** As `Arithmetic.sum` takes it. */
  readonly code: '+' | '-' | 'p' | 'm';
  readonly parts: readonly ts.Expression[];
}

/** The terms of a + b·c − d + … from the left; more than one, or a product behind a number. */
export function termsOf(node: ts.Expression): readonly SumTerm[] {
  const terms: SumTerm[] = [];
  let first = node;
  for (; isSum(first); first = first.left) {
    terms.push(termOf(first.right, first.operatorToken.kind === SyntaxKind.MinusToken));
  }
  return [termOf(first, false), ...terms.reverse()];
}

function termOf(node: ts.Expression, isNegative: boolean): SumTerm {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.AsteriskToken) {
    return { code: isNegative ? 'm' : 'p', parts: [node.left, node.right] };
  }
  return { code: isNegative ? '-' : '+', parts: [node] };
}

export function isSum(node: ts.Expression): node is ts.BinaryExpression {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind === SyntaxKind.PlusToken || kind === SyntaxKind.MinusToken;
}
