import { ts } from 'ts-morph';
import { Gatherer } from './gatherer.ts';
import {
  arithmetic,
  bitwise,
  comparisons,
  compound,
  isComparison,
  isCondition,
  isLogical,
  unwrapped,
} from './operators.ts';
import { isSum, type SumTerm, termsOf } from './sumTerms.ts';

const { SyntaxKind } = ts;

/** Operators and conditions in terms of the ring. */
export abstract class OperatorTranslator extends Gatherer {
  abstract expression(node: ts.Expression): string;

  protected list(nodes: readonly ts.Expression[]): string {
    return nodes.map((node) => this.expression(node)).join(', ');
  }

  protected binary(node: ts.BinaryExpression): string {
    const operator = node.operatorToken.kind;
    if (operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment) return this.#assignment(node);
    const comparison = comparisons.get(operator);
    if (comparison !== undefined) return this.#comparison(node, comparison, !isCondition(node));
    if (operator === SyntaxKind.AmpersandAmpersandToken || operator === SyntaxKind.BarBarToken) {
      const sign = operator === SyntaxKind.BarBarToken ? '||' : '&&';
      const right = isComparison(node.right) ? this.branching(node.right) : this.expression(node.right);
      return `(${this.branching(node.left)} ${sign} ${right})`;
    }
    if (this.whole.has(node)) return `(${node.getText()})`;
    if (isSum(node)) {
      const terms = termsOf(node);
      const isProduct = terms.length === 2 && terms[0]!.code === '+' && terms[1]!.code === 'p';
      if (isProduct) return `$.plusProduct(${this.list(terms.flatMap(({ parts }) => parts))})`;
      if (terms.length > 2 || terms[0]!.code === 'p') return this.#sum(terms);
    }
    const [left, right] = [this.expression(node.left), this.expression(node.right)];
    const method = arithmetic.get(operator);
    if (method !== undefined) return `$.${method}(${left}, ${right})`;
    const sign = bitwise.get(operator);
    if (sign !== undefined) return `($.plain(${left}) ${sign} $.plain(${right}))`;
    if (operator === SyntaxKind.QuestionQuestionToken) return `(${left} ?? ${right})`;
    if (operator === SyntaxKind.InstanceOfKeyword) return `(${left} instanceof ${right})`;
    if (operator === SyntaxKind.InKeyword) return `(${left} in ${right})`;
    if (operator === SyntaxKind.CommaToken) return `(${left}, ${right})`;
    return this.refuse(node);
  }

