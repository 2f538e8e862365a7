import type { PageData } from './ir.ts';
import { Machine } from './machine.ts';
import { OneLine } from './oneLine.ts';
import { gradientOf } from './relations.ts';
import { short } from './slices.ts';
import { elementName, localOf, statementOf } from './statements.ts';
import {
  all,
  type Chosen,
  fillCells,
  find,
  make,
  parseElement,
  parseLocal,
  plainName,
  type State,
  showSlice,
  sliceWith,
  svg,
} from './view.ts';
import { type Relations, relate, showWhy } from './why.ts';

/** What an emitted module gives. */
interface EmittedModel {
  readonly parameters: Float64Array;
  readonly gradients: Float64Array;
  forward(input: ArrayLike<number>): Float64Array;
  backward(given: ArrayLike<number>): number | undefined;
  initialize(seed: number): void;
  step(rate: number): void;
}

declare const emitted: { createModel(): EmittedModel } | undefined;

const data = JSON.parse(find('#data').textContent ?? '') as PageData;
const machine = new Machine(data);
const model = typeof emitted === 'undefined' ? undefined : emitted.createModel();
const line = new OneLine(machine);

let chosen: Chosen | undefined;
let relations: Relations | undefined;
let seed = 1;
let cursor = data.equations.length;
let naming = 'longhand';
let edits = new Map<string, number>();
let losses: number[] = [];
let opened = new Set<string>();
let derivative = false;

function renamed(name: string): string {
  if (naming === 'own' && data.names[name] !== undefined) return data.names[name];
  if (!/^d./.test(name) || !data.tensors.some((one) => one.name === name && one.role === 'gradient')) return name;
  const of = name.slice(1);
  if (naming === 'leibniz') return `∂L/∂${of}`;
  return naming === 'delta' && of.startsWith('z') ? `δ${of.slice(1)}` : name;
}

function elementLabel(tensor: number, offset: number): string {
  const base = naming === 'own' ? data.base : 0;
  const plain = elementName(machine, tensor, offset, base);
  const name = data.tensors[tensor]?.name ?? '';
  const at = plain.slice(name.length);
  return renamed(name) + (base === 1 ? at.replace('[', '(').replace(']', ')') : at);
}

const state: State = {
  data,
  machine,
  name: elementLabel,
  tensorName: (tensor) => renamed(data.tensors[tensor]?.name ?? ''),
  isKnown(tensor) {
    const store = data.tensors[tensor]?.store;
    const writers = data.equations.flatMap((one, n) => (data.tensors[one.target]?.store === store ? [n] : []));
    return writers.length === 0 || store === data.given || (writers.at(-1) as number) < cursor;
  },
};

/** Computes everything anew and shows it. */
function refresh(): void {
  machine.run(cursor);
  fillCells(state);
  showLoss();
  showAgreement();
  showStep();
  showLine();
  if (chosen !== undefined) select(chosen, false);
}

function showLoss(): void {
  const value = data.loss === null ? undefined : machine.numbers[data.loss]?.[0];
  const isKnown = data.loss !== null && state.isKnown(data.loss);
  find('#loss').textContent = value === undefined ? 'the network has no loss' : `L = ${isKnown ? short(value) : '–'}`;
}

/** The same numbers from the emitted module, which is in the page. */
function showAgreement(): void {
  const box = find('#agreement');
  if (model === undefined || cursor < data.equations.length) {
    box.textContent = '';
    return;
  }
  model.parameters.set(machine.parameters);
  model.gradients.fill(0);
  const output = model.forward(machine.numbers[data.input] as Float64Array);
  model.backward((machine.numbers[data.given] as Float64Array).slice());
  const gradients = data.parameters.flatMap(({ tensor }) => {
    const gradient = gradientOf(machine, tensor);
    const size = machine.numbers[tensor]?.length ?? 0;
    return gradient === undefined ? new Array<number>(size).fill(0) : [...(machine.numbers[gradient] as Float64Array)];
  });
  const own = [...(machine.numbers[data.output] as Float64Array), ...gradients];
  const other = [...output, ...model.gradients];
  const largest = Math.max(...own.map(Math.abs), 1e-300);
  const error = Math.max(0, ...own.map((one, n) => Math.abs(one - (other[n] as number)))) / largest;
  const digits = error === 0 ? 16 : Math.max(0, Math.floor(-Math.log10(error)));
  box.textContent = `emitted code: same to ${digits} digits`;
  box.dataset.digits = String(digits);
}

