import { createHash } from 'node:crypto';
import type { Program } from '../equations/equation.ts';
import { storageOf, type Tensor } from '../equations/tensor.ts';
import { readsOf } from '../equations/visit.ts';
import { derivationOf } from '../print/derivation.ts';
import { printEquation } from '../print/equation.ts';
import type { LegendLine } from '../print/legend.ts';
import { type Markup, plainText } from '../print/markup.ts';
import { Notation } from '../print/notation.ts';
import type { DataBuilder } from './data.ts';
import type { Chapter, Entry } from './outline.ts';
import type { PageData } from './page/ir.ts';
import { Machine } from './page/machine.ts';
import { escapeHtml, short, showsAll, slicesOf, tableOf } from './page/slices.ts';
import { statementOf } from './page/statements.ts';
import type { About } from './values.ts';

export interface PageParts {
  readonly title: string;
  readonly chapters: readonly Chapter[];
  readonly legend: readonly LegendLine[];
  readonly program: Program;
  readonly builder: DataBuilder;
  readonly data: PageData;
  /** The arrays by name. */
  readonly names: ReadonlyMap<string, Tensor>;
  /** Whose text it is that the network comes from, and what a reader of both should know. */
  readonly about: readonly About[];
  /** The emitted module as a script; empty where it is too large for a page. */
  readonly module: string;
  readonly client: string;
  readonly style: string;
  /** Whether every statement stands in the page. */
  readonly writesOut: boolean;
}

/** Equations as HTML: names are linked, indices of sums are subscripts. */
function htmlMarkup(builder: DataBuilder): Markup {
  // No line ends between a sign and what it adds up.
  const sub = (letters: readonly string[]): string => `<sub>${letters.join(',')}</sub>\u00A0`;
  return {
    ...plainText,
    times: '·<wbr>',
    place: (tensor, mark, coordinates) => {
      const at = coordinates.length === 0 ? '' : `${mark === '' ? '' : `‹${mark}›`}[${coordinates.join(',')}]`;
      return `${nameOf(tensor, builder)}${at}`;
    },
    reduction: (kind, letters, body) => `${kind === 'sum' ? 'Σ' : kind}${sub(letters)}${body}`,
    logSumExp: (letters, body) => `log Σ${sub(letters)}exp(${body})`,
    compare: (left, sign, right) => `${left}\u00A0${escapeHtml(sign)}\u00A0${right}`,
    within: (coordinate, size) => `0 ≤ ${coordinate} &lt; ${size}`,
    where: (ranges) =>
      ` &nbsp; where ${ranges.map(([letters, size]) => `${letters.join(',')} &lt; ${size}`).join(', ')}`,
    forAll: (letters) => ` &nbsp; for all ${letters.join(',')}`,
  };
}

/** A name that can be chosen, and that changes with the names that are chosen. */
function nameOf(tensor: Tensor, builder: DataBuilder): string {
  return `<i class=n data-t=${builder.tensor(storageOf(tensor))}>${escapeHtml(tensor.name)}</i>`;
}

/** Words in which the names of arrays are linked, as they are in equations. */
function linked(text: string, { builder, names }: PageParts): string {
  const named = escapeHtml(text).replace(/[\p{L}][\p{L}\p{M}\d]*/gu, (word) => {
    const tensor = names.get(word);
    return tensor === undefined ? word : nameOf(tensor, builder);
  });
  return lowered(named);
}

/** `Σ_{i,j} ` as it is set: the letters below the line, and no line end behind them. */
function lowered(text: string): string {
  return text.replace(/(?<=Σ|max)_(?:\{([^}]*)\}|(\p{L})) /gu, (_, some, one) => `<sub>${some ?? one}</sub>\u00A0`);
}

/** A machine that has computed everything from what the page begins with. */
function readyMachine(data: PageData): Machine {
  const machine = new Machine(data);
  machine.initialize(1);
  if (data.weights !== null) machine.parameters = data.weights;
  const preset = data.presets[0];
  if (preset !== undefined) {
    machine.numbersOf(data.input).set(preset.input);
    if (preset.given !== undefined) machine.numbersOf(data.given).set(preset.given);
    if (preset.weights !== undefined) machine.parameters = preset.weights;
  }
  machine.run();
  return machine;
}

