import { type Deviation, deviation } from './measure.ts';
import type { Numbers, TrainingModel } from './module.ts';
import { type Observation, observe } from './observation.ts';
import type { Update } from './optimizers.ts';
import type { Sample } from './sample.ts';
import type { Variable } from './slots.ts';

/** What a call did to the numbers that it should change, and the rules that it broke besides. */
export interface Behaviour extends Deviation {
  readonly broken: readonly string[];
}

/**
 * `backward` adds its gradients to those that are there, replaces the gradient of the input, and leaves parameters and
 * output alone. `once` is what it computes from gradients of 0.
 */
export function backwardAdds(model: TrainingModel, sample: Sample, once: Observation, random: () => number): Behaviour {
  observe(model, sample);
  const before = Float64Array.from(model.gradients, () => Math.fround(2 * random() - 1));
  const parameters = model.parameters.slice();
  model.gradients.set(before);
  model.backward(sample.given);
  const { error, scale } = deviation(
    model.gradients,
    before.map((value, n) => value + once.gradients[n]!),
  );
  const rules = [
    { holds: isSame(model.parameters, parameters), broken: 'backward changes the parameters' },
    { holds: isSame(model.output, once.output), broken: 'backward changes the output' },
    {
      holds: isSame(model.inputGradient ?? [], once.inputGradient ?? []),
      broken: 'a second backward gives another gradient of the input',
    },
  ];
  // A gradient that happens to cancel what was there is measured against what was there.
  return { error, scale: Math.max(scale, 1), broken: brokenOf(rules) };
}

/** No power of two, so that no rounding goes unseen. */
const rate = 0.3;

/** Several calls, so that a state between them counts. */
const calls = 3;

/**
 * `step` follows its formula call after call from the last `initialize` on, changes nothing that is frozen, and leaves
 * gradients of 0 behind. The gradients are random, as those of the network could lead its parameters to infinity.
 *
 * @param update of the parameters that learn, side by side
 */
export function stepsByItsFormula(
  model: TrainingModel,
  update: Update,
  { parameters }: Sample,
  variables: readonly Variable[],
  random: () => number,
): Behaviour {
  const expected = parameters.slice();
  let isCleared = true;
  let worst: Deviation = { error: 0, scale: 0 };
  const learning = learningSlots(variables);
  model.initialize(1);
  model.parameters.set(parameters);
  for (let call = 0; call < calls; call++) {
    model.gradients.set(Float64Array.from(parameters, () => 2 * random() - 1));
    const moved = Float64Array.from(learning, (slot) => expected[slot]!);
    update(
      moved,
      learning.map((slot) => model.gradients[slot]!),
      rate,
    );
    for (const [n, slot] of learning.entries()) expected[slot] = moved[n]!;
    model.step(rate);
    isCleared &&= model.gradients.every((value) => value === 0);
    const here = deviation(model.parameters, expected);
    worst = { error: Math.max(worst.error, here.error), scale: Math.max(worst.scale, here.scale) };
  }
  return { ...worst, broken: brokenOf([{ holds: isCleared, broken: 'step leaves gradients behind' }]) };
}

/** Where in the flat array the parameters lie that learn. */
export function learningSlots(variables: readonly Variable[]): readonly number[] {
  return variables
    .filter(({ of, frozen }) => of === 'parameters' && !frozen)
    .flatMap(({ offset, count }) => Array.from({ length: count }, (_, n) => offset + n));
}

/**
 * `loss` gives what `backward` returns and leaves everything as it is; `clearGradients` and `initialize` do what they
 * say. All of it is to the bit.
 */
export function keepsItsState(model: TrainingModel, sample: Sample, once: Observation): Behaviour {
  observe(model, sample);
  const before = snapshot(model);
  const loss = model.loss?.(sample.given);
  const isUntouched = snapshot(model).every((values, n) => isSame(values, before[n]!));
  model.clearGradients();
  const isCleared = model.gradients.every((value) => value === 0);
  model.backward(sample.given);
  const afterLoss = model.gradients.slice();
  // A step with a state behind it, and gradients that are left over.
  model.step(rate);
  model.gradients.fill(1);
  model.initialize(1);
  const isAnew = model.gradients.every((value) => value === 0);
  const rules = [
    { holds: Object.is(loss, once.loss), broken: 'loss gives another number than backward' },
    { holds: isUntouched, broken: 'loss changes parameters, output or gradients' },
    { holds: isCleared, broken: 'clearGradients leaves gradients behind' },
    { holds: isSame(afterLoss, once.gradients), broken: 'loss changes what a later backward computes' },
    { holds: isAnew, broken: 'initialize leaves gradients behind' },
  ];
  return { error: 0, scale: 1, broken: brokenOf(rules) };
}

function snapshot({ parameters, output, gradients, inputGradient }: TrainingModel): readonly Numbers[] {
  return [parameters, output, gradients, ...(inputGradient ? [inputGradient] : [])].map((values) => values.slice());
}

/** `backwardBatch` adds what `backward` adds for each sample, and leaves the parameters alone. */
export function batchAddsSamples(
  model: TrainingModel,
  { parameters, input, given }: Sample,
  once: Observation,
): Behaviour {
  model.parameters.set(parameters);
  model.clearGradients();
  const twice = (values: ArrayLike<number>): number[] => [...Array.from(values), ...Array.from(values)];
  const mean = model.backwardBatch(twice(input), twice(given), 2);
  const { error, scale } = deviation(
    model.gradients,
    once.gradients.map((value) => 2 * value),
  );
  const rules = [
    // Twice a number and half of it are exact.
    { holds: Object.is(mean, once.loss), broken: 'backwardBatch returns another number than the mean loss' },
    {
      holds: isSame(model.parameters, parametersOf(model, parameters)),
      broken: 'backwardBatch changes the parameters',
    },
  ];
  return { error, scale: Math.max(scale, 1e-300), broken: brokenOf(rules) };
}

/** Numbers as the model holds them. */
function parametersOf({ parameters }: TrainingModel, values: ArrayLike<number>): Numbers {
  const copy = parameters.slice();
  copy.set(values);
  return copy;
}

function brokenOf(rules: readonly { readonly holds: boolean; readonly broken: string }[]): readonly string[] {
  return rules.filter(({ holds }) => !holds).map(({ broken }) => broken);
}

function isSame(a: ArrayLike<number> | Numbers, b: ArrayLike<number> | Numbers): boolean {
  return a.length === b.length && Array.prototype.every.call(a, (value, n) => Object.is(value, b[n]));
}