function select(one: Chosen | undefined, moves = true): void {
  chosen = one;
  for (const cell of all('td.chosen, td.used, td.term, td.field, td.read')) {
    cell.classList.remove('chosen', 'used', 'term', 'field', 'read');
    delete cell.dataset.k;
  }
  CSS.highlights?.clear();
  for (const name of all('.n.on')) name.classList.remove('on');
  const why = find('#why');
  if (one === undefined) {
    why.replaceChildren(make('p', {}, 'Choose a number: click it, or move to it with the arrow keys and press Enter.'));
    relations = undefined;
    writeAddress();
    return;
  }
  if (moves)
    for (const tensor of [one.tensor])
      showSlice(state, tensor, sliceWith(data.tensors[tensor]?.shape ?? [], one.offset));
  if (moves) {
    enterGrids();
    fillCells(state);
  }
  relations = relate(state, one);
  mark(one, relations);
  showWhy(state, why, one, relations);
  showEditor(one);
  announce(one, relations);
  if (derivative) showLine();
  writeAddress();
}

function cellsOf({ tensor, offset }: Chosen): HTMLElement[] {
  return all(`table[data-t="${tensor}"] td[data-o="${offset}"]`);
}

/** The same numbers and colours in pictures, equations and code. */
function mark(one: Chosen, { uses, terms, field, reads }: Relations): void {
  for (const cell of cellsOf(one)) cell.classList.add('chosen');
  for (const [n, { target }] of uses.entries()) {
    for (const cell of cellsOf(target)) {
      cell.classList.add('used');
      cell.dataset.k = String(n + 1);
    }
    const gradient = gradientOf(machine, target.tensor);
    if (gradient === undefined || terms.every(({ use }) => use !== n)) continue;
    for (const cell of cellsOf({ tensor: gradient, offset: target.offset })) {
      cell.classList.add('term');
      cell.dataset.k = String(n + 1);
    }
  }
  for (const read of reads) for (const cell of cellsOf(read)) cell.classList.add('read');
  const isInput = one.tensor === data.input;
  for (const offset of isInput ? [] : field)
    for (const cell of cellsOf({ tensor: data.input, offset })) cell.classList.add('field');
  const touched = new Set([one.tensor, ...uses.map(({ target }) => target.tensor)]);
  for (const name of all('.n')) if (touched.has(Number(name.dataset.t))) name.classList.add('on');
  markCode(
    one,
    uses.map(({ equation, target }) => [equation, target] as const),
    terms.map(({ equation }) => equation),
  );
}

function markCode(one: Chosen, uses: readonly (readonly [number, Chosen])[], gradients: readonly number[]): void {
  if (CSS.highlights === undefined) return;
  const word = localOf(machine, one.tensor, one.offset);
  const ranges = uses.flatMap(([equation, target]) =>
    rangesIn(equation, localOf(machine, target.tensor, target.offset), word),
  );
  const gradient = gradientOf(machine, one.tensor);
  const lines =
    gradient === undefined
      ? []
      : [...new Set(gradients)].flatMap((equation) =>
          rangesIn(equation, localOf(machine, gradient, one.offset), undefined),
        );
  CSS.highlights.set('use', new Highlight(...ranges));
  CSS.highlights.set('gradient', new Highlight(...lines));
}

