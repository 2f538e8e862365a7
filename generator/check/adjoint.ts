import { derivative } from './derivative.ts';
import type { Deviation } from './measure.ts';
import type { TrainingModel } from './module.ts';
import { generatedObjective } from './objective.ts';
import type { Observation } from './observation.ts';
import { type Precision, resolvedShare } from './precision.ts';
import { roundingsOf } from './roundings.ts';
import type { Sample } from './sample.ts';
import type { Variable } from './slots.ts';

/** A step in the space of all parameters and inputs. */
type Direction = Pick<Sample, 'parameters' | 'input'>;

/** How far the two sides of the identity are apart, or `'kink'` where the direction met one at every step. */
export type AdjointResult = Deviation | 'kink';

/**
 * ⟨J·u, v⟩ = ⟨u, Jᵀ·v⟩, the test of an adjoint, for one random direction u over some variables.
 *
 * J is the Jacobian of the output and v the ∂L/∂output that `backward` was given. Jᵀ·v is what `backward` returned; J·u is
 * the generated forward pass itself along u, by extrapolated differences. With a loss v is its gradient, and ⟨J·u, v⟩ the
 * derivative of the loss along u. Every slot of the variables takes part; the reference takes none.
 */
export function adjoint(
  model: TrainingModel,
  sample: Sample,
  { gradients, inputGradient }: Observation,
  variables: readonly Variable[],
  { steps, adjoint: tolerance }: Precision,
  random: () => number,
): AdjointResult {
  const u = directionOver(variables, sample, random);
  const floor = resolvedShare * Math.abs(generatedObjective(model, sample));
  const allowed = (value: number) => tolerance * Math.max(Math.abs(value), floor);
  const objectiveAt = (t: number) => generatedObjective(model, along(sample, u, t));
  const forwards = derivative(objectiveAt, 0, steps, allowed, roundingsOf(objectiveAt));
  if (forwards.error > allowed(forwards.value)) return 'kink';
  const backwards = productsOver(variables, u, { parameters: gradients, input: inputGradient ?? [] });
  const scale = Math.max(floor, sum(backwards.map(Math.abs)));
  return { error: Math.abs(sum(backwards) - forwards.value), scale };
}

/** uₙ·gₙ for every slot of the variables; NaN where there is no gradient. */
function productsOver(
  variables: readonly Variable[],
  u: Direction,
  gradients: { readonly [K in keyof Direction]: ArrayLike<number> },
): readonly number[] {
  return variables.flatMap(({ of, offset, count }) =>
    Array.from({ length: count }, (_, n) => u[of][offset + n]! * (gradients[of][offset + n] ?? Number.NaN)),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A random direction of length 1 that is zero outside the variables, and in frozen ones. */
function directionOver(variables: readonly Variable[], sample: Sample, random: () => number): Direction {
  const u = { parameters: new Float64Array(sample.parameters.length), input: new Float64Array(sample.input.length) };
  let squares = 0;
  for (const { of, offset, count, frozen } of variables) {
    for (let slot = offset; slot < offset + (frozen ? 0 : count); slot++) {
      u[of][slot] = 2 * random() - 1;
      squares += u[of][slot]! ** 2;
    }
  }
  const length = Math.sqrt(squares) || 1;
  return { parameters: u.parameters.map((value) => value / length), input: u.input.map((value) => value / length) };
}

function along({ parameters, input, given }: Sample, u: Direction, t: number): Sample {
  return {
    parameters: parameters.map((value, n) => value + t * u.parameters[n]!),
    input: input.map((value, n) => value + t * u.input[n]!),
    given,
  };
}