  /** a + b·c − d + … in one call: a sum of thousands of terms would be as many calls within each other. */
  #sum(terms: readonly SumTerm[]): string {
    const codes = terms.map(({ code }) => code).join('');
    return `$.sum('${codes}', ${this.list(terms.flatMap(({ parts }) => parts))})`;
  }

  #comparison(
    node: ts.BinaryExpression,
    [method, swapped, negated]: readonly [string, boolean, boolean],
    isNumber: boolean,
  ): string {
    // Of whole numbers the operators of the text compare; but === would not throw where it meets another.
    if (method !== 'same' && this.whole.has(node.left) && this.whole.has(node.right)) {
      const text = node.getText();
      return isNumber ? this.numbered(node, text) : text;
    }
    const [left, right] = [this.compared(node.left), this.compared(node.right)];
    const text = `${negated ? '!' : ''}$.${method}(${swapped ? `${right}, ${left}` : `${left}, ${right}`})`;
    return isNumber ? this.numbered(node, text) : text;
  }

  /** What a number is compared with: of a literal other than 0 that it is one must be known. */
  protected compared(node: ts.Expression): string {
    const isNegative = ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.MinusToken;
    const literal = isNegative ? node.operand : node;
    const value = ts.isNumericLiteral(literal) ? Number(literal.text) : 0;
    return value === 0 ? this.expression(node) : this.literal(isNegative ? -value : value);
  }

  #assignment(node: ts.BinaryExpression): string {
    const operator = node.operatorToken.kind;
    const value = this.expression(node.right);
    const method = compound.get(operator);
    const sign = bitwise.get(operator);
    const { left } = node;
    if (ts.isIdentifier(left) && method !== undefined && this.whole.has(left)) return `(${node.getText()})`;
    const target = ts.isNonNullExpression(left) ? left.expression : left;
    if (operator === SyntaxKind.QuestionQuestionEqualsToken && ts.isIdentifier(target)) {
      return `(${target.text} ??= ${value})`;
    }
    if (operator !== SyntaxKind.EqualsToken && method === undefined && sign === undefined) return this.refuse(node);
    if (ts.isElementAccessExpression(target)) {
      const [array, at] = [this.expression(target.expression), this.expression(target.argumentExpression)];
      const stored = this.traced(target.expression.getText(), node.right, value, `, ${array}, ${at}`);
      if (operator === SyntaxKind.EqualsToken) return `$.put(${array}, ${at}, ${stored})`;
      return method === undefined ? this.refuse(node) : `$.revise(${array}, ${at}, '${method}', ${stored})`;
    }
    if (!ts.isIdentifier(target) && !ts.isPropertyAccessExpression(target)) return this.refuse(node);
    const name = this.expression(target);
    if (operator === SyntaxKind.EqualsToken) return `(${name} = ${value})`;
    if (method === 'plus' && ts.isIdentifier(target)) {
      const [term, ...others] = termsOf(node.right);
      if (others.length === 0 && term!.code === 'p') {
        return `(${name} = $.plusProduct(${name}, ${this.list(term!.parts)}))`;
      }
    }
    return method === undefined
      ? `(${name} = $.plain(${name}) ${sign} $.plain(${value}))`
      : `(${name} = $.${method}(${name}, ${value}))`;
  }

  protected prefix(node: ts.PrefixUnaryExpression): string {
    const { operator, operand } = node;
    switch (operator) {
      case SyntaxKind.MinusToken:
        return `$.negate(${this.expression(operand)})`;
      case SyntaxKind.PlusToken:
        return `$.number(${this.expression(operand)})`;
      case SyntaxKind.ExclamationToken:
        return `!${this.condition(operand)}`;
      case SyntaxKind.TildeToken:
        return `~$.plain(${this.expression(operand)})`;
      case SyntaxKind.PlusPlusToken:
      case SyntaxKind.MinusMinusToken:
        return this.step(operand, operator, node);
    }
  }

  /** ++ and −−, of a counter; of an element only where its value is not used. */
  protected step(target: ts.Expression, operator: ts.SyntaxKind, node: ts.Expression): string {
    const operand = ts.isNonNullExpression(target) ? target.expression : target;
    const isUp = operator === SyntaxKind.PlusPlusToken;
    if (ts.isElementAccessExpression(operand) && ts.isExpressionStatement(node.parent)) {
      const place = `${this.expression(operand.expression)}, ${this.expression(operand.argumentExpression)}`;
      return `$.revise(${place}, '${isUp ? 'plus' : 'subtract'}', 1)`;
    }
    if (!ts.isIdentifier(operand)) return this.refuse(node);
    const sign = isUp ? '++' : '--';
    return ts.isPrefixUnaryExpression(node) ? `${sign}${operand.text}` : `${operand.text}${sign}`;
  }

  // Branches

  protected conditional({ condition, whenTrue, whenFalse }: ts.ConditionalExpression): string {
    return `(${this.branching(condition)} ? ${this.expression(whenTrue)} : ${this.expression(whenFalse)})`;
  }

  /** A condition whose two arms are counted. */
  branching(node: ts.Expression): string {
    const inner = unwrapped(node);
    // The parts of `a && b` and of `!a` are branches of their own.
    if (ts.isPrefixUnaryExpression(inner) && inner.operator === SyntaxKind.ExclamationToken) {
      return `!${this.branching(inner.operand)}`;
    }
    if (ts.isBinaryExpression(inner) && isLogical(inner)) {
      const sign = inner.operatorToken.kind === SyntaxKind.BarBarToken ? '||' : '&&';
      return `(${this.branching(inner.left)} ${sign} ${this.branching(inner.right)})`;
    }
    return this.numbered(inner, this.expression(inner));
  }

  /** A condition whose arms are not counted, as that of a loop. */
  condition(node: ts.Expression): string {
    return `$.test(${this.expression(node)})`;
  }
}
