import type { ts as TypeScript } from 'ts-morph';
import { eraseTypes } from '../check/eraseTypes.ts';
import { loadCompiler } from './compiler.ts';

/** A module in JavaScript, and the file of its types. */
export interface JavaScriptModule {
  readonly code: string;
  readonly types: string;
}

/** A generated module without its types, and they alone. The texts come from one, so that they cannot disagree. */
export function splitTypes(text: string): JavaScriptModule {
  const ts = loadCompiler();
  const source = ts.createSourceFile('module.ts', text, ts.ScriptTarget.ES2023, false, ts.ScriptKind.TS);
  const head = text.slice(0, text.indexOf('\n\n'));
  return { code: eraseTypes(source), types: `${[head, ...declarations(source)].join('\n\n')}\n` };
}

/** The declarations of what is exported, and of the types that these name. */
function declarations(source: TypeScript.SourceFile): readonly string[] {
  const ts = loadCompiler();
  const isExported = (node: TypeScript.Statement): boolean =>
    (ts.canHaveModifiers(node) && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) ?? false;
  const all = source.statements.map((statement) => ({
    name: ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) ? statement.name.text : '',
    text: declare(statement, source),
    isWanted: isExported(statement),
  }));
  // A type may name another, and that a third.
  for (let isComplete = false; !isComplete; ) {
    isComplete = true;
    for (const one of all) {
      const isNamed = new RegExp(`\\b${one.name}\\b`);
      if (one.isWanted || one.name === '' || !all.some(({ isWanted, text }) => isWanted && isNamed.test(text)))
        continue;
      one.isWanted = true;
      isComplete = false;
    }
  }
  return all.filter(({ isWanted }) => isWanted).map(({ text }) => text);
}

/** A statement as a declaration, with the comment above it. */
function declare(statement: TypeScript.Statement, source: TypeScript.SourceFile): string {
  const ts = loadCompiler();
  const { text } = source;
  const start = statement.getStart(source);
  const comment = text.slice(statement.pos, start).split('\n\n').at(-1)?.trimStart() ?? '';
  if (ts.isFunctionDeclaration(statement) && statement.body !== undefined) {
    const head = text.slice(start, statement.body.getStart(source)).trimEnd();
    return `${comment}${head.replace('export function', 'export declare function')};`;
  }
  if (!ts.isVariableStatement(statement)) return `${comment}${text.slice(start, statement.end)}`;
  const declared = statement.declarationList.declarations.map(({ name, type, initializer }) => {
    const written =
      type === undefined ? literalType(initializer, source, '') : text.slice(type.getStart(source), type.end);
    return `${(name as TypeScript.Identifier).text}: ${written}`;
  });
  return `${comment}export declare const ${declared.join(', ')};`;
}

/** The type of a constant that is written out `as const`. */
function literalType(node: TypeScript.Expression | undefined, source: TypeScript.SourceFile, indent: string): string {
  const ts = loadCompiler();
  if (node === undefined) return 'unknown';
  if (ts.isAsExpression(node)) return literalType(node.expression, source, indent);
  if (ts.isArrayLiteralExpression(node)) {
    const elements = node.elements.map((element) => literalType(element, source, `${indent}  `));
    const isLong = elements.some((element) => element.includes('{'));
    if (!isLong) return `readonly [${elements.join(', ')}]`;
    return `readonly [\n${elements.map((element) => `${indent}  ${element},\n`).join('')}${indent}]`;
  }
  if (!ts.isObjectLiteralExpression(node)) return source.text.slice(node.getStart(source), node.end);
  const members = node.properties.map((property) => {
    const { name, initializer } = property as TypeScript.PropertyAssignment;
    return `readonly ${name.getText(source)}: ${literalType(initializer, source, `${indent}  `)}`;
  });
  const line = `{ ${members.join('; ')} }`;
  if (indent !== '' && !line.includes('\n')) return line;
  return `{\n${members.map((member) => `${indent}  ${member};\n`).join('')}${indent}}`;
}
