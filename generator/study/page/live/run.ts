import { gradientOf } from '../relations.ts';
import { short } from '../slices.ts';
import { writeAddress } from './address.ts';
import { showLine } from './lineBox.ts';
import { select } from './select.ts';
import { data, editable, machine, model, renamed, session, state } from './session.ts';
import { all, type Chosen, fillCells, find, plainName } from './view.ts';

/** Computes everything anew and shows it. */
export function refresh(): void {
  machine.run(session.cursor);
  fillCells(state);
  showLoss();
  showAgreement();
  showStep();
  showLine();
  if (session.chosen !== undefined) select(session.chosen, false);
  else writeAddress();
}

export function showLoss(): void {
  const box = find('#loss');
  if (data.loss === null) {
    box.textContent = 'no loss: the page takes ∂L/∂output as given';
    return;
  }
  const value = machine.valueAt(data.loss, 0);
  box.textContent = `L = ${state.isKnown(data.loss) ? short(value) : '–'}`;
}

/** The same numbers from the emitted module, which is in the page. */
function showAgreement(): void {
  const box = find('#agreement');
  delete box.dataset.digits;
  box.textContent = '';
  if (model === undefined || session.cursor < data.equations.length) return;
  model.parameters.set(machine.parameters);
  model.gradients.fill(0);
  const output = model.forward(machine.numbersOf(data.input));
  model.backward(machine.numbersOf(data.given).slice());
  const gradients = data.parameters.flatMap(({ tensor }) => {
    const gradient = gradientOf(machine, tensor);
    const size = machine.numbersOf(tensor).length;
    return gradient === undefined ? new Array<number>(size).fill(0) : [...machine.numbersOf(gradient)];
  });
  const own = [...machine.numbersOf(data.output), ...gradients];
  const other = [...Array.from(output), ...model.gradients];
  model.gradients.fill(0);
  if (own.some((one) => !Number.isFinite(one))) return;
  const largest = own.reduce((most, one) => Math.max(most, Math.abs(one)), 1e-300);
  const error = own.reduce((most, one, n) => Math.max(most, Math.abs(one - (other[n] ?? Number.NaN))), 0) / largest;
  const digits = error === 0 ? 16 : Math.max(0, Math.floor(-Math.log10(error)));
  box.textContent = `emitted code: same to ${digits} digits`;
  box.dataset.digits = String(digits);
}

function showStep(): void {
  const { equations } = data;
  const { cursor } = session;
  for (const box of all('[data-equation]')) {
    const n = Number(box.dataset.equation);
    box.classList.toggle('ahead', n >= cursor);
    box.classList.toggle('now', n === cursor - 1 && cursor < equations.length);
  }
  const now = equations[cursor - 1];
  const name = now && cursor < equations.length ? `: ${state.tensorName(now.target)}` : '';
  find('#step').textContent = `${cursor} of ${equations.length}${name}`;
}

/** Computes the first `next` equations and no more. */
export function stepTo(next: number): void {
  session.cursor = Math.max(0, Math.min(data.equations.length, next));
  refresh();
  const now = document.querySelector('.equation.now');
  now?.scrollIntoView({ block: 'nearest' });
}

/** From the end a step forward begins anew. */
export function stepForth(): void {
  stepTo(session.cursor === data.equations.length ? 1 : session.cursor + 1);
}

/** Sets a number, without showing it. */
export function put(one: Chosen, value: number): boolean {
  if (!Number.isFinite(value) || !editable.has(one.tensor)) return false;
  machine.numbersOf(one.tensor)[one.offset] = value;
  const element = plainName(machine, one);
  const trained = session.deeds.findLastIndex(({ kind }) => kind === 'train');
  const isSame = (n: number): boolean => {
    const deed = session.deeds[n];
    return n > trained && deed?.kind === 'set' && deed.element === element;
  };
  session.deeds = [...session.deeds.filter((_, n) => !isSame(n)), { kind: 'set', element, value }];
  return true;
}

export function edit(one: Chosen, value: number): void {
  if (put(one, value)) refresh();
}

/** Back to the seed and the chosen input: nothing edited, nothing trained, everything computed. */
export function reset(): void {
  machine.initialize(session.seed);
  if (data.weights !== null && session.seed === 1) machine.parameters = data.weights;
  const preset = data.presets[Number(find<HTMLSelectElement>('#preset').value)];
  if (preset !== undefined) {
    machine.numbersOf(data.input).set(preset.input);
    if (preset.given !== undefined) machine.numbersOf(data.given).set(preset.given);
    if (preset.weights !== undefined) machine.parameters = preset.weights;
  }
  session.deeds = [];
  session.losses = [];
  session.cursor = data.equations.length;
  model?.initialize(session.seed);
  find('#curve').replaceChildren();
  find('#curve-text').textContent = '';
  find('#message').textContent = '';
}

export function showNames(): void {
  for (const name of all('.n')) name.textContent = renamed(data.tensors[Number(name.dataset.t)]?.name ?? '');
}
