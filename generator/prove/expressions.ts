import { ts } from 'ts-morph';
import type { Branch } from './branches.ts';
import { conversions } from './cells.ts';
import { Refusal } from './refusal.ts';
import { isSum, type SumTerm, termsOf } from './sumTerms.ts';
import type { TranslateOptions } from './translateOptions.ts';
import { WholeNumbers } from './wholeNumbers.ts';

const { SyntaxKind } = ts;

/** Operators that are methods of the ring. */
const arithmetic: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [SyntaxKind.PlusToken, 'plus'],
  [SyntaxKind.MinusToken, 'subtract'],
  [SyntaxKind.AsteriskToken, 'times'],
  [SyntaxKind.SlashToken, 'divide'],
  [SyntaxKind.PercentToken, 'remainder'],
  [SyntaxKind.AsteriskAsteriskToken, 'power'],
]);

/** `op=` by its operator. */
const compound: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [SyntaxKind.PlusEqualsToken, 'plus'],
  [SyntaxKind.MinusEqualsToken, 'subtract'],
  [SyntaxKind.AsteriskEqualsToken, 'times'],
  [SyntaxKind.SlashEqualsToken, 'divide'],
]);

/** Comparisons: the method, whether its operands change places, and whether its result is turned round. */
const comparisons: ReadonlyMap<ts.SyntaxKind, readonly [method: string, swapped: boolean, negated: boolean]> = new Map([
  [SyntaxKind.LessThanToken, ['less', false, false]],
  [SyntaxKind.GreaterThanToken, ['less', true, false]],
  [SyntaxKind.LessThanEqualsToken, ['atMost', false, false]],
  [SyntaxKind.GreaterThanEqualsToken, ['atMost', true, false]],
  [SyntaxKind.EqualsEqualsEqualsToken, ['same', false, false]],
  [SyntaxKind.ExclamationEqualsEqualsToken, ['same', false, true]],
]);