/** Where a word stands in the statement of an element; without a word the statement itself. */
function rangesIn(equation: number, target: string, word: string | undefined): Range[] {
  const text = find(`pre[data-eq="${equation}"]`).firstChild;
  if (!(text instanceof Text)) return [];
  const start = `\n${text.data}`.indexOf(`\nconst ${target} = `);
  if (start < 0) return [];
  const end = text.data.indexOf(';', start);
  const spans: [number, number][] = [];
  if (word === undefined) spans.push([start, end]);
  else {
    const from = start + `const ${target} = `.length;
    for (const match of text.data.slice(from, end).matchAll(new RegExp(`(?<![\\w])${word}(?![\\w])`, 'g')))
      spans.push([from + match.index, from + match.index + word.length]);
  }
  return spans.map(([a, b]) => {
    const range = document.createRange();
    range.setStart(text, a);
    range.setEnd(text, b);
    return range;
  });
}

function announce(one: Chosen, { uses, terms }: Relations): void {
  const gradient = gradientOf(machine, one.tensor);
  const value = (machine.numbers[one.tensor] as Float64Array)[one.offset] as number;
  const slope = gradient === undefined ? undefined : (machine.numbers[gradient]?.[one.offset] as number);
  const parts = [elementLabel(one.tensor, one.offset), state.isKnown(one.tensor) ? short(value) : 'not computed yet'];
  if (uses.length > 0) parts.push(`used ${uses.length} time${uses.length === 1 ? '' : 's'}`);
  if (slope !== undefined && terms.length > 0)
    parts.push(`gradient ${gradient !== undefined && state.isKnown(gradient) ? short(slope) : '–'}`);
  find('#live').textContent = parts.join(', ');
}

const editable = new Set([data.input, data.given, ...data.parameters.map(({ tensor }) => tensor)]);

function showEditor(one: Chosen): void {
  const editor = find<HTMLFormElement>('#editor');
  editor.hidden = !editable.has(one.tensor);
  find('#editing').textContent = `${elementLabel(one.tensor, one.offset)} =`;
  find<HTMLInputElement>('#value').value = String(machine.numbers[one.tensor]?.[one.offset] ?? 0);
}

function edit(one: Chosen, value: number): void {
  if (!Number.isFinite(value) || !editable.has(one.tensor)) return;
  (machine.numbers[one.tensor] as Float64Array)[one.offset] = value;
  edits.set(plainName(machine, one), value);
  refresh();
}

function setPreset(number: number): void {
  const preset = data.presets[number];
  if (preset === undefined) return;
  (machine.numbers[data.input] as Float64Array).set(preset.input);
  if (preset.given !== undefined) (machine.numbers[data.given] as Float64Array).set(preset.given);
  if (preset.weights !== undefined) machine.parameters = preset.weights;
}

function reset(): void {
  machine.initialize(seed);
  if (data.weights !== null && seed === 1) machine.parameters = data.weights;
  setPreset(Number(find<HTMLSelectElement>('#preset').value));
  edits = new Map();
  losses = [];
  cursor = data.equations.length;
  model?.initialize(seed);
  find('#curve').replaceChildren();
  find('#message').textContent = '';
}

function showStep(): void {
  const { equations } = data;
  for (const box of all('[data-equation]')) {
    const n = Number(box.dataset.equation);
    box.classList.toggle('ahead', n >= cursor);
    box.classList.toggle('now', n === cursor - 1 && cursor < equations.length);
  }
  const now = equations[cursor - 1];
  find('#step').textContent =
    `${cursor} of ${equations.length}${now && cursor < equations.length ? `: ${state.tensorName(now.target)}` : ''}`;
}

function stepTo(next: number): void {
  cursor = Math.max(0, Math.min(data.equations.length, next));
  refresh();
}

