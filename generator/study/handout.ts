import { storageOf } from '../equations/tensor.ts';
import { type DerivationStep, derivationOf } from '../print/derivation.ts';
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
  Φ: '\\Phi',
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

/** What LaTeX has in its letters without further packages. */
const known = /[\n\x20-\x7E\u00A1-\u00FF\u0100-\u017E\u2013\u2014\u2018-\u201E]/;

/** A sign that LaTeX would stop at, by its number. */
function unknown(sign: string): string {
  return `[U+${(sign.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}]`;
}

/** Words as LaTeX text; mathematical signs among them are set as mathematics. */
export function latexText(text: string): string {
  return [...text.normalize('NFC')]
    .map((sign) => {
      if (mathematical[sign] !== undefined) return `\\ensuremath{${mathematical[sign]}}`;
      return signs[sign] ?? (known.test(sign) || sign === '\u0302' ? sign : unknown(sign));
    })
    .join('')
    .replace(/(\p{L})\u0302/gu, '\\ensuremath{\\hat{$1}}')
    .replaceAll('°', '\\textdegree{}')
    .replaceAll('’', "'");
}

/**
 * A formula stands by itself where a line holds it, is set smaller where that is enough, and else goes on from line to
 * line, within its brackets too; a result stands in a frame.
 */
const macros = [
  '\\newsavebox\\formulabox',
  '\\newcommand\\longformula[1]{\\par\\smallskip{\\raggedright\\hangindent=2em\\let\\left\\relax\\let\\right\\relax\\relpenalty=0\\binoppenalty=0 $\\displaystyle #1$\\par}\\smallskip}',
  '\\newcommand\\fitted[1]{\\ifdim\\wd\\formulabox>2\\linewidth\\longformula{#1}\\else\\[ \\resizebox{\\linewidth}{!}{\\usebox\\formulabox} \\]\\fi}',
  '\\newcommand\\formula[1]{\\sbox\\formulabox{$\\displaystyle #1$}\\ifdim\\wd\\formulabox>\\linewidth\\fitted{#1}\\else\\[ #1 \\]\\fi}',
  '\\newcommand\\result[1]{\\sbox\\formulabox{$\\displaystyle\\boxed{#1}$}\\ifdim\\wd\\formulabox>\\linewidth\\fitted{#1}\\else\\[ \\boxed{#1} \\]\\fi}',
];

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
    '\\usepackage{amsmath,graphicx,textcomp}',
    '\\usepackage[hyphens]{url}',
    '\\usepackage[margin=22mm]{geometry}',
    '\\setlength{\\parindent}{0pt}',
    '\\allowdisplaybreaks',
    '\\sloppy\\emergencystretch=3em',
    ...macros,
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
  const formula = new Notation(latex).equation(equation, sign);
  const derivation = derivationOf(equation, latex);
  // What the last step of a derivation says is said once, in its frame.
  const isLast = (step: DerivationStep): boolean => step.kind === 'result' && step.formula === formula;
  const steps = derivation.flatMap((step) => [
    ...(step.words === undefined ? [] : [`${latexText(sentence(step.words))}\\par`]),
    ...(step.formula === undefined ? [] : [`\\${isLast(step) ? 'result' : 'formula'}{${step.formula}}`]),
  ]);
  const told = untold(notes, derivation)
    .filter((note) => !/^(= |N\[|d?\S+\[.*\] = )/.test(note))
    .map((note) => `\\emph{${latexText(note)}}\\par`);
  const name = latexText(storageOf(equation.target).name);
  return [
    ...(steps.length === 0 ? [] : [`\\medskip\\textbf{${name}.}`, ...steps]),
    ...(derivation.some(isLast) ? [] : [`\\result{${formula}}`]),
    ...told,
    ...family.map((one) => `${latexText(one.words)}: \\formula{${new Notation(latex).equation(one.equation, '=')}}`),
  ];
}

/** Words that end as a sentence does, or lead on to a formula. */
function sentence(words: string): string {
  return /[.:]$|^(?:where|They meet where)$/.test(words) ? words : `${words}.`;
}

/** Notes that the steps of a derivation do not say as well. */
export function untold(notes: readonly string[], steps: readonly DerivationStep[]): readonly string[] {
  return notes.filter((note) => !steps.some(({ words }) => words === note));
}
