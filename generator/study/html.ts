import { createHash } from 'node:crypto';
import type { Program } from '../equations/equation.ts';
import { storageOf, type Tensor } from '../equations/tensor.ts';
import { derivationOf } from '../print/derivation.ts';
import type { LegendLine } from '../print/legend.ts';
import { type Markup, plainText } from '../print/markup.ts';
import { Notation } from '../print/notation.ts';
import type { DataBuilder } from './data.ts';
import type { Chapter, Entry } from './outline.ts';
import type { PageData } from './page/ir.ts';
import { Machine } from './page/machine.ts';
import { escapeHtml, short, showsAll, slicesOf, tableOf } from './page/slices.ts';
import { statementOf } from './page/statements.ts';

export interface PageParts {
  readonly title: string;
  readonly chapters: readonly Chapter[];
  readonly legend: readonly LegendLine[];
  readonly program: Program;
  readonly builder: DataBuilder;
  readonly data: PageData;
  /** The emitted module as a script; empty where it is too large for a page. */
  readonly module: string;
  readonly client: string;
  readonly style: string;
  /** Whether every statement stands in the page. */
  readonly writesOut: boolean;
}

/** Equations as HTML: names are linked, indices of sums are subscripts. */
function htmlMarkup(builder: DataBuilder): Markup {
  const sub = (letters: readonly string[]): string => `<sub>${letters.join(',')}</sub> `;
  return {
    ...plainText,
    place: (tensor, mark, coordinates) => {
      const at = coordinates.length === 0 ? '' : `${mark === '' ? '' : `‹${mark}›`}[${coordinates.join(',')}]`;
      const name = escapeHtml(tensor.name);
      return `<span class="n" data-t="${builder.tensor(storageOf(tensor))}" data-n="${name}">${name}</span>${at}`;
    },
    reduction: (kind, letters, body) => `${kind === 'sum' ? 'Σ' : kind}${sub(letters)}${body}`,
    logSumExp: (letters, body) => `log Σ${sub(letters)}exp(${body})`,
    compare: (left, sign, right) => `${left} ${escapeHtml(sign)} ${right}`,
    within: (coordinate, size) => `0 ≤ ${coordinate} &lt; ${size}`,
    where: (ranges) =>
      ` &nbsp; where ${ranges.map(([letters, size]) => `${letters.join(',')} &lt; ${size}`).join(', ')}`,
    forAll: (letters) => ` &nbsp; for all ${letters.join(',')}`,
  };
}

/** The whole page. It asks for nothing: all that runs in it is named by its hash. */
export function printPage(parts: PageParts): string {
  const machine = new Machine(parts.data);
  machine.initialize(1);
  if (parts.data.weights !== null) machine.parameters = parts.data.weights;
  const preset = parts.data.presets[0];
  if (preset !== undefined) {
    machine.numbers[parts.data.input]?.set(preset.input);
    if (preset.given !== undefined) machine.numbers[parts.data.given]?.set(preset.given);
    if (preset.weights !== undefined) machine.parameters = preset.weights;
  }
  machine.run();
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
</main>
<aside id="why" class="needs-script" aria-labelledby="why-title"><p>Choose a number: click it, or move to it with the arrow keys and press Enter.</p></aside>
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
  const boxes = chapters.map(({ name, title }, n) => {
    const arrows = n === 0 ? '' : '<span class="arrows" aria-hidden="true"><span>→</span><span>←</span></span>';
    return `<li>${arrows}<a href="#layer-${encodeURIComponent(name)}" title="${escapeHtml(title)}">${escapeHtml(name)}</a></li>`;
  });
  return `<nav aria-label="Layers: values go forward, gradients come back"><ol class="strip">${boxes.join('')}</ol></nav>`;
}

function controls({ data }: PageParts): string {
  const presets = data.presets.map(({ caption }, n) => `<option value="${n}">${escapeHtml(caption)}</option>`).join('');
  const own = Object.keys(data.names).length === 0 ? '' : '<option value="own">the file’s own</option>';
  return `<div class="controls needs-script" role="group" aria-label="Run">
<label>input <select id="preset">${presets}</select></label>
<label><input type="checkbox" id="draw"> draw on the input</label>
<form id="editor" hidden><label><span id="editing"></span> <input id="value" inputmode="decimal" autocomplete="off"></label> <button>set</button></form>
<span id="loss"></span> <span id="agreement"></span>
<button type="button" id="back">‹ step</button> <span id="step"></span> <button type="button" id="forth">step ›</button>
<label>rate <input type="number" id="rate" value="0.1" step="any" min="0"></label>
<button type="button" id="train">train one step</button> <button type="button" id="run">train 100</button>
<svg id="curve" viewBox="0 0 200 52" role="group" aria-label="loss over steps"></svg> <span id="curve-text"></span>
<label>seed <input type="number" id="seed" value="1" min="1" step="1"></label>
<button type="button" id="reset">reset to the seed</button> <button type="button" id="copy">copy link</button>
<label>names <select id="names"><option value="longhand">longhand: dz2</option><option value="leibniz">Leibniz: ∂L/∂z2</option><option value="delta">delta: δ2</option>${own}</select></label>
<span id="message" role="status"></span>
</div>`;
}

