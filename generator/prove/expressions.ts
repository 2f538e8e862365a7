import { ts } from 'ts-morph';
import { conversions } from './cells.ts';
import { OperatorTranslator } from './operatorTranslator.ts';

const { SyntaxKind } = ts;

/** Functions of `Math` that take one of several ways. */
const choices = {
  'Math.max': { name: 'max', arms: undefined },
  'Math.min': { name: 'min', arms: undefined },
  'Math.abs': { name: 'abs', arms: ['is never of a positive number', 'is never of a negative number'] },
} as const;

const mathNames = new Set(
  'PI SQRT2 SQRT1_2 exp expm1 log log1p tanh atan sqrt abs max min imul floor ceil trunc round pow'.split(' '),
);

/** Whether it stays as it stands: no number, and asked of none. */
function isPlain(node: ts.Expression): boolean {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isRegularExpressionLiteral(node) ||
    node.kind === SyntaxKind.TrueKeyword ||
    node.kind === SyntaxKind.FalseKeyword ||
    node.kind === SyntaxKind.NullKeyword
  );
}

/** Expressions of a module in terms of the ring; statements build on it. */
export abstract class ExpressionTranslator extends OperatorTranslator {
  abstract block(block: ts.Block): string;

  expression(node: ts.Expression): string {
    if (ts.isNumericLiteral(node)) return this.#literal(node);
    if (isPlain(node)) return node.getText();
    if (ts.isIdentifier(node)) return this.#identifier(node);
    if (ts.isParenthesizedExpression(node)) return `(${this.expression(node.expression)})`;
    if (ts.isBinaryExpression(node)) return this.binary(node);
    if (ts.isElementAccessExpression(node)) return this.#element(node);
    if (ts.isPropertyAccessExpression(node)) return this.#property(node);
    if (ts.isCallExpression(node)) return this.#call(node);
    if (ts.isConditionalExpression(node)) return this.conditional(node);
    if (ts.isPrefixUnaryExpression(node)) return this.prefix(node);
    return this.#rarer(node);
  }

