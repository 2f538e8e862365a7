import type { ts as TypeScript } from 'ts-morph';
import { loadCompiler } from '../emit/compiler.ts';

type Range = readonly [start: number, end: number];

/**
 * A TypeScript module as JavaScript: what is only there for the type checker is cut out, the rest stays as it is.
 *
 * It knows erasable syntax (no enums, namespaces or parameter properties), which is all that generated modules use, and
 * takes a fifth of the time of `ts.transpileModule`: 0.2 instead of 1 s for 370 kB.
 */
export function eraseTypes(source: TypeScript.SourceFile): string {
  const { text } = source;
  const kept: string[] = [];
  let position = 0;
  for (const [start, end] of erasedRanges(source)) {
    kept.push(text.slice(position, start));
    position = end;
  }
  return [...kept, text.slice(position)].join('');
}

/** The parts to cut out, in order. A stack of its own: a sum of thousands of terms is a tree as deep as it is long. */
function erasedRanges(source: TypeScript.SourceFile): readonly Range[] {
  const ts = loadCompiler();
  const ranges: Range[] = [];
  const pending: TypeScript.Node[] = [source];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (isTypeOnly(node)) ranges.push([node.pos, node.end]);
    else {
      ranges.push(...annotations(node));
      ts.forEachChild(node, (child) => void (ts.isTypeNode(child) || pending.push(child)));
    }
  }
  return ranges.sort(([a], [b]) => a - b);
}

function isTypeOnly(node: TypeScript.Node): boolean {
  const ts = loadCompiler();
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) ?? false;
}

/** The type annotations that belong to a node itself. */
function annotations(node: TypeScript.Node): readonly Range[] {
  const ts = loadCompiler();
  // `value as T`, `value satisfies T`, `value!`
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node)) {
    return [[node.expression.end, node.end]];
  }
  // `name?: T`
  if (ts.isParameter(node) || ts.isVariableDeclaration(node)) {
    return node.type === undefined ? [] : [[node.name.end, node.type.end]];
  }
  const ranges: Range[] = [];
  if (ts.isFunctionLike(node)) {
    // `<T>` and, behind the parameters, `: T`; `pos` lies just behind the bracket or the colon.
    if (node.typeParameters !== undefined) ranges.push([node.typeParameters.pos - 1, node.typeParameters.end + 1]);
    if (node.type !== undefined) ranges.push([node.type.pos - 1, node.type.end]);
  }
  if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.typeArguments !== undefined) {
    ranges.push([node.typeArguments.pos - 1, node.typeArguments.end + 1]);
  }
  return ranges;
}
