import { ts } from 'ts-morph';
import { locate, type Place, placeAt } from './places.ts';

/**
 * Where a path such as `layers[2].units` stands in a module whose default export is written out: an object, one in
 * `defineNetwork(…)`, or a constant of such. Of what is computed or imported, the nearest part around it that is there.
 */
export function placeInModule(text: string, path: string): Place | undefined {
  const source = ts.createSourceFile('spec.ts', text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TS);
  const exported = source.statements.find((one) => ts.isExportAssignment(one));
  if (exported === undefined || !ts.isExportAssignment(exported)) return undefined;
  const starts = new Map<object, Map<string | number, number>>();
  const value = literalOf(exported.expression, source, starts, 0);
  const place = locate(value, path, (owner, step) => {
    const start = starts.get(owner)?.get(step);
    return start === undefined ? undefined : placeAt(text, start);
  });
  return place ?? placeAt(text, exported.getStart());
}

/** Constants may stand for one another; this many in a row are no puzzle. */
const maxDepth = 100;

/** The objects and arrays that are written out, without what stands in them; `starts` has where it stands. */
function literalOf(
  node: ts.Expression,
  source: ts.SourceFile,
  starts: Map<object, Map<string | number, number>>,
  depth: number,
): unknown {
  if (depth > maxDepth) return undefined;
  const go = (inner: ts.Expression): unknown => literalOf(inner, source, starts, depth + 1);
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node)) {
    return go(node.expression);
  }
  if (ts.isCallExpression(node)) return node.arguments[0] === undefined ? undefined : go(node.arguments[0]);
  if (ts.isIdentifier(node)) {
    const written = constantOf(node.text, source);
    return written === undefined ? undefined : go(written);
  }
  if (ts.isObjectLiteralExpression(node)) {
    const value: Record<string, unknown> = {};
    const here = new Map<string | number, number>();
    for (const property of node.properties) {
      const name = property.name;
      if (name === undefined || !(ts.isIdentifier(name) || ts.isStringLiteral(name))) continue;
      here.set(name.text, property.getStart());
      if (ts.isPropertyAssignment(property)) value[name.text] = go(property.initializer);
      if (ts.isShorthandPropertyAssignment(property)) value[name.text] = go(property.name);
    }
    starts.set(value, here);
    return value;
  }
  if (!ts.isArrayLiteralExpression(node)) return undefined;
  // Behind elements that are spread, no number is known.
  const spread = node.elements.findIndex((element) => ts.isSpreadElement(element));
  const known = spread < 0 ? node.elements : node.elements.slice(0, spread);
  const value = known.map(go);
  starts.set(value, new Map(known.map((element, position) => [position, element.getStart()])));
  return value;
}

function constantOf(name: string, source: ts.SourceFile): ts.Expression | undefined {
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const declared of statement.declarationList.declarations) {
      if (ts.isIdentifier(declared.name) && declared.name.text === name) return declared.initializer;
    }
  }
  return undefined;
}
