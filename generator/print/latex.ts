import type { FunctionName } from '../equations/functionName.ts';
import { keysOf, mapRecord } from '../lists.ts';
import { type Markup, plainText } from './markup.ts';

const operators: Partial<Record<FunctionName, string>> = {
  sigmoid: '\\sigma',
  exp: '\\exp',
  log: '\\log',
  tanh: '\\tanh',
  atan: '\\arctan',
};

const greek: { readonly [letter: string]: string } = {
  γ: '\\gamma',
  β: '\\beta',
  μ: '\\mu',
  σ: '\\sigma',
  α: '\\alpha',
  δ: '\\delta',
};

/** `W1` as `W_{1}`, `dz2` as `\mathrm{d}z_{2}`, `x̂4` as `\hat{x}_{4}`. */
export function latexName(name: string): string {
  const [, d = '', letters = name, number = ''] = /^(d?)(\D+)(\d*)$/u.exec(name) ?? [];
  const isGradient = d !== '' && letters !== '';
  const plain = letters.normalize('NFD');
  const hat = plain.endsWith('\u0302')
    ? `\\hat{${plain.slice(0, -1)}}`
    : (greek[plain] ?? (plain.length > 1 ? `\\mathit{${plain}}` : plain));
  return `${isGradient ? '\\mathrm{d}' : ''}${hat}${number === '' ? '' : `_{${number}}`}`;
}

const letter = (name: string): string => name.replaceAll('′', "'");

/** The notation of textbooks, as LaTeX mathematics. */
export const latex: Markup = {
  ...plainText,
  minus: '-',
  times: '\\cdot ',
  adds: '\\mathrel{+}= ',
  letter,
  multiple: (factor, of) => `${factor}${of}`,
  place: ({ name }, mark, coordinates) =>
    coordinates.length === 0
      ? latexName(name)
      : `${latexName(name)}${mark === '' ? '' : `^{${mark.replaceAll('×', '\\times ')}}`}[${coordinates.join(',')}]`,
  entry: (name, coordinates) => `${latexName(name)}[${coordinates.join(',')}]`,
  group: (inner) => `\\left(${inner}\\right)`,
  fraction: (above, below) => `\\frac{${above}}{${below}}`,
  call: mapRecord(keysOf(plainText.call), (name) => (u: string, isSimple: boolean) => {
    if (name === 'square') return isSimple ? `{${u}}^{2}` : `\\left(${u}\\right)^{2}`;
    if (name === 'sqrt') return `\\sqrt{${u}}`;
    if (name === 'abs') return `\\left|${u}\\right|`;
    return `${operators[name] ?? `\\operatorname{${name}}`}\\left(${u}\\right)`;
  }),
  reduction: (kind, letters, body) =>
    `${kind === 'sum' ? '\\sum' : `\\operatorname*{${kind}}`}_{${letters.join(',')}} ${body}`,
  logSumExp: (letters, body) => `\\log\\sum_{${letters.join(',')}} \\exp\\left(${body}\\right)`,
  bracket: (condition) => `\\left[${condition}\\right]`,
  choice: (yes, condition, no) => `\\begin{cases}${yes} & ${condition}\\\\ ${no} & \\text{else}\\end{cases}`,
  compare: (left, sign, right) => `${left} ${sign === '≠' ? '\\ne' : sign} ${right}`,
  within: (coordinate, size) => `0 \\le ${coordinate} < ${size}`,
  partial: (of, by) => `\\frac{\\partial ${of}}{\\partial ${by}}`,
  apart: '\\,',
  that: (word) => `\\;\\text{${word}}\\; `,
  listed: '\\; ',
  forAll: (letters) => `\\quad\\text{for all } ${letters.join(',')}`,
  where: (ranges) =>
    `\\quad\\text{where } ${ranges.map(([some, size]) => `${some.join(',')} < ${size}`).join(',\\; ')}`,
};