function train(steps: number): void {
  if (model === undefined || data.loss === null) return;
  const rate = Number(find<HTMLInputElement>('#rate').value);
  cursor = data.equations.length;
  for (let n = 0; n < steps; n++) {
    machine.run();
    const before = machine.parameters;
    const loss = machine.numbers[data.loss]?.[0] as number;
    losses.push(loss);
    model.parameters.set(before);
    model.gradients.fill(0);
    model.forward(machine.numbers[data.input] as Float64Array);
    model.backward((machine.numbers[data.given] as Float64Array).slice());
    model.step(rate);
    const bad = model.parameters.findIndex((one) => !Number.isFinite(one));
    if (bad >= 0 || !Number.isFinite(loss)) {
      machine.parameters = before;
      losses.pop();
      find('#message').textContent =
        `Stopped after ${losses.length} steps: ${bad >= 0 ? `weight ${bad} of the list is no number any more` : 'the loss is no number any more'}. The state before is back; try a smaller rate.`;
      break;
    }
    machine.parameters = model.parameters;
  }
  edits = new Map([...edits].filter(([name]) => !name.startsWith('W') && !name.startsWith('b')));
  refresh();
  if (data.loss !== null) losses.push(machine.numbers[data.loss]?.[0] as number);
  drawCurve();
  losses.pop();
}

function drawCurve(): void {
  const top = Math.max(...losses, 1e-12);
  const points = losses.map(
    (loss, n) => `${((n / Math.max(1, losses.length - 1)) * 200).toFixed(1)},${(50 - (loss / top) * 48).toFixed(1)}`,
  );
  find('#curve').replaceChildren(svg('polyline', { points: points.join(' '), class: 'curve' }));
  find('#curve-text').textContent =
    `loss ${short(losses[0] as number)} → ${short(losses.at(-1) as number)} in ${losses.length - 1} step${losses.length === 2 ? '' : 's'}`;
}

function showLine(): void {
  const gradient = chosen && gradientOf(machine, chosen.tensor);
  const isDerivative = derivative && chosen !== undefined && gradient !== undefined;
  const root: Chosen = isDerivative
    ? { tensor: gradient as number, offset: (chosen as Chosen).offset }
    : { tensor: data.output, offset: 0 };
  const depthInput = find<HTMLInputElement>('#depth');
  depthInput.max = String(line.depth(root));
  const depth = Number(depthInput.value);
  const text = line.text(root, depth, opened, elementLabel);
  const box = find('#line');
  const left = `${elementLabel(root.tensor, root.offset)} = `;
  if (typeof text === 'number') {
    box.replaceChildren(
      `${left}… would be ${text.toLocaleString('en-US')} characters long; 5,000 are shown at most. Take a smaller depth.`,
    );
    return;
  }
  const pieces = text.split(/([\p{L}\p{M}∂/\d′ ()]*[\p{L}\p{M}]\d*(?:[[(][\d,]+[\])])?)/u);
  box.replaceChildren(left, ...pieces.flatMap((piece) => linePiece(piece)));
  box.dataset.text = text;
}

/** A name that can be opened is a button. */
function linePiece(piece: string): (Node | string)[] {
  if (naming !== 'longhand') return [piece];
  const found = /[\p{L}][\p{L}\p{M}\d]*(?:\[[\d,]+\])?$/u.exec(piece);
  const one = found && parseElement(machine, found[0]);
  if (!found || !one || line.definition(one) === undefined) return [piece];
  const button = make(
    'button',
    { type: 'button', class: 'open', 'aria-label': `${found[0]}: open its definition` },
    found[0],
  );
  button.addEventListener('click', () => {
    opened.add(found[0]);
    showLine();
  });
  return [piece.slice(0, found.index), button];
}

/** The whole state in the address, so that a link shows the same. */
function writeAddress(): void {
  const parts = new URLSearchParams();
  if (chosen !== undefined) parts.set('at', plainName(machine, chosen));
  if (seed !== 1) parts.set('seed', String(seed));
  if (naming !== 'longhand') parts.set('names', naming);
  if (cursor < data.equations.length) parts.set('step', String(cursor));
  const preset = find<HTMLSelectElement>('#preset').value;
  if (preset !== '0') parts.set('preset', preset);
  if (edits.size > 0) parts.set('set', [...edits].map(([name, value]) => `${name}:${value}`).join(';'));
  const hash = `#${parts.toString().replaceAll('%5B', '[').replaceAll('%5D', ']').replaceAll('%2C', ',')}`;
  if (location.hash !== hash && !(hash === '#' && location.hash === '')) history.replaceState(null, '', hash);
}

