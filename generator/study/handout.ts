import { storageOf } from '../equations/tensor.ts';
import { derivationOf } from '../print/derivation.ts';
import { latex } from '../print/latex.ts';
import type { LegendLine } from '../print/legend.ts';
import { Notation } from '../print/notation.ts';
import type { Chapter, Entry } from './outline.ts';
import type { About } from './values.ts';

const signs: { readonly [sign: string]: string } = {
  '\\': '\\textbackslash{}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '{': '\\{',
  '}': '\\}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

const mathematical: { readonly [sign: string]: string } = {
  '×': '\\times',
  '→': '\\to',
  '−': '-',
  '·': '\\cdot',
  Σ: '\\sum',
  '∂': '\\partial',
  σ: '\\sigma',
  δ: '\\delta',
  γ: '\\gamma',
  β: '\\beta',
  μ: '\\mu',
  '²': '{}^2',
  '′': "'",
  '½': '\\tfrac12',
  '√': '\\surd',
  π: '\\pi',
  '∫': '\\int',
  '₀': '{}_0',
  ᶻ: '{}^z',
  '≤': '\\le',
  '…': '\\ldots',
  '≥': '\\ge',
  ᵤ: '{}_u',
  ᵥ: '{}_v',
  '‹': '\\langle',
  '›': '\\rangle',
};

/** Words as LaTeX text; mathematical signs among them are set as mathematics. */
export function latexText(text: string): string {
  return [...text.normalize('NFC')]
    .map((sign) => signs[sign] ?? (mathematical[sign] === undefined ? sign : `\\ensuremath{${mathematical[sign]}}`))
    .join('')
    .replace(/(\p{L})\u0302/gu, '\\ensuremath{\\hat{$1}}')
    .replaceAll('°', '\\textdegree{}')
    .replaceAll('’', "'");
}

/** A handout: equations and derivations of every layer, ready to be compiled. */
export function printLatex(
  title: string,
  chapters: readonly Chapter[],
  legend: readonly LegendLine[],
  about: readonly About[],
): string {
  const rows = legend.map(([sign, meaning]) => `\\item[${latexText(sign)}] ${latexText(meaning)}`);
  return `${[
    '\\documentclass[a4paper,11pt]{article}',
    '\\usepackage[utf8]{inputenc}',
    '\\usepackage[T1]{fontenc}',
    '\\usepackage{amsmath,textcomp,url}',
    '\\usepackage[margin=22mm]{geometry}',
    '\\setlength{\\parindent}{0pt}',
    '\\allowdisplaybreaks',
    '\\begin{document}',
    `\\section*{${latexText(title)}}`,
    '\\subsection*{How to read it}',
    '\\begin{description}',
    ...rows,
    '\\end{description}',
    ...chapters.flatMap(printChapter),
    ...printAbout(about),
    '\\end{document}',
  ].join('\n')}\n`;
}

function printAbout(about: readonly About[]): string[] {
  if (about.length === 0) return [];
  const items = about.map(
    ({ text, link }) =>
      `\\item ${latexText(text)}${link === undefined ? '' : ` \\url{${link.replace(/[\\{}%#]/g, '')}}`}`,
  );
  return ['\\subsection*{The text behind it}', '\\begin{itemize}', ...items, '\\end{itemize}'];
}

function printChapter({ title, view, ranks, forward, backward }: Chapter): string[] {
  return [
    `\\subsection*{${latexText(title)}}`,
    ...[view, ranks].flatMap((text) => (text === undefined ? [] : `${latexText(text)}\\par`)),
    ...(forward.length === 0 ? [] : ['\\paragraph{Forward}', ...forward.flatMap(printEntry)]),
    ...(backward.length === 0 ? [] : ['\\paragraph{Backward}', ...backward.flatMap(printEntry)]),
  ];
}

function printEntry({ equation, sign, notes, family }: Entry): string[] {
  const steps = derivationOf(equation, latex).flatMap(({ words, formula }) => [
    ...(words === undefined ? [] : [latexText(words)]),
    ...(formula === undefined ? [] : [`\\[ ${formula} \\]`]),
  ]);
  const told = notes
    .filter((note) => !/^(= |N\[|d?\S+\[.*\] = )/.test(note))
    .map((note) => `\\emph{${latexText(note)}}\\par`);
  const name = latexText(storageOf(equation.target).name);
  return [
    ...(steps.length === 0 ? [] : [`\\textbf{${name}.}`, ...steps]),
    `\\[ \\boxed{${new Notation(latex).equation(equation, sign)}} \\]`,
    ...told,
    ...family.map((one) => `${latexText(one.words)}: \\[ ${new Notation(latex).equation(one.equation, '=')} \\]`),
  ];
}
