import { derivationOf } from '../print/derivation.ts';
import { latex } from '../print/latex.ts';
import type { LegendLine } from '../print/legend.ts';
import { Notation } from '../print/notation.ts';
import { untold } from './handout.ts';
import type { Chapter, Entry } from './outline.ts';
import type { About } from './values.ts';

/** The same handout as Markdown with mathematics between dollars. */
export function printMarkdown(
  title: string,
  chapters: readonly Chapter[],
  legend: readonly LegendLine[],
  about: readonly About[],
): string {
  const rows = legend.map(([sign, meaning]) => `- \`${sign}\`: ${escapeMarkdown(meaning)}`);
  const lines = [
    `# ${escapeMarkdown(title)}`,
    '',
    '## How to read it',
    '',
    ...rows,
    '',
    ...chapters.flatMap(printChapter),
    ...(about.length === 0 ? [] : ['## The text behind it', '', ...about.map(remark)]),
  ];
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function remark({ text, link }: About): string {
  return `- ${escapeMarkdown(text)}${link === undefined ? '' : ` <${link}>`}`;
}

function printChapter({ title, view, ranks, forward, backward }: Chapter): string[] {
  const part = (caption: string, entries: readonly Entry[]): string[] =>
    entries.length === 0 ? [] : [`### ${caption}`, '', ...entries.flatMap(printEntry)];
  return [
    `## ${escapeMarkdown(title)}`,
    '',
    ...[view, ranks].flatMap((text) => (text === undefined ? [] : [escapeMarkdown(text), ''])),
    ...part('Forward', forward),
    ...part('Backward', backward),
  ];
}

function printEntry({ equation, sign, notes, family }: Entry): string[] {
  const derivation = derivationOf(equation, latex);
  const steps = derivation.map(({ words, formula }) =>
    [words && escapeMarkdown(words), formula && `$${formula}$`].filter(Boolean).join(' '),
  );
  const told = untold(notes, derivation).map((note) => `  ${escapeMarkdown(note)}`);
  return [
    `$$${new Notation(latex).equation(equation, sign)}$$`,
    '',
    ...told,
    '',
    ...family.map((one) => `- ${escapeMarkdown(one.words)}: $${new Notation(latex).equation(one.equation, '=')}$`),
    '',
    ...steps.map((step) => `1. ${step}`),
    '',
  ];
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#|$]/g, (sign) => `\\${sign}`);
}
