import { ts } from 'ts-morph';
import { eraseTypes } from '../check/eraseTypes.ts';
import type { Branch } from './branches.ts';
import { ExpressionTranslator } from './expressions.ts';
import type { OpaqueName } from './math.ts';
import { Refusal } from './refusal.ts';
import type { TranslateOptions } from './translateOptions.ts';

/** A module as the body of a function of `$`, the ring, and `$import`, which yields another module's exports. */
export interface Translation {
  readonly code: string;
  readonly branches: readonly Branch[];
  /** How many numbers the ring's list of what was visited needs. */
  readonly places: number;
  /** The non-integer literals: `$literals[n]` in the code. */
  readonly literals: readonly number[];
  readonly source: ts.SourceFile;
}

/**
 * Turns a TypeScript module into JavaScript that computes in a ring: `a + b` becomes `$.plus(a, b)`, `a[i] = b`
 * becomes `$.put(a, i, b)`. Types go; `Math` and the typed arrays become the ring's. What the translator does not know
 * it refuses with the line, so that nothing slips through.
 */
export function translate(text: string, options: TranslateOptions): Translation {
  const source = ts.createSourceFile(options.file, text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TS);
  return new ModuleTranslator(source, options).translate();
}

class ModuleTranslator extends ExpressionTranslator {
  readonly #exported: string[] = [];

  translate(): Translation {
    const written = this.#writtenHelpers();
    const body = this.source.statements.map((statement) => {
      const helper = written.find(({ start, end }) => start <= statement.getStart() && statement.getEnd() <= end);
      if (helper === undefined) return this.statement(statement);
      const isCalled = ts.isFunctionDeclaration(statement) && statement.name?.text === helper.name;
      return isCalled ? helperCall(helper.name) : '';
    });
    return {
      code: `'use strict';\n${body.join('\n')}\nreturn { ${this.#exported.join(', ')} };`,
      branches: this.branches,
      places: this.places,
      literals: this.literals,
      source: this.source,
    };
  }