/** Operators on integers, which stay as they are. */
const bitwise: ReadonlyMap<ts.SyntaxKind, string> = new Map([
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

/** Functions of `Math` that take one of several ways. */
const choices = {
  'Math.max': { name: 'max', arms: undefined },
  'Math.min': { name: 'min', arms: undefined },
  'Math.abs': { name: 'abs', arms: ['is never of a positive number', 'is never of a negative number'] },
} as const;

const mathNames = new Set(
  'PI SQRT2 SQRT1_2 exp expm1 log log1p tanh atan sqrt abs max min imul floor ceil trunc round pow'.split(' '),
);

/** Expressions of a module in terms of the ring; statements build on it. */
export abstract class ExpressionTranslator {
  readonly source: ts.SourceFile;
  readonly options: TranslateOptions;
  readonly branches: Branch[] = [];
  readonly literals: number[] = [];
  readonly #literalNumbers = new Map<number, number>();
  places = 0;
  #function = -1;
  readonly #whole: WholeNumbers;

  constructor(source: ts.SourceFile, options: TranslateOptions) {
    this.source = source;
    this.#whole = new WholeNumbers(source);
    this.options = options;
  }

  abstract block(block: ts.Block): string;

  lineOf(node: ts.Node): number {
    return this.source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  }

  refuse(node: ts.Node): never {
    const [found = ''] = node.getText().split('\n', 1);
    const shown = found.length > 60 ? `${found.slice(0, 57)}...` : found;
    throw new Refusal(
      `${this.options.file}:${this.lineOf(node)}: found \`${shown}\`, which exact arithmetic does not know`,
    );
  }

  /** Tells the ring the line. */
  position(node: ts.Node): string {
    return `$.line = ${this.lineOf(node)}; `;
  }

  expression(node: ts.Expression): string {
    switch (node.kind) {
      case SyntaxKind.NumericLiteral:
        return this.#literal(node as ts.NumericLiteral);
      case SyntaxKind.StringLiteral:
      case SyntaxKind.NoSubstitutionTemplateLiteral:
      // Asked of messages, never of numbers.
      case SyntaxKind.RegularExpressionLiteral:
      case SyntaxKind.TrueKeyword:
      case SyntaxKind.FalseKeyword:
      case SyntaxKind.NullKeyword:
        return node.getText();
      case SyntaxKind.Identifier:
        return this.#identifier(node as ts.Identifier);
      case SyntaxKind.ParenthesizedExpression:
        return `(${this.expression((node as ts.ParenthesizedExpression).expression)})`;
      case SyntaxKind.BinaryExpression:
        return this.#binary(node as ts.BinaryExpression);
      case SyntaxKind.ElementAccessExpression:
        return this.#element(node as ts.ElementAccessExpression);
      case SyntaxKind.PropertyAccessExpression:
        return this.#property(node as ts.PropertyAccessExpression);
      case SyntaxKind.CallExpression:
        return this.#call(node as ts.CallExpression);
      case SyntaxKind.ConditionalExpression:
        return this.#conditional(node as ts.ConditionalExpression);
      case SyntaxKind.PrefixUnaryExpression:
        return this.#prefix(node as ts.PrefixUnaryExpression);
      default:
        return this.#rarer(node);
    }
  }

  #rarer(node: ts.Expression): string {
    // What only types say goes.
    if (ts.isAsExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node)) {
      return this.expression(node.expression);
    }
    if (ts.isPostfixUnaryExpression(node)) return this.#step(node.operand, node.operator, node);
    if (ts.isArrowFunction(node)) return this.#arrow(node);
    if (ts.isNewExpression(node)) {
      return `new ${this.expression(node.expression)}(${this.#list(node.arguments ?? [])})`;
    }
    if (ts.isArrayLiteralExpression(node)) return `[${this.#list(node.elements)}]`;
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

  #list(nodes: readonly ts.Expression[]): string {
    return nodes.map((node) => this.expression(node)).join(', ');
  }

  #literal(node: ts.NumericLiteral): string {
    const value = Number(node.text);
    if (Number.isSafeInteger(value)) return node.getText();
    const known = this.#literalNumbers.get(value) ?? this.literals.push(value) - 1;
    this.#literalNumbers.set(value, known);
    return `$literals[${known}]`;
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
    return `${this.expression(node.expression)}${node.questionDotToken ? '?.' : ''}(${this.#list(node.arguments)})`;
  }

  /** Math.max and its like have an arm for each argument that may win. */
  #choice(node: ts.CallExpression, { name, arms }: (typeof choices)[keyof typeof choices]): string {
    const first = this.#branch(node, arms ?? node.arguments.map((one) => `is never ${one.getText()}`));
    return `$.choose('${name}', ${first}, ${this.#list(node.arguments)})`;
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

  // Operators

  #binary(node: ts.BinaryExpression): string {
    const operator = node.operatorToken.kind;
    if (operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment) return this.#assignment(node);
    const comparison = comparisons.get(operator);
    if (comparison !== undefined) return this.#comparison(node, comparison, !isCondition(node));
    if (operator === SyntaxKind.AmpersandAmpersandToken || operator === SyntaxKind.BarBarToken) {
      const sign = operator === SyntaxKind.BarBarToken ? '||' : '&&';
      const right = isComparison(node.right) ? this.branching(node.right) : this.expression(node.right);
      return `(${this.branching(node.left)} ${sign} ${right})`;
    }
    if (this.#whole.has(node)) return `(${node.getText()})`;
    if (isSum(node)) {
      const terms = termsOf(node);
      const isProduct = terms.length === 2 && terms[0]!.code === '+' && terms[1]!.code === 'p';
      if (isProduct) return `$.plusProduct(${this.#list(terms.flatMap(({ parts }) => parts))})`;
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
    return `$.sum('${codes}', ${this.#list(terms.flatMap(({ parts }) => parts))})`;
  }

  #comparison(
    node: ts.BinaryExpression,
    [method, swapped, negated]: readonly [string, boolean, boolean],
    isNumber: boolean,
  ): string {
    // Of whole numbers the operators of the text compare; but === would not throw where it meets another.
    if (method !== 'same' && this.#whole.has(node.left) && this.#whole.has(node.right)) {
      const text = node.getText();
      return isNumber ? this.#numbered(node, text) : text;
    }
    const [left, right] = [this.expression(node.left), this.expression(node.right)];
    const text = `${negated ? '!' : ''}$.${method}(${swapped ? `${right}, ${left}` : `${left}, ${right}`})`;
    return isNumber ? this.#numbered(node, text) : text;
  }

  #assignment(node: ts.BinaryExpression): string {
    const operator = node.operatorToken.kind;
    const value = this.expression(node.right);
    const method = compound.get(operator);
    const sign = bitwise.get(operator);
    const { left } = node;
    if (ts.isIdentifier(left) && method !== undefined && this.#whole.has(left)) return `(${node.getText()})`;
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
        return `(${name} = $.plusProduct(${name}, ${this.#list(term!.parts)}))`;
      }
    }
    return method === undefined
      ? `(${name} = $.plain(${name}) ${sign} $.plain(${value}))`
      : `(${name} = $.${method}(${name}, ${value}))`;
  }

  #prefix(node: ts.PrefixUnaryExpression): string {
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
      default:
        return this.#step(operand, operator, node);
    }
  }

  /** ++ and −−, of a counter; of an element only where its value is not used. */
  #step(target: ts.Expression, operator: ts.SyntaxKind, node: ts.Expression): string {
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

  #conditional({ condition, whenTrue, whenFalse }: ts.ConditionalExpression): string {
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
    return this.#numbered(inner, this.expression(inner));
  }

  /** A condition whose arms are not counted, as that of a loop. */
  condition(node: ts.Expression): string {
    return `$.test(${this.expression(node)})`;
  }

  #numbered(node: ts.Expression, text: string): string {
    if (this.options.branches !== true || asksForNaN(node)) return `$.test(${text})`;
    return `$.test(${text}, ${this.#branch(node, ['is never true', 'is never false'])})`;
  }

  /** Numbers the arms of a branch; the number of the first. */
  #branch(node: ts.Expression, arms: readonly string[]): number {
    const first = this.places;
    // The place behind the arms is for ties.
    this.places += arms.length + 1;
    const line = this.lineOf(node);
    this.branches.push({ line, text: node.getText(), arms, first, function: this.#function });
    return first;
  }

  // Functions

  parameters({ parameters }: ts.SignatureDeclaration): string {
    const names = parameters.map((one) => {
      const name = `${one.dotDotDotToken ? '...' : ''}${this.binding(one.name)}`;
      return one.initializer ? `${name} = ${this.expression(one.initializer)}` : name;
    });
    return `(${names.join(', ')})`;
  }

  functionBody(block: ts.Block): string {
    if (this.options.branches !== true) return this.block(block);
    const outer = this.#function;
    this.#function = this.places++;
    const text = `{ $.visit(${this.#function}); ${this.block(block)} }`;
    this.#function = outer;
    return text;
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

  /** A value that gets a name or a place in an array, reported in a traced translation. */
  traced(name: string, node: ts.Expression, value: string, place = ''): string {
    if (this.options.traced !== true) return value;
    return `$trace(${JSON.stringify(name)}, ${node.getStart()}, ${value}${place})`;
  }
}

function unwrapped(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ? unwrapped(node.expression) : node;
}

function isComparison(node: ts.Expression): boolean {
  return ts.isBinaryExpression(node) && comparisons.has(node.operatorToken.kind);
}

/** `u !== u` holds for NaN alone, which no number of a proof is: it is no way that a program may go. */
function asksForNaN(node: ts.Expression): boolean {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === SyntaxKind.ExclamationEqualsEqualsToken &&
    node.left.getText() === node.right.getText()
  );
}

function isLogical({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind === SyntaxKind.AmpersandAmpersandToken || kind === SyntaxKind.BarBarToken;
}

/** Whether a comparison is what an `if`, `?:`, `&&`, `!` or a loop asks; elsewhere it is a number, 0 or 1. */
function isCondition(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return isCondition(parent);
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  if (ts.isBinaryExpression(parent)) return isLogical(parent);
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === SyntaxKind.ExclamationToken;
  return (
    ts.isIfStatement(parent) || ts.isForStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)
  );
}
