import { readFileSync } from 'node:fs';
import type { RawNetwork } from './normalize.ts';

/** What PyTorch computed in float64 for one network. */
export interface OracleCase {
  readonly spec: RawNetwork;
  readonly parameters: readonly number[];
  readonly input: readonly number[];
  /** Where the spec has a loss; without one there is the gradient of the output in its place. */
  readonly target?: readonly number[];
  readonly outputGradient?: readonly number[];
  readonly outputShape: readonly number[];
  readonly output: readonly number[];
  readonly loss?: number;
  readonly gradients: readonly number[];
  readonly inputGradient: readonly number[];
}

const read = (file: string): readonly OracleCase[] =>
  JSON.parse(readFileSync(new URL(`../oracles/${file}`, import.meta.url), 'utf8'));

/** All cases by the name of their network. */
export const oracleCases = [...read('core.json'), ...read('broad.json')].map((one) => [one.spec.name, one] as const);

/** What a trainer's `backward` takes: the target, or ∂L/∂output without a loss. */
export function givenOf({ spec, target, outputGradient }: OracleCase): readonly number[] {
  const given = spec.loss === undefined ? outputGradient : target;
  if (given === undefined) throw new Error(`${spec.name}: neither a target nor an output gradient`);
  return given;
}