  #rarer(node: ts.Expression): string {
    // What only types say goes.
    if (ts.isAsExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node)) {
      return this.expression(node.expression);
    }
    if (ts.isPostfixUnaryExpression(node)) return this.step(node.operand, node.operator, node);
    if (ts.isArrowFunction(node)) return this.#arrow(node);
    if (ts.isNewExpression(node)) {
      return `new ${this.expression(node.expression)}(${this.list(node.arguments ?? [])})`;
    }
    if (ts.isArrayLiteralExpression(node)) return `[${this.list(node.elements)}]`;
    if (ts.isSpreadElement(node)) return `...${this.expression(node.expression)}`;
    if (ts.isObjectLiteralExpression(node)) return `{ ${node.properties.map((one) => this.#member(one)).join(', ')} }`;
    if (ts.isTemplateExpression(node)) {
      // The texts between carry their `${` and `}`.
      const spans = node.templateSpans.map(
        ({ expression, literal }) => this.expression(expression) + literal.getText(),
      );
      return node.head.getText() + spans.join('');
    }
    if (ts.isOmittedExpression(node)) return '';
    if (ts.isTypeOfExpression(node)) return `$.typeOf(${this.expression(node.expression)})`;
    return this.refuse(node);
  }

  #literal(node: ts.NumericLiteral): string {
    const value = Number(node.text);
    if (Number.isSafeInteger(value)) return node.getText();
    return this.literal(value);
  }

  #identifier(node: ts.Identifier): string {
    if (node.text.startsWith('$')) return this.refuse(node);
    if (node.text === 'Math') return '$.Math';
    if (node.text === 'Float32Array' && this.options.isFloat32 !== true) return this.refuse(node);
    return node.text in conversions ? `$.arrays.${node.text}` : node.text;
  }

  #property(node: ts.PropertyAccessExpression): string {
    const name = node.name.text;
    if (node.expression.getText() === 'Math' && !mathNames.has(name)) return this.refuse(node);
    return `${this.expression(node.expression)}${node.questionDotToken ? '?.' : '.'}${name}`;
  }

  #element(node: ts.ElementAccessExpression): string {
    const [array, at] = [this.expression(node.expression), this.expression(node.argumentExpression)];
    return ts.isOptionalChain(node) ? `$.getFromChain(${array}, ${at})` : `$.get(${array}, ${at})`;
  }

  #call(node: ts.CallExpression): string {
    if (node.expression.kind === SyntaxKind.SuperKeyword || node.expression.kind === SyntaxKind.ImportKeyword) {
      return this.refuse(node);
    }
    const callee = node.expression.getText();
    const isChoice = callee in choices && !node.arguments.some(ts.isSpreadElement);
    if (isChoice && this.options.branches === true) return this.#choice(node, choices[callee as keyof typeof choices]);
    return `${this.expression(node.expression)}${node.questionDotToken ? '?.' : ''}(${this.list(node.arguments)})`;
  }

  /** Math.max and its like have an arm for each argument that may win. */
  #choice(node: ts.CallExpression, { name, arms }: (typeof choices)[keyof typeof choices]): string {
    const first = this.branch(node, arms ?? node.arguments.map((one) => `is never ${one.getText()}`));
    return `$.choose('${name}', ${first}, ${node.arguments.map((one) => this.compared(one)).join(', ')})`;
  }

  #member(node: ts.ObjectLiteralElementLike): string {
    if (ts.isShorthandPropertyAssignment(node)) return `${node.name.text}: ${this.#identifier(node.name)}`;
    if (ts.isPropertyAssignment(node)) return `${this.#key(node.name)}: ${this.expression(node.initializer)}`;
    if (ts.isSpreadAssignment(node)) return `...${this.expression(node.expression)}`;
    if (ts.isMethodDeclaration(node) && node.body && !node.asteriskToken) {
      return `${this.#key(node.name)}${this.parameters(node)} ${this.functionBody(node.body)}`;
    }
    return this.refuse(node);
  }

  #key(name: ts.PropertyName): string {
    return ts.isComputedPropertyName(name) ? `[$.plain(${this.expression(name.expression)})]` : name.getText();
  }

  parameters({ parameters }: ts.SignatureDeclaration): string {
    const names = parameters.map((one) => {
      const name = `${one.dotDotDotToken ? '...' : ''}${this.binding(one.name)}`;
      return one.initializer ? `${name} = ${this.expression(one.initializer)}` : name;
    });
    return `(${names.join(', ')})`;
  }

  functionBody(block: ts.Block): string {
    if (this.options.branches !== true) return this.block(block);
    return this.inFunction((number) => `{ $.visit(${number}); ${this.block(block)} }`);
  }

  #arrow(node: ts.ArrowFunction): string {
    if (node.modifiers !== undefined) return this.refuse(node);
    const body = ts.isBlock(node.body) ? this.functionBody(node.body) : `(${this.expression(node.body)})`;
    return `${this.parameters(node)} => ${body}`;
  }

  /** A name that is declared, or a pattern of names. */
  binding(name: ts.BindingName): string {
    if (ts.isIdentifier(name)) {
      if (name.text.startsWith('$') || name.text === 'Math' || name.text in conversions) return this.refuse(name);
      return name.text;
    }
    const elements = name.elements.map((element) => {
      if (ts.isOmittedExpression(element)) return '';
      const property = element.propertyName ? `${this.#key(element.propertyName)}: ` : '';
      const value = element.initializer ? ` = ${this.expression(element.initializer)}` : '';
      return `${element.dotDotDotToken ? '...' : ''}${property}${this.binding(element.name)}${value}`;
    });
    return ts.isArrayBindingPattern(name) ? `[${elements.join(', ')}]` : `{ ${elements.join(', ')} }`;
  }
}