  /** Where the texts of helpers stand. */
  #writtenHelpers(): readonly { readonly name: OpaqueName; readonly start: number; readonly end: number }[] {
    return (this.options.helpers ?? []).flatMap(({ name, text }) => {
      const start = text === undefined ? -1 : this.source.text.indexOf(text);
      return text === undefined || start < 0 ? [] : [{ name, start, end: start + text.length }];
    });
  }

  override block(block: ts.Block): string {
    return `{\n${block.statements.map((statement) => this.statement(statement)).join('\n')}\n}`;
  }

  statement(node: ts.Statement): string {
    if (isAmbient(node)) return '';
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isEmptyStatement(node)) return '';
    if (ts.isImportDeclaration(node)) return this.#import(node);
    if (ts.isExportDeclaration(node)) return this.#export(node);
    if (ts.isFunctionDeclaration(node)) return this.#function(node);
    if (ts.isBlock(node)) return this.block(node);
    return `${this.position(node)}${this.#executable(node)}`;
  }

  #executable(node: ts.Statement): string {
    if (ts.isVariableStatement(node)) return this.#variables(node);
    if (ts.isExpressionStatement(node)) return `${this.expression(node.expression)};`;
    if (ts.isReturnStatement(node)) return `return${node.expression ? ` ${this.expression(node.expression)}` : ''};`;
    if (ts.isThrowStatement(node)) return `throw ${this.expression(node.expression)};`;
    if (ts.isIfStatement(node)) return this.#if(node);
    if (ts.isForStatement(node)) return this.#for(node);
    if (ts.isForOfStatement(node) && !node.awaitModifier) {
      const list = node.initializer as ts.VariableDeclarationList;
      const [kind, [declared]] = [list.flags & ts.NodeFlags.Const ? 'const' : 'let', list.declarations];
      return `for (${kind} ${this.binding(declared!.name)} of ${this.expression(node.expression)}) ${this.#body(node.statement)}`;
    }
    if (ts.isWhileStatement(node)) return `while (${this.condition(node.expression)}) ${this.#body(node.statement)}`;
    if (ts.isDoStatement(node)) return `do ${this.#body(node.statement)} while (${this.condition(node.expression)});`;
    if (ts.isSwitchStatement(node)) return this.#switch(node);
    // What is thrown ends the proof: what a module would make of it does not matter.
    if (ts.isTryStatement(node) && node.finallyBlock === undefined) return this.block(node.tryBlock);
    if (ts.isBreakStatement(node)) return `break${node.label ? ` ${node.label.text}` : ''};`;
    if (ts.isContinueStatement(node)) return `continue${node.label ? ` ${node.label.text}` : ''};`;
    if (ts.isLabeledStatement(node)) return `${node.label.text}: ${this.#executable(node.statement)}`;
    return this.refuse(node);
  }

  #body(node: ts.Statement): string {
    return ts.isBlock(node) ? this.block(node) : `{ ${this.statement(node)} }`;
  }

  #if(node: ts.IfStatement): string {
    const [then, otherwise] = [node.thenStatement, node.elseStatement];
    // A guard that only throws is no region of the network.
    const condition = isThrow(then) ? this.condition(node.expression) : this.branching(node.expression);
    return `if (${condition}) ${this.#body(then)}${otherwise ? ` else ${this.#body(otherwise)}` : ''}`;
  }

  #for(node: ts.ForStatement): string {
    const { initializer, condition, incrementor } = node;
    const start =
      initializer === undefined
        ? ''
        : ts.isVariableDeclarationList(initializer)
          ? this.#declarations(initializer)
          : this.expression(initializer);
    const test = condition === undefined ? '' : this.condition(condition);
    const next = incrementor === undefined ? '' : this.expression(incrementor);
    return `for (${start}; ${test}; ${next}) ${this.#body(node.statement)}`;
  }

  #switch(node: ts.SwitchStatement): string {
    const clauses = node.caseBlock.clauses.map((clause) => {
      const label = ts.isCaseClause(clause) ? `case ${this.expression(clause.expression)}` : 'default';
      return `${label}: ${clause.statements.map((statement) => this.statement(statement)).join('\n')}`;
    });
    return `switch ($.plain(${this.expression(node.expression)})) {\n${clauses.join('\n')}\n}`;
  }

  #variables(node: ts.VariableStatement): string {
    if (isExported(node)) {
      for (const { name } of node.declarationList.declarations) this.#exported.push(name.getText());
    }
    return `${this.#declarations(node.declarationList)};`;
  }

  #declarations(list: ts.VariableDeclarationList): string {
    const kind = list.flags & ts.NodeFlags.Const ? 'const' : list.flags & ts.NodeFlags.Let ? 'let' : 'var';
    const declared = list.declarations.map(({ name, initializer }) => {
      if (initializer === undefined) return this.binding(name);
      const value = this.expression(initializer);
      const traced = this.options.traced && ts.isIdentifier(name) ? this.traced(name.text, initializer, value) : value;
      return `${this.binding(name)} = ${traced}`;
    });
    return `${kind} ${declared.join(', ')}`;
  }

  #function(node: ts.FunctionDeclaration): string {
    const name = node.name?.text;
    if (name === undefined || node.body === undefined || node.asteriskToken !== undefined) return this.refuse(node);
    if (isExported(node)) this.#exported.push(name);
    // It waits for an engine, and then does what its synchronous twin does: exact arithmetic has neither.
    if (isAsync(node)) return `function ${name}() { throw new Error('${name} is asynchronous'); }`;
    if (this.options.whole?.includes(name)) return untyped(node);
    const helper = this.options.helpers?.find((one) => one.name === name);
    if (helper?.text !== undefined) {
      const place = `${this.options.file}:${this.lineOf(node)}`;
      throw new Refusal(`${place}: found another \`${name}\` than longhand writes; expected that, word for word`);
    }
    if (helper !== undefined) return helperCall(helper.name);
    return `function ${name}${this.parameters(node)} ${this.functionBody(node.body)}`;
  }

  #import({ importClause, moduleSpecifier }: ts.ImportDeclaration): string {
    if (importClause?.isTypeOnly) return '';
    const bindings = importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) return this.refuse(moduleSpecifier);
    const names = bindings.elements
      .filter(({ isTypeOnly }) => !isTypeOnly)
      .map(({ propertyName, name }) => (propertyName ? `${propertyName.getText()}: ${name.text}` : name.text));
    return names.length === 0 ? '' : `const { ${names.join(', ')} } = $import(${moduleSpecifier.getText()});`;
  }

  #export(node: ts.ExportDeclaration): string {
    if (node.isTypeOnly) return '';
    const { exportClause } = node;
    if (node.moduleSpecifier || exportClause === undefined || !ts.isNamedExports(exportClause))
      return this.refuse(node);
    for (const { name, propertyName } of exportClause.elements) {
      this.#exported.push(propertyName ? `${name.getText()}: ${propertyName.getText()}` : name.getText());
    }
    return '';
  }
}

/** A function of its own, so that it can be called above its place as before. */
function helperCall(name: OpaqueName): string {
  return `function ${name}(u) { return $helper(${JSON.stringify(name)}, u); }`;
}

/** A function as JavaScript, as it is. */
function untyped(node: ts.FunctionDeclaration): string {
  const text = node.getText().replace(/^export /, '');
  return eraseTypes(ts.createSourceFile('function.ts', text, ts.ScriptTarget.ES2023, false, ts.ScriptKind.TS));
}

function isExported(node: ts.HasModifiers): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function isAsync(node: ts.HasModifiers): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false;
}

/** `declare …` is about what is there already. */
function isAmbient(node: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(node) && (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) ?? false)
  );
}

function isThrow(node: ts.Statement): boolean {
  return (
    ts.isThrowStatement(node) || (ts.isBlock(node) && node.statements.length === 1 && isThrow(node.statements[0]!))
  );
}