function readAddress(): void {
  const parts = new URLSearchParams(location.hash.slice(1));
  seed = Number(parts.get('seed') ?? 1) || 1;
  naming = parts.get('names') ?? 'longhand';
  find<HTMLInputElement>('#seed').value = String(seed);
  find<HTMLSelectElement>('#names').value = naming;
  find<HTMLSelectElement>('#preset').value = parts.get('preset') ?? '0';
  reset();
  for (const one of (parts.get('set') ?? '').split(';').filter(Boolean)) {
    const [name = '', value = ''] = one.split(':');
    const element = parseElement(machine, name);
    if (element === undefined || !editable.has(element.tensor) || !Number.isFinite(Number(value))) continue;
    (machine.numbers[element.tensor] as Float64Array)[element.offset] = Number(value);
    edits.set(name, Number(value));
  }
  cursor = parts.has('step') ? Math.min(data.equations.length, Number(parts.get('step')) || 0) : data.equations.length;
  showNames();
  const at = parseElement(machine, parts.get('at') ?? '');
  machine.run(cursor);
  fillCells(state);
  select(at);
  refresh();
}

function showNames(): void {
  for (const name of all('.n')) name.textContent = renamed(name.dataset.n ?? '');
}

function cellOf(target: EventTarget | null): Chosen | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('td[data-o]') : null;
  const table = cell?.closest<HTMLElement>('table[data-t]');
  if (!cell || !table) return undefined;
  const tensor = Number(table.dataset.t);
  return { tensor: data.tensors[tensor]?.store ?? tensor, offset: Number(cell.dataset.o) };
}

/** A word of the code under the pointer. */
function wordAt(event: MouseEvent): Chosen | undefined {
  const position = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const text = position?.offsetNode;
  if (!(text instanceof Text) || text.parentElement?.tagName !== 'PRE') return undefined;
  const before = /[\p{L}\p{M}\d_]*$/u.exec(text.data.slice(0, position?.offset))?.[0] ?? '';
  const after = /^[\p{L}\p{M}\d_]*/u.exec(text.data.slice(position?.offset))?.[0] ?? '';
  return parseLocal(machine, before + after);
}

function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName)) return;
  if (event.key === 'Escape') select(undefined);
  if (event.key === '[') stepTo(cursor - 1);
  if (event.key === ']') stepTo(cursor === data.equations.length ? 1 : cursor + 1);
  if (target.tagName !== 'TD') return;
  const one = cellOf(target);
  if ((event.key === 'Enter' || event.key === ' ') && one !== undefined) {
    event.preventDefault();
    select(one);
  }
  if (/^\d$/.test(event.key) && one !== undefined) edit(one, Number(event.key) / (one.tensor === data.input ? 1 : 10));
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const row = target.parentElement as HTMLTableRowElement;
  const body = row.parentElement as HTMLTableSectionElement;
  const next =
    body.rows[[...body.rows].indexOf(row) + (step[0] as number)]?.cells[
      (target as HTMLTableCellElement).cellIndex + (step[1] as number)
    ];
  if (next === undefined || next.tagName !== 'TD') return;
  target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

/** Drawing: where the switch is on, the pointer paints the input with 1, or with 0 where it begins on a 1. */
let brush: number | undefined;

function paint(target: EventTarget | null): void {
  const one = cellOf(target);
  if (one === undefined || one.tensor !== data.input || brush === undefined) return;
  if (machine.numbers[data.input]?.[one.offset] === brush) return;
  (machine.numbers[data.input] as Float64Array)[one.offset] = brush;
  edits.set(plainName(machine, one), brush);
  machine.run(cursor);
  fillCells(state);
  showLoss();
}

/** Tab reaches each picture once; arrows move inside. */
function enterGrids(): void {
  for (const table of all('table[role=grid]')) {
    const cells = [...table.querySelectorAll<HTMLElement>('td')];
    const entry = cells.find((cell) => cell.tabIndex === 0) ?? cells[0];
    for (const cell of cells) cell.tabIndex = cell === entry ? 0 : -1;
  }
}

