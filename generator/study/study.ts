import { readFileSync } from 'node:fs';
import { ts } from 'ts-morph';
import { chainText } from '../emit/facade.ts';
import type { Program } from '../equations/equation.ts';
import { storageOf, type Tensor } from '../equations/tensor.ts';
import { readsOf } from '../equations/visit.ts';
import { universalForm } from '../forms/registry.ts';
import { countTerms } from '../forms/unrolled.ts';
import type { GeneratedFile } from '../index.ts';
import { packageFile } from '../packageFile.ts';
import { stages } from '../pipeline.ts';
import { elementLine, legendOf } from '../print/legend.ts';
import { stripTypes } from '../prove/stripTypes.ts';
import { hasLoss, lossText } from '../spec/losses.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { compactScript, compactStyle } from './compact.ts';
import { type Brought, DataBuilder } from './data.ts';
import { printLatex } from './handout.ts';
import { printPage } from './html.ts';
import { printMarkdown } from './markdown.ts';
import { outline } from './outline.ts';
import { aboutOf, fillIn, type StudyNames, type StudyValues } from './values.ts';

export const studyFormats = ['html', 'latex', 'markdown'] as const;

export type StudyFormat = (typeof studyFormats)[number];

export interface StudyOptions {
  readonly format?: StudyFormat;
  readonly names?: StudyNames;
  readonly values?: StudyValues;
  /** All parameters, in the order of `network.parameters`. */
  readonly weights?: ArrayLike<number>;
}

/** Terms up to which every statement stands in the page. */
const termsWrittenOut = 3000;

/** Signs up to which a module is written out in a page, and up to which it is in a page at all. */
const [longestUnrolled, longestModule] = [20_000, 200_000];

/**
 * A network, its equations and its code on one page, or as a handout. Pure: the same spec gives the same text on every
 * machine.
 *
 * @throws SpecError as `generate` does, and where names or values do not fit the network
 */
export function study(spec: unknown, options: StudyOptions = {}): GeneratedFile {
  const network = stages.shape(stages.parse(spec));
  const program = stages.textbook(network, { inputGradient: true });
  const chapters = outline(network, program);
  const { format = 'html' } = options;
  const equations = [...program.forward, ...program.backward];
  const first = elementLine(equations);
  const legend = [...(first === undefined ? [] : [first]), ...legendOf(program, equations)];
  const title = titleOf(network);
  if (format === 'latex')
    return { path: `${network.name}.tex`, content: printLatex(title, chapters, legend, aboutOf(options.values)) };
  if (format === 'markdown')
    return { path: `${network.name}.md`, content: printMarkdown(title, chapters, legend, aboutOf(options.values)) };
  const builder = new DataBuilder();
  const brought: Brought = fillIn(program, options);
  const names = new Map(tensorsOf(program).map((tensor) => [tensor.name, tensor]));
  const module = moduleScript(network);
  const data = builder.build(network.name, program, brought, module !== '');
  const writesOut = countTerms(program, termsWrittenOut) <= termsWrittenOut;
  const about = aboutOf(options.values);
  const parts = { title, chapters, legend, program, builder, data, names, about, module, writesOut };
  return {
    path: `${network.name}.html`,
    content: printPage({ ...parts, client: clientScript(), style: compactStyle(source('style.css')) }),
  };
}

/** Every array that an equation computes or reads. */
function tensorsOf({ forward, backward }: Program): readonly Tensor[] {
  return [...forward, ...backward].flatMap(({ target, value }) =>
    [target, ...readsOf(value).map(({ tensor }) => tensor)].map(storageOf),
  );
}

function titleOf(network: ShapedNetwork): string {
  return `${network.name}: ${chainText(network)}${hasLoss(network) ? `, ${lossText(network)}` : ''}`;
}

/** The emitted module, which the page's own numbers are compared with: written out where that is short, else as loops. */
function moduleScript(network: ShapedNetwork): string {
  const chosen = moduleText(network, {});
  const text = chosen.length <= longestUnrolled ? chosen : moduleText(network, { form: universalForm });
  return text.length > longestModule ? '' : text;
}

function moduleText(network: ShapedNetwork, options: { readonly form?: typeof universalForm }): string {
  const program = stages.equations(network, options);
  const text = stages.print(network, program, stages.plan(program, options));
  return compactScript(`const emitted = (() => {\n${withoutComments(stripTypes(text))}\n})();`).replaceAll(
    '</',
    '<\\/',
  );
}

/** The comments stand beside the equations on the page already. */
function withoutComments(text: string): string {
  return text.replace(/^ *\/\/.*\n/gm, '').replace(/^ *\/\*\*(?:[^*]|\*(?!\/))*\*\/\n/gm, '');
}

/** The page's modules, each after those that it needs; `functionText` is the table that emitted modules are printed from. */
const modules = [
  ...[
    'functions',
    '../../print/functionText',
    'machine',
    'statements',
    'mathPen',
    'slices',
    'relations',
    'checks',
    'oneLine',
    'sliding',
  ],
  ...[
    'live/view',
    'live/ends',
    'live/session',
    'live/formulas',
    'live/grids',
    'live/lists',
    'live/lineBox',
    'live/marks',
  ],
  ...['live/address', 'live/guess', 'live/chain', 'live/differences', 'live/slidingBox', 'live/why'],
  ...['live/select', 'live/run', 'live/train', 'live/restore'],
  ...['live/draw', 'live/client'],
];

let client: string | undefined;

/** The page's script: its modules one after the other, without types, imports and comments on lines of their own. */
function clientScript(): string {
  client ??= compactScript(`(() => {\n'use strict';\n${modules.map(pageModule).join('\n')}\n})();`);
  return client;
}

function pageModule(name: string): string {
  const { outputText } = ts.transpileModule(source(`${name}.ts`), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      newLine: ts.NewLineKind.LineFeed,
      removeComments: true,
    },
  });
  return outputText
    .replace(/^import [^;]*;\n/gm, '')
    .replace(/^export \{[^}]*\};\n/gm, '')
    .replace(/^export (?=const|function|class)/gm, '');
}

/** A file of the page; the package carries it as it is, so that every installation writes the same bytes. */
function source(file: string): string {
  return readFileSync(packageFile(`generator/study/page/${file}`), 'utf8').replaceAll('\r\n', '\n');
}
