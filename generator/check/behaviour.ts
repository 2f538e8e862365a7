import { forward, maskedLayers, withMasks } from '../reference/interpreter.ts';
import { type Kept, startMasks } from '../reference/masks.ts';
import type { Network } from '../spec/network.ts';
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
export function batchAddsSamples(model: TrainingModel, network: Network, sample: Sample, once: Observation): Behaviour {
  const { parameters, input, given } = sample;
  const masks = maskedLayers(network).length > 0;
  const expected = masks ? sumUnderMasks(model, network, sample) : twiceOf(once);
  if (masks) model.initialize(0);
  model.parameters.set(parameters);
  model.clearGradients();
  const twice = (values: ArrayLike<number>): number[] => [...Array.from(values), ...Array.from(values)];
  const mean = model.backwardBatch(twice(input), twice(given), 2);
  const { error, scale } = deviation(model.gradients, expected.gradients);
  const isWhole = model.masks?.every((mask) => mask.every((value) => value === 1)) ?? true;
  const rules = [
    // Twice a number and half of it are exact; a sum that starts at 0 makes 0 of −0.
    {
      holds: Object.is(mean, expected.loss) || mean === expected.loss,
      broken: 'backwardBatch returns another number than the mean loss',
    },
    {
      holds: isSame(model.parameters, parametersOf(model, parameters)),
      broken: 'backwardBatch changes the parameters',
    },
    { holds: isWhole, broken: 'backwardBatch leaves masks behind' },
  ];
  return { error, scale: Math.max(scale, 1e-300), broken: brokenOf(rules) };
}

interface BatchSum {
  readonly gradients: ArrayLike<number>;
  /** The mean. */
  readonly loss: number | undefined;
}

function twiceOf({ gradients, loss }: Observation): BatchSum {
  return { gradients: gradients.map((value) => 2 * value), loss };
}

/** A sample twice, under the masks that a model draws from `initialize(0)` on. */
function sumUnderMasks(model: TrainingModel, network: Network, { parameters, input, given }: Sample): BatchSum {
  const next = startMasks(network);
  model.parameters.set(parameters);
  model.clearGradients();
  let total: number | undefined = 0;
  for (let n = 0; n < 2; n++) {
    setMasks(model, masksOf(network, next()));
    model.forward(input);
    const loss = model.backward(given);
    total = loss === undefined ? undefined : total! + loss;
  }
  const gradients = model.gradients.slice();
  model.masks?.forEach((mask) => {
    mask.fill(1);
  });
  return { gradients, loss: total === undefined ? undefined : total / 2 };
}

/** Under a mask the output is that of the reference. */
export function multipliesByMasks(model: TrainingModel, network: Network, { parameters, input }: Sample): Behaviour {
  const masks = masksOf(network, startMasks(network, 1)());
  model.parameters.set(parameters);
  setMasks(model, masks);
  const output = model.forward(input).slice();
  model.masks?.forEach((mask) => {
    mask.fill(1);
  });
  const hasAll = (model.masks?.length ?? 0) === masks.length;
  return {
    ...deviation(output, forward(withMasks(network, masks), parameters, input)),
    broken: hasAll ? [] : [`found ${model.masks?.length ?? 0} masks, expected ${masks.length}`],
  };
}

/** What is kept is scaled up by 1/(1 − rate). */
export function masksOf(network: Network, kept: Kept): readonly (readonly number[])[] {
  return maskedLayers(network).map(({ rate }, n) => kept[n]!.map((stays) => (stays ? 1 / (1 - rate) : 0)));
}

function setMasks(model: TrainingModel, masks: readonly (readonly number[])[]): void {
  for (const [n, mask] of masks.entries()) model.masks?.[n]?.set(mask);
}

/** Numbers as the model holds them. */
function parametersOf({ parameters }: TrainingModel, values: ArrayLike<number>): Numbers {
  const copy = parameters.slice();
  copy.set(values);
  return copy;
}

export function brokenOf(rules: readonly { readonly holds: boolean; readonly broken: string }[]): readonly string[] {
  return rules.filter(({ holds }) => !holds).map(({ broken }) => broken);
}

export function isSame(a: ArrayLike<number> | Numbers, b: ArrayLike<number> | Numbers): boolean {
  return a.length === b.length && Array.prototype.every.call(a, (value, n) => Object.is(value, b[n]));
}