function listen(): void {
  document.addEventListener('click', (event) => {
    const target = event.target as Element;
    const name = target.closest<HTMLElement>('.n');
    if (find<HTMLInputElement>('#draw').checked && cellOf(target)?.tensor === data.input) return;
    const one = cellOf(target) ?? wordAt(event) ?? (name ? { tensor: Number(name.dataset.t), offset: 0 } : undefined);
    if (one !== undefined) select(one);
  });
  document.addEventListener('keydown', onKey);
  document.addEventListener('pointerdown', (event) => {
    const one = cellOf(event.target);
    if (!find<HTMLInputElement>('#draw').checked || one?.tensor !== data.input) return;
    brush = machine.numbers[data.input]?.[one.offset] === 1 ? 0 : 1;
    event.preventDefault();
    paint(event.target);
  });
  document.addEventListener('pointermove', (event) => {
    if (brush !== undefined) paint(document.elementFromPoint(event.clientX, event.clientY));
  });
  document.addEventListener('pointerup', () => {
    if (brush !== undefined) refresh();
    brush = undefined;
    writeAddress();
  });
  const on = (selector: string, type: string, run: () => void): void => find(selector).addEventListener(type, run);
  on('#back', 'click', () => stepTo(cursor - 1));
  on('#forth', 'click', () => stepTo(cursor === data.equations.length ? 1 : cursor + 1));
  on('#train', 'click', () => train(1));
  on('#run', 'click', () => train(100));
  on('#reset', 'click', () => {
    reset();
    refresh();
    writeAddress();
  });
  on('#seed', 'change', () => {
    seed = Number(find<HTMLInputElement>('#seed').value) || 1;
    reset();
    refresh();
  });
  on('#preset', 'change', () => {
    reset();
    refresh();
  });
  on('#names', 'change', () => {
    naming = find<HTMLSelectElement>('#names').value;
    showNames();
    refresh();
    writeAddress();
  });
  on('#depth', 'input', () => {
    opened = new Set();
    showLine();
  });
  on('#derivative', 'change', () => {
    derivative = find<HTMLInputElement>('#derivative').checked;
    showLine();
  });
  on('#copy', 'click', () => {
    writeAddress();
    void navigator.clipboard?.writeText(location.href);
    find('#message').textContent = 'The address of this page holds the whole state.';
  });
  find('#editor').addEventListener('submit', (event) => {
    event.preventDefault();
    if (chosen !== undefined) edit(chosen, Number(find<HTMLInputElement>('#value').value.replace('−', '-')));
  });
  find('#value').addEventListener('change', () => {
    if (chosen !== undefined) edit(chosen, Number(find<HTMLInputElement>('#value').value.replace('−', '-')));
  });
  for (const chooser of all<HTMLSelectElement>('select[data-slice]')) {
    chooser.addEventListener('change', () => {
      showSlice(state, Number(chooser.dataset.slice), Number(chooser.value));
      enterGrids();
      fillCells(state);
      if (chosen !== undefined && relations !== undefined) mark(chosen, relations);
    });
  }
  for (const button of all('button[data-write]')) {
    button.addEventListener('click', () => writeStatements(Number(button.dataset.write)));
  }
  addEventListener('hashchange', readAddress);
}

/** Writes out the statements of an equation that were too many to be in the page. */
function writeStatements(number: number): void {
  const equation = data.equations[number];
  if (equation === undefined) return;
  const { store } = data.tensors[equation.target] as { store: number };
  const count = machine.numbers[store]?.length ?? 0;
  const lines = Array.from({ length: Math.min(count, 2000) }, (_, offset) =>
    statementOf(machine, equation, offset),
  ).filter(Boolean);
  const box = find(`pre[data-eq="${number}"]`);
  box.textContent = `${lines.join('\n')}\n`;
  box.hidden = false;
  if (chosen !== undefined && relations !== undefined) mark(chosen, relations);
}

document.documentElement.classList.add('live');
enterGrids();
listen();
readAddress();