function legend({ legend, data }: PageParts): string {
  const rows = legend.map(
    ([sign, meaning]) => `<tr><th scope="row">${escapeHtml(sign)}</th><td>${escapeHtml(meaning)}</td></tr>`,
  );
  const own = Object.entries(data.names).map(
    ([name, other]) =>
      `<tr><th scope="row">${escapeHtml(other)}</th><td>${escapeHtml(name)} under the file’s own names${data.base === 1 ? ', counted from 1' : ''}</td></tr>`,
  );
  const keys = `<tr><th scope="row">colours</th><td>orange is above 0, violet below, stronger is larger; a number’s uses carry the numbers 1, 2, … in pictures, lists and code; the cells that a chosen number reads are dotted, its places of the input framed</td></tr>
<tr><th scope="row">keys</th><td>arrows move in a picture, Enter chooses, Esc clears, [ and ] step; a digit sets an input</td></tr>`;
  return `<section class="card" id="legend"><h2>How to read it</h2><div class="scroll"><table class="legend">${rows.join('')}${own.join('')}${keys}</table></div>
<p>Learning does not restore the image: backward computes, for each weight, how much the loss changes with it. Every gradient equation below is derived from the forward equation that reads the number. The “convolution” of most networks does not turn its kernel; where one does (flipKernel), it is the mathematical one.</p></section>`;
}

function card({ name, title, view, forward, backward }: Chapter, parts: PageParts, machine: Machine): string {
  const lane = (caption: string, entries: readonly Entry[]): string =>
    entries.length === 0
      ? ''
      : `<div class="lane"><h3>${caption}</h3>${entries.map((entry) => printEntry(entry, parts, machine)).join('')}</div>`;
  const says = view === undefined ? '' : `<p class="formula">${escapeHtml(view)}</p>`;
  return `<section class="card" id="layer-${encodeURIComponent(name)}"><h2>${escapeHtml(title)}</h2>${says}<div class="lanes">${lane('Forward', forward)}${lane('Backward', backward)}</div></section>`;
}

function printEntry({ equation, number, notes, sign, pictures }: Entry, parts: PageParts, machine: Machine): string {
  const markup = htmlMarkup(parts.builder);
  const formula = new Notation(markup).equation(equation, sign);
  const grids = pictures.map((tensor) => picture(tensor, parts, machine)).join('');
  const steps = derivationOf(equation, markup);
  const derivation =
    steps.length === 0
      ? ''
      : `<ol class="derivation" data-derivation="${escapeHtml(storageOf(equation.target).name)}">${steps.map(({ kind, words, formula }) => `<li class="${kind}">${[words && escapeHtml(words), formula && `<span class="formula">${formula}</span>`].filter(Boolean).join(' ')}</li>`).join('')}</ol>`;
  const said = notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('');
  return `<div class="equation" data-equation="${number}"><div class="grids">${grids}</div><p class="formula">${formula}</p>${said}${derivation}${code(number, parts, machine)}</div>`;
}

function picture(tensor: Tensor, { builder }: PageParts, machine: Machine): string {
  const id = builder.tensor(tensor);
  const slices = slicesOf(tensor.shape);
  const shown = showsAll(tensor.shape) ? slices : slices.slice(0, 1);
  const label = `${tensor.name}, ${tensor.shape.filter((size) => size !== 1).join('×') || '1 number'}`;
  const numbers = machine.numbers[id] as Float64Array;
  const tables = shown.map((slice) => tableOf(slice, id, tensor.name, (offset) => short(numbers[offset] as number)));
  const chooser =
    shown.length === slices.length
      ? ''
      : `<label class="needs-script">show <select data-slice="${id}">${slices.map(({ title }, n) => `<option value="${n}">${title}</option>`).join('')}</select></label>`;
  return `<figure data-grids="${id}"><figcaption><span class="n" data-t="${id}" data-n="${escapeHtml(tensor.name)}">${escapeHtml(tensor.name)}</span>${escapeHtml(label.slice(tensor.name.length))}</figcaption>${chooser}${tables.join('')}</figure>`;
}

function code(number: number, { data, writesOut }: PageParts, machine: Machine): string {
  const equation = data.equations[number];
  if (equation === undefined) return '';
  const { store, shape } = data.tensors[equation.target] as PageData['tensors'][number];
  const count = shape.reduce((all, size) => all * size, 1);
  if (!writesOut)
    return `<button type="button" class="needs-script" data-write="${number}">write out ${count} statement${count === 1 ? '' : 's'}</button><pre data-eq="${number}" hidden></pre>`;
  const lines = Array.from({ length: count }, (_, offset) => statementOf(machine, equation, offset)).filter(
    (line) => line !== '',
  );
  const { name } = data.tensors[store] as { name: string };
  return `<pre data-eq="${number}" tabindex="0" role="region" aria-label="${escapeHtml(name)} in code">${escapeHtml(`${lines.join('\n')}\n`)}</pre>`;
}

function oneLine(): string {
  return `<section class="card needs-script" id="one-line"><h2>One line</h2>
<p>The output as one formula. Open a name to put its definition in its place, or choose a depth; the derivative by the chosen number unfolds in the same way.</p>
<p><label>depth <input type="range" id="depth" min="0" max="1" value="1"></label> <label><input type="checkbox" id="derivative"> the gradient of the chosen number instead</label></p>
<p id="line" class="line" tabindex="0"></p></section>`;
}
