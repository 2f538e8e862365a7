import { ts } from 'ts-morph';
import type { Parameter } from '../reference/interpreter.ts';
import type { Shape } from '../spec/network.ts';
import { eraseTypes } from './eraseTypes.ts';
import { flattened, type NamedEnd } from './namedEnds.ts';

/** An array of a generated model; its kind says in which precision the model computes. */
export type Numbers = Float64Array | Float32Array;

/** The interface of every generated model, whatever the network. */
export interface InferenceModel {
  readonly parameters: Numbers;
  readonly output: Numbers;
  forward(input: ArrayLike<number>): Numbers;
}

export interface TrainingModel extends InferenceModel {
  readonly gradients: Numbers;
  /** Only in a module that was generated with it. */
  readonly inputGradient?: Numbers;
  /** What layers multiply by, one for each that has a mask: 1, but while a batch trains. */
  readonly masks?: readonly Numbers[];
  /** Takes the target and returns the loss; without a loss it takes ∂L/∂output and returns nothing. */
  backward(given: ArrayLike<number>): number | undefined;
  /** The loss alone; only where the network has one. */
  loss?(target: ArrayLike<number>): number;
  clearGradients(): void;
  /** Adds the samples' gradients up and returns their mean loss, if there is one. */
  backwardBatch(inputs: ArrayLike<number>, givens: ArrayLike<number>, count: number): number | undefined;
  /** Fills the parameters, clears the gradients and forgets what `step` keeps between calls. */
  initialize(seed: number): void;
  step(rate: number): void;
}

/** The exports of a generated module. */
export interface GeneratedModule<Model extends InferenceModel = TrainingModel> {
  readonly network: {
    readonly name: string;
    /** Where the spec names the inputs or the outputs, they stand in `inputs` or `outputs`. */
    readonly inputShape?: Shape;
    readonly outputShape?: Shape;
    readonly inputs?: readonly NamedEnd[];
    readonly outputs?: readonly NamedEnd[];
    readonly parameterCount: number;
    readonly parameters: readonly Pick<Parameter, 'name' | 'shape' | 'offset'>[];
  };
  createModel(parameters?: ArrayLike<number>): Model;
}

/**
 * Runs the text of a generated module, whose models take and give flat arrays here, whatever the names of its inputs and
 * outputs.
 *
 * @throws what `loadModule` throws
 */
export function loadFlatModule<Model extends InferenceModel = TrainingModel>(text: string): GeneratedModule<Model> {
  const { network, createModel } = loadModule<Model>(text);
  return { network, createModel: (parameters) => flattened(network, createModel(parameters)) };
}

/**
 * Runs the text of a generated module, which imports nothing, without touching the disk.
 *
 * @throws whatever the text throws; a SyntaxError if it is not a module
 */
export function loadModule<Model extends InferenceModel = TrainingModel>(text: string): GeneratedModule<Model> {
  const source = ts.createSourceFile('module.ts', text, ts.ScriptTarget.ES2022);
  // A function's body has no exports: the keyword goes, and the two values are returned.
  const body = eraseTypes(source).replace(/^export (?=const|function|async function)/gm, '');
  return new Function(`'use strict';\n${body}\nreturn { network, createModel };`)() as GeneratedModule<Model>;
}
