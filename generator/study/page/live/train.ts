import { short } from '../slices.ts';
import { refresh } from './run.ts';
import { data, elementLabel, machine, model, session } from './session.ts';
import { find, svg } from './view.ts';

/** The reader trains: the steps are done, shown and kept for the address. */
export function train(steps: number): void {
  if (model === undefined || data.loss === null) return;
  const rate = Number(find<HTMLInputElement>('#rate').value);
  if (!Number.isFinite(rate)) return;
  session.cursor = data.equations.length;
  const done = makeSteps(rate, steps);
  const last = session.deeds.at(-1);
  if (done > 0) {
    const isMore = last?.kind === 'train' && last.rate === rate;
    const before = isMore ? session.deeds.slice(0, -1) : session.deeds;
    session.deeds = [...before, { kind: 'train', rate, steps: done + (isMore ? last.steps : 0) }];
  }
  refresh();
  drawCurve();
}

/** Up to `steps` of the emitted module's; how many it made. It stops before the first number that is none. */
export function makeSteps(rate: number, steps: number): number {
  if (model === undefined || data.loss === null) return 0;
  for (let n = 0; n < steps; n++) {
    const before = machine.parameters;
    model.parameters.set(before);
    model.gradients.fill(0);
    model.forward(machine.numbersOf(data.input));
    const loss = model.backward(machine.numbersOf(data.given).slice()) as number;
    if (Number.isFinite(loss)) model.step(rate);
    const bad = model.parameters.findIndex((one) => !Number.isFinite(one));
    if (bad < 0) machine.parameters = model.parameters;
    const after = bad < 0 ? machine.lossNow() : Number.NaN;
    if (!Number.isFinite(after)) {
      const what = bad >= 0 ? parameterLabel(bad) : 'the loss';
      find('#message').textContent =
        `Stopped after ${n} steps: ${what} is no number any more. The state before is back; try a smaller rate.`;
      model.parameters.set(before);
      machine.parameters = before;
      return n;
    }
    if (session.losses.length === 0) session.losses.push(loss);
    session.losses.push(after);
  }
  find('#message').textContent = '';
  return steps;
}

function parameterLabel(position: number): string {
  let from = 0;
  for (const { tensor } of data.parameters) {
    const size = machine.numbers[tensor]?.length ?? 0;
    if (position < from + size) return elementLabel(tensor, position - from);
    from += size;
  }
  return 'a weight';
}

export function drawCurve(): void {
  const { losses } = session;
  const [first, last] = [losses[0], losses.at(-1)];
  if (losses.length < 2 || first === undefined || last === undefined) return;
  const finite = losses.filter(Number.isFinite);
  const [top, bottom] = [Math.max(...finite), Math.min(0, ...finite)];
  const height = Math.max(top - bottom, 1e-300);
  const points = losses.map(
    (loss, n) => `${((n / (losses.length - 1)) * 200).toFixed(1)},${(50 - ((loss - bottom) / height) * 48).toFixed(1)}`,
  );
  find('#curve').replaceChildren(svg('polyline', { points: points.join(' '), class: 'curve' }));
  const steps = losses.length - 1;
  find('#curve-text').textContent = `loss ${short(first)} → ${short(last)} in ${steps} step${steps === 1 ? '' : 's'}`;
}
