import { ts } from 'ts-morph';
import { eraseTypes } from '../check/eraseTypes.ts';

/**
 * A TypeScript module as the body of a function of `$import` that returns its exports: its types go, nothing else
 * changes.
 *
 * @param also names that are returned like exports where the module declares a function of that name
 */
export function stripTypes(text: string, also: readonly string[] = []): string {
  const source = ts.createSourceFile('module.ts', text, ts.ScriptTarget.ES2023, false, ts.ScriptKind.TS);
  const names = source.statements.flatMap((statement) => returnedNames(statement, also));
  const body = eraseTypes(source)
    .replace(/^export (?=const|function|async function)/gm, '')
    .replace(/^import (type )?\{([^}]*)\} from ('[^']*');/gm, (_, type, list, from) =>
      type ? '' : imports(list, from),
    );
  return `'use strict';\n${body}\nreturn { ${names.join(', ')} };`;
}

function returnedNames(statement: ts.Statement, also: readonly string[]): string[] {
  const isExported =
    ts.canHaveModifiers(statement) && statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (ts.isFunctionDeclaration(statement)) {
    const name = statement.name!.text;
    return isExported || also.includes(name) ? [name] : [];
  }
  if (!isExported || !ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.map(({ name }) => (name as ts.Identifier).text);
}

/** `a, b as c, type D` as a declaration of a and c. */
function imports(list: string, from: string): string {
  const names = list
    .split(',')
    .map((name) => name.trim().replace(' as ', ': '))
    .filter((name) => name !== '' && !name.startsWith('type '));
  return `const { ${names.join(', ')} } = $import(${from});`;
}
