import type { GenerateOptions } from '../../generator/index.ts';
import type { RawNetwork } from '../reference/normalize.ts';
import { type AnyModel, load } from './load.ts';

/** What one forward and one backward pass of a model gave, as plain arrays. */
export interface Results {
  readonly output: number[];
  /** Undefined for a network without a loss. */
  readonly loss: number | undefined;
  readonly gradients: number[];
  readonly inputGradient: number[];
}

export interface Numbers {
  readonly parameters?: readonly number[];
  readonly input: readonly number[];
  /** The target, or ∂L/∂output for a network without a loss; ones in its absence. */
  readonly given?: readonly number[];
}

/** Generates a model, runs it forward and backward once, and copies what it computed; −0 counts as 0. */
export async function runOnce(
  spec: Omit<RawNetwork, 'name'>,
  { parameters = [], input, given }: Numbers,
  options: GenerateOptions = {},
): Promise<Results> {
  const { createModel } = await load({ name: 'pinned', ...spec }, { inputGradient: true, ...options });
  const model: AnyModel = createModel(parameters);
  const output = plain(model.forward(input));
  const loss = model.backward(given ?? output.map(() => 1));
  return { output, loss, gradients: plain(model.gradients), inputGradient: plain(model.inputGradient) };
}

/** An order of sums may give −0 as well as 0. */
const plain = (values: Float64Array): number[] => Array.from(values, (value) => value + 0);
