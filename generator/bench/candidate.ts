import type { ConcreteForm, RefusedForm } from '../check/forms.ts';
import { type InferenceModel, loadModule, type Numbers, type TrainingModel } from '../check/module.ts';
import { givensFor, inputsOf } from '../check/namedEnds.ts';
import { type Precision, precisionOf } from '../check/precision.ts';
import { randomNumbers } from '../check/random.ts';
import { drawSample } from '../check/sample.ts';
import { type GenerateOptions, generate } from '../index.ts';
import { givensOf } from '../reference/interpreter.ts';
import { elementCount } from '../reference/tensor.ts';
import { hasLoss } from '../spec/losses.ts';
import type { Network } from '../spec/network.ts';
import { SpecError } from '../spec/problem.ts';
import type { Loop } from './timing.ts';

/** A form of a network, generated. */
export interface FormText {
  readonly form: ConcreteForm;
  readonly text: string;
}

/**
 * Generates a network in several forms, each as a user would have it.
 *
 * @throws SpecError with the problems of the first form if none can be generated
 */
export function generateEach(
  spec: unknown,
  forms: readonly ConcreteForm[],
  options: GenerateOptions,
): { readonly texts: readonly FormText[]; readonly refused: readonly RefusedForm[] } {
  const texts: FormText[] = [];
  const refused: RefusedForm[] = [];
  for (const form of forms) {
    try {
      texts.push({ form, text: generate(spec, { ...options, form })[0]!.content });
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      refused.push({ form, problems: error.problems });
    }
  }
  if (texts.length === 0) throw new SpecError(refused[0]?.problems ?? []);
  return { texts, refused };
}

/** A form of a network, loaded: loops that can be timed. */
export interface Candidate {
  readonly form: ConcreteForm;
  readonly precision: Precision['name'];
  /** Of the generated file. */
  readonly bytes: number;
  /** Functions in the generated file. */
  readonly functions: number;
  /** Runs forward on one sample after the other. */
  readonly forward: Loop;
  /** Runs forward, backward and step; absent where there is nothing to train. */
  readonly training: Loop | undefined;
}

/** So many that the processor cannot learn by heart which way their branches go. */
const sampleCount = 64;

/** Loads a generated form. Every form of one network gets the same parameters and samples. */
export function loadCandidate({ form, text }: FormText, network: Network): Candidate {
  const { createModel, network: described } = loadModule<InferenceModel | TrainingModel>(text);
  const random = randomNumbers(1);
  const model = createModel(drawSample(network, random).parameters);
  const classes = givensOf(network).flatMap((part) => new Array<number>(part.count).fill(part.classes ?? 0));
  const draw = (count: number, low: number, of: readonly number[] = []) =>
    Array.from({ length: sampleCount }, () =>
      numbersLike(model.output, count, (n) => (of[n] ? Math.floor(of[n] * random()) : low + (1 - low) * random())),
    );
  const inputs = draw(elementCount(network.input), -1).map((flat) => inputsOf(described, flat) as Numbers);
  const targets = draw(classes.length, hasLoss(network) ? 0 : -1, classes).map(
    (flat) => givensFor(described, flat) as Numbers,
  );
  const trains = 'backward' in model && model.parameters.length > 0;
  return {
    form,
    precision: precisionOf(model, 1).name,
    bytes: Buffer.byteLength(text),
    functions: [...text.matchAll(/^ *(?:export )?function \w+[<(]/gm)].length,
    forward: forwardLoop(model, inputs),
    training: trains ? trainingLoop(model, inputs, targets) : undefined,
  };
}

/** Numbers of the kind that a model computes with, so that it need not convert them. */
function numbersLike(model: Numbers, count: number, draw: (n: number) => number): Numbers {
  const numbers = model instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  for (let n = 0; n < count; n++) numbers[n] = draw(n);
  return numbers;
}

function forwardLoop(model: InferenceModel, inputs: readonly Numbers[]): Loop {
  let next = 0;
  return (count) => {
    for (let n = 0; n < count; n++) {
      model.forward(inputs[next]!);
      next = (next + 1) % sampleCount;
    }
  };
}

/** A rate of 0 costs what any other does, and the network stays what it is however long the loop runs. */
const rate = 0;

function trainingLoop(model: TrainingModel, inputs: readonly Numbers[], targets: readonly Numbers[]): Loop {
  let next = 0;
  return (count) => {
    for (let n = 0; n < count; n++) {
      model.forward(inputs[next]!);
      model.backward(targets[next]!);
      model.step(rate);
      next = (next + 1) % sampleCount;
    }
  };
}
