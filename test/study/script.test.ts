import { ts } from 'ts-morph';
import { expect, it } from 'vitest';
import { compactScript, compactStyle } from '../../generator/study/compact.ts';
import { study } from '../../generator/study/index.ts';
import { exampleOf } from './chromium.ts';

const scripts = (name: string): string[] => {
  const { spec, options } = exampleOf(name);
  const { content } = study(spec, options);
  return [...content.matchAll(/<script>(.*?)<\/script>/gs)].map(([, text]) => text!);
};

it('the modules of the page, one after the other in one scope, declare no name twice', () => {
  const client = scripts('pool').at(-1)!;
  const file = ts.createSourceFile('client.js', client, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const names: string[] = [];
  const collect = (name: ts.Node): void => {
    if (ts.isIdentifier(name)) names.push(name.text);
    else name.forEachChild((one) => (ts.isBindingElement(one) ? collect(one.name) : undefined));
  };
  const arrow = (file.statements[0] as ts.ExpressionStatement).expression as ts.CallExpression;
  const body = ((arrow.expression as ts.ParenthesizedExpression).expression as ts.ArrowFunction).body as ts.Block;
  for (const one of body.statements) {
    if (ts.isVariableStatement(one)) for (const { name } of one.declarationList.declarations) collect(name);
    if ((ts.isFunctionDeclaration(one) || ts.isClassDeclaration(one)) && one.name !== undefined) collect(one.name);
  }
  expect(names.length).toBeGreaterThan(150);
  expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([]);
});

it('a script without its spaces does what it did', () => {
  const text = `const f = (a, b) => {
    let n = a - -b + +a - --b;
    const text = \`a  b \${ a  +  b }  c\`.replace(/ {2,}\\/ */g, ' / ');
    const isTrue = typeof a === 'number' && a in [1, 2, 3] || !(a < !--b);
    for (const one of [1, 2]) n += one;
    return [n, text, isTrue, a / /1/.source, 1 .toFixed(1), new Date(0).getTime()];
  };
  return f;
  `;
  const run = (script: string): unknown => Function(script)()(2, 5);
  const short = compactScript(text);
  expect(short.length).toBeLessThan(text.length - 60);
  expect(run(short)).toEqual(run(text));
  expect(short).not.toContain('<!--');
});

it('a style sheet without its spaces keeps those that part words', () => {
  expect(
    compactStyle('a {\n  font:\n    1rem / 1.5 x,\n    y; /* why */\n}\n\n.b > td:hover,\n.c .d {\n  e: f g;\n}\n'),
  ).toBe('a{font:1rem / 1.5 x,y}.b > td:hover,.c .d{e:f g}');
});
