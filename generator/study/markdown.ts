import { derivationOf } from '../print/derivation.ts';
import { latex } from '../print/latex.ts';
import type { LegendLine } from '../print/legend.ts';
import { Notation } from '../print/notation.ts';
import type { Chapter, Entry } from './outline.ts';

/** The same handout as Markdown with mathematics between dollars. */
export function printMarkdown(title: string, chapters: readonly Chapter[], legend: readonly LegendLine[]): string {
  const rows = legend.map(([sign, meaning]) => `- \`${sign}\`: ${escapeMarkdown(meaning)}`);
  const lines = [
    `# ${escapeMarkdown(title)}`,
    '',
    '## How to read it',
    '',
    ...rows,
    '',
    ...chapters.flatMap(printChapter),
  ];
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function printChapter({ title, view, forward, backward }: Chapter): string[] {
  const part = (caption: string, entries: readonly Entry[]): string[] =>
    entries.length === 0 ? [] : [`### ${caption}`, '', ...entries.flatMap(printEntry)];
  return [
    `## ${escapeMarkdown(title)}`,
    '',
    ...(view === undefined ? [] : [escapeMarkdown(view), '']),
    ...part('Forward', forward),
    ...part('Backward', backward),
  ];
}

function printEntry({ equation, sign, notes }: Entry): string[] {
  const steps = derivationOf(equation, latex).map(({ words, formula }) =>
    [words && escapeMarkdown(words), formula && `$${formula}$`].filter(Boolean).join(' '),
  );
  const told = notes.map((note) => `  ${escapeMarkdown(note)}`);
  return [
    `$$${new Notation(latex).equation(equation, sign)}$$`,
    '',
    ...told,
    '',
    ...steps.map((step) => `1. ${step}`),
    '',
  ];
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#|$]/g, (sign) => `\\${sign}`);
}