/** The whole page. It asks for nothing: all that runs in it is named by its hash. */
export function printPage(parts: PageParts): string {
  const machine = readyMachine(parts.data);
  const json = JSON.stringify(parts.data).replaceAll('<', '\\u003c');
  const scripts = [parts.module, parts.client].filter((text) => text !== '');
  const hashes = scripts.map((text) => `'sha256-${digest(text)}'`).join(' ');
  const policy = `default-src 'none'; script-src ${hashes}; style-src 'sha256-${digest(parts.style)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(parts.title)}: equations, code and numbers</title>
<style>${parts.style}</style>
</head>
<body>
<h1>${escapeHtml(parts.title)}</h1>
${strip(parts)}
${controls(parts)}
<p id="live" class="visually-hidden" role="status" aria-live="polite"></p>
<div class="page">
<main>
${legend(parts)}
${parts.chapters.map((chapter) => card(chapter, parts, machine)).join('\n')}
${oneLine()}
${aboutSection(parts)}
</main>
<aside class="needs-script" aria-labelledby="why-title"><button type="button" id="close" aria-label="clear the choice">×</button><div id="why" tabindex="0"></div></aside>
</div>
<script type="application/json" id="data">${json}</script>
${scripts.map((text) => `<script>${text}</script>`).join('\n')}
</body>
</html>
`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

function strip({ chapters }: PageParts): string {
  const boxes = chapters.map(({ name }, n) => {
    const arrows = n === 0 ? '' : '<span class="arrows" aria-hidden="true"><span>→</span><span>←</span></span>';
    return `<li>${arrows}<a href="#layer-${encodeURIComponent(name)}">${escapeHtml(name)}</a></li>`;
  });
  return `<nav aria-label="Layers: values go forward, gradients come back"><ol class="strip">${boxes.join('')}</ol></nav>`;
}

function controls({ data }: PageParts): string {
  const presets = data.presets.map(({ caption }, n) => `<option value="${n}">${escapeHtml(caption)}</option>`).join('');
  const own = Object.keys(data.names).length === 0 ? '' : '<option value="own">the file’s own</option>';
  return `<div class="controls needs-script" role="group" aria-label="Run">
<div><label>input <select id="preset">${presets}</select></label>
<label><input type="checkbox" id="draw"> draw on the input</label></div>
<form id="editor" hidden><label><span id="editing"></span> <input id="value" inputmode="decimal" autocomplete="off"></label> <button>set</button></form>
<div><button type="button" id="back">‹ step</button> <span id="step"></span> <button type="button" id="forth">step ›</button></div>
<div><span id="loss"></span> <span id="agreement"></span></div>
<div class="trains"><label>rate <input type="number" id="rate" value="0.1" step="any" min="0"></label>
<button type="button" id="train">train one step</button> <button type="button" id="run">train 100</button>
<svg id="curve" viewBox="0 0 200 52" role="group" aria-label="loss over steps"></svg> <span id="curve-text"></span></div>
<div><label>seed <input type="number" id="seed" value="1" min="1" step="1"></label>
<button type="button" id="reset">reset to the seed</button></div>
<div><label>names <select id="names"><option value="longhand">longhand: dz2</option><option value="leibniz">Leibniz: ∂L/∂z2</option><option value="delta">delta: δ2</option>${own}</select></label>
<button type="button" id="copy">copy link</button></div>
<span id="message" role="status"></span>
</div>`;
}

function legend({ legend, data }: PageParts): string {
  const own = Object.entries(data.names).map(([name, other]) => `${other} is ${name}`);
  const rows = [
    ...legend,
    ...(own.length === 0
      ? []
      : [
          [
            'the file’s own',
            `${own.join(', ')}${data.base === 1 ? '; counted from 1' : ''}: choose names above`,
          ] as const,
        ]),
    [
      'colours',
      'orange is above 0, violet below, stronger is larger; a number’s uses carry the numbers 1, 2, … in pictures, lists and code, its gradient a double frame; cells that it is computed from are dotted, its places of the input framed',
    ],
    [
      'keys',
      'arrows move in a picture, Enter chooses, Esc clears, w goes to the panel and back, [ and ] step; a digit sets an input',
    ],
  ] as const;
  const items = rows.map(([sign, meaning]) => `<div><dt>${escapeHtml(sign)}</dt><dd>${escapeHtml(meaning)}</dd></div>`);
  return `<section class="card" id="legend"><h2>How to read it</h2><dl class="legend">${items.join('')}</dl>
<p>Learning does not restore the image: backward computes, for each weight, how much the loss changes with it. Forward keeps what each layer reads, as backward multiplies with it. Every gradient equation below is derived from the forward equation that reads the number. The “convolution” of most networks does not turn its kernel; where one does (flipKernel), it is the mathematical one.</p></section>`;
}

function card({ name, title, view, ranks, forward, backward }: Chapter, parts: PageParts, machine: Machine): string {
  const lane = (caption: string, entries: readonly Entry[]): string =>
    entries.length === 0
      ? ''
      : `<div class="lane"><h3>${caption}</h3>${entries.map((entry) => printEntry(entry, parts, machine)).join('')}</div>`;
  const says = [view, ranks]
    .flatMap((text) => (text === undefined ? [] : `<p class="formula">${linked(text, parts)}</p>`))
    .join('');
  return `<section class="card" tabindex="-1" id="layer-${encodeURIComponent(name)}"><h2>${escapeHtml(title)}</h2>${says}<div class="lanes">${lane('Forward', forward)}${lane('Backward', backward)}</div></section>`;
}

function printEntry(
  { equation, number, notes, sign, pictures, family }: Entry,
  parts: PageParts,
  machine: Machine,
): string {
  const markup = htmlMarkup(parts.builder);
  const formula = new Notation(markup).equation(equation, sign);
  const grids = pictures.map((tensor) => picture(tensor, parts, machine)).join('');
  const steps = derivationOf(equation, markup);
  const derivation =
    steps.length === 0
      ? ''
      : `<ol class="derivation" data-derivation="${escapeHtml(storageOf(equation.target).name)}">${steps.map(({ kind, words, formula }) => `<li class="${kind}">${[words && linked(words, parts), formula && `<span class="formula">${formula}</span>`].filter(Boolean).join(' ')}</li>`).join('')}</ol>`;
  const said = notes.map((note) => `<p class="note">${linked(note, parts)}</p>`).join('');
  return `<div class="equation" data-equation="${number}"><div class="grids">${grids}</div><p class="formula">${formula}</p>${said}${turned(equation, notes)}${relatives(family)}${derivation}${code(number, parts, machine)}</div>`;
}

/** A small kernel before and after it is turned by 180°. */
function turned({ value }: Entry['equation'], notes: readonly string[]): string {
  const kernel = readsOf(value).find(({ tensor }) => tensor.role === 'parameter')?.tensor;
  if (kernel === undefined || !notes.some((note) => note.startsWith(`the kernel ${kernel.name}, turned`))) return '';
  const [height = 1, width = 1, ...rest] = kernel.shape;
  if (rest.some((size) => size > 1) || height * width > 9 || height === 1 || width === 1) return '';
  const table = (label: string, nameAt: (row: number, column: number) => string): string => {
    const rows = Array.from({ length: height }, (_, row) => {
      const cells = Array.from({ length: width }, (_, column) => `<td>${nameAt(row, column)}</td>`);
      return `<tr>${cells.join('')}</tr>`;
    });
    return `<table class="kernel"><caption>${escapeHtml(label)}</caption>${rows.join('')}</table>`;
  };
  const name = escapeHtml(kernel.name);
  return `<div class="grids">${table(kernel.name, (row, column) => `${name}[${row},${column}]`)}${table(`${kernel.name} turned`, (row, column) => `${name}[${height - 1 - row},${width - 1 - column}]`)}</div>`;
}

/** One equation in all ranks, from a matrix to N images. */
function relatives(family: Entry['family']): string {
  if (family.length === 0) return '';
  const items = family.map(
    ({ words, equation }) =>
      `<li>${words}: <span class="formula">${lowered(escapeHtml(printEquation(equation)))}</span></li>`,
  );
  return `<p class="note">The same in all ranks:</p><ul class="derivation">${items.join('')}</ul>`;
}

function picture(tensor: Tensor, { builder }: PageParts, machine: Machine): string {
  const id = builder.tensor(tensor);
  const slices = slicesOf(tensor.shape);
  const shown = showsAll(tensor.shape) ? slices : slices.slice(0, 1);
  const label = `${tensor.name}, ${tensor.shape.filter((size) => size !== 1).join('×') || '1 number'}`;
  const tables = shown.map((slice) => tableOf(slice, id, tensor.name, (offset) => short(machine.valueAt(id, offset))));
  const chooser =
    shown.length === slices.length
      ? ''
      : `<label class="needs-script">show <select data-slice="${id}">${slices.map(({ title }, n) => `<option value="${n}">${title}</option>`).join('')}</select></label>`;
  return `<figure data-grids="${id}"><figcaption>${nameOf(tensor, builder)}${escapeHtml(label.slice(tensor.name.length))}</figcaption>${chooser}${tables.join('')}</figure>`;
}

function code(number: number, { data, writesOut }: PageParts, machine: Machine): string {
  const equation = data.equations[number];
  if (equation === undefined) return '';
  const { store, shape } = machine.tensor(equation.target);
  const count = shape.reduce((all, size) => all * size, 1);
  if (!writesOut)
    return `<button type="button" class="needs-script" data-write="${number}">write out ${count} statement${count === 1 ? '' : 's'}</button><pre data-eq="${number}" hidden></pre>`;
  const lines = Array.from({ length: count }, (_, offset) => statementOf(machine, equation, offset)).filter(
    (line) => line !== '',
  );
  const { name } = machine.tensor(store);
  return `<pre data-eq="${number}" tabindex="0" role="region" aria-label="${escapeHtml(name)} in code">${escapeHtml(`${lines.join('\n')}\n`)}</pre>`;
}

function oneLine(): string {
  return `<section class="card needs-script" id="one-line"><h2>One line</h2>
<p>The output as one formula. Open a name to put its definition in its place, or choose a depth; the derivative by the chosen number unfolds in the same way.</p>
<p><label>depth <input type="range" id="depth" min="0" max="1" value="1"></label> <label><input type="checkbox" id="derivative"> the gradient of the chosen number instead</label></p>
<p id="line" class="line" tabindex="0"></p></section>`;
}

function aboutSection({ about }: PageParts): string {
  if (about.length === 0) return '';
  const items = about.map(({ text, link }) => {
    const more = link === undefined ? '' : ` <a href="${escapeHtml(link)}" rel="noreferrer">${escapeHtml(link)}</a>`;
    return `<li>${escapeHtml(text)}${more}</li>`;
  });
  return `<section class="card" id="about"><h2>The text behind it</h2><ul>${items.join('')}</ul></section>`;
}
