import { ts } from 'ts-morph';

const { SyntaxKind } = ts;

const operators: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.PlusToken,
  SyntaxKind.MinusToken,
  SyntaxKind.AsteriskToken,
]);
const compound: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.EqualsToken,
  SyntaxKind.PlusEqualsToken,
  SyntaxKind.MinusEqualsToken,
  SyntaxKind.AsteriskEqualsToken,
]);

/**
 * Expressions of a module that are whole numbers whatever it computes, as counters and places of arrays: they stay
 * plain JavaScript. A name is such if each variable of this name, wherever it is, only ever gets such expressions.
 *
 * Nothing depends on this being right but speed: a number of the network that is met by a plain operator throws.
 */
export class WholeNumbers {
  /** What is computed into each name; undefined for what is not seen. */
  readonly #values = new Map<string, (ts.Expression | undefined)[]>();
  readonly #names: Set<string>;

  constructor(source: ts.SourceFile) {
    this.#collect(source);
    this.#names = new Set(this.#values.keys());
    for (let before = Number.NaN; before !== this.#names.size; ) {
      before = this.#names.size;
      for (const name of this.#names) {
        const isWhole = this.#values.get(name)!.every((value) => value !== undefined && this.has(value));
        if (!isWhole) this.#names.delete(name);
      }
    }
  }

  /** Whether an expression is one. */
  has(node: ts.Expression): boolean {
    if (ts.isNumericLiteral(node)) return Number.isSafeInteger(Number(node.text));
    if (ts.isIdentifier(node)) return this.#names.has(node.text);
    if (ts.isParenthesizedExpression(node)) return this.has(node.expression);
    if (!ts.isBinaryExpression(node) || !operators.has(node.operatorToken.kind)) return false;
    return this.has(node.left) && this.has(node.right);
  }

  #collect(node: ts.Node): void {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) {
      // The variable of `for … of` has no initializer, and is anything.
      this.#note(node.name.text, node.initializer);
    } else if (ts.isParameter(node) || ts.isBindingElement(node)) {
      if (ts.isIdentifier(node.name)) this.#note(node.name.text, undefined);
    } else if (ts.isFunctionDeclaration(node) && node.name) this.#note(node.name.text, undefined);
    else if (ts.isImportSpecifier(node)) this.#note(node.name.text, undefined);
    else if (ts.isBinaryExpression(node) && ts.isIdentifier(node.left)) this.#assigned(node.left.text, node);
    ts.forEachChild(node, (child) => this.#collect(child));
  }

  #assigned(name: string, { operatorToken: { kind }, right }: ts.BinaryExpression): void {
    if (kind < SyntaxKind.FirstAssignment || kind > SyntaxKind.LastAssignment) return;
    this.#note(name, compound.has(kind) ? right : undefined);
  }

  #note(name: string, value: ts.Expression | undefined): void {
    const known = this.#values.get(name);
    if (known === undefined) this.#values.set(name, [value]);
    else known.push(value);
  }
}
