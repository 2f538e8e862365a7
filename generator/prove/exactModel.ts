import type { Network } from '../spec/network.ts';
import type { Cells } from './cells.ts';
import type { Scalar } from './value.ts';

/** A generated model, its numbers exact. */
export interface ExactModel {
  readonly parameters: Cells;
  readonly gradients: Cells;
  readonly output: Cells;
  readonly inputGradient?: Cells;
  /** Where layers have masks. */
  readonly masks?: readonly Cells[];
  forward(input: readonly Scalar[]): Cells;
  backward(given: readonly Scalar[]): Scalar | undefined;
  /** Where the network has one: that of the last forward pass. */
  loss?(given: readonly Scalar[]): Scalar;
  step(rate: Scalar): void;
}

/** The reference interpreter in the ring, as far as a proof calls it. */
export interface ExactReference {
  evaluatedLoss(network: Network, evaluation: ExactEvaluation, target: Cells): Scalar;
  evaluate(network: Network, parameters: Cells, input: Cells): ExactEvaluation;
  batchParameters(network: Network, parameters: Cells, samples: readonly ExactSample[]): Cells;
  movedParameters(network: Network, parameters: Cells, batch: Cells): Cells;
}

/** A sample of a batch, under its masks. */
export interface ExactSample {
  readonly network: Network;
  readonly input: Cells;
}

export interface ExactEvaluation {
  readonly outputs: ReadonlyMap<string, { readonly values: Cells }>;
  readonly preActivations: ReadonlyMap<string, { readonly values: Cells }>;
  readonly output: { readonly values: Cells };
}
