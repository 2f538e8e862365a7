import type { Network } from '../spec/network.ts';
import { forward, loss, parameterShapes } from './interpreter.ts';
import { elementCount } from './tensor.ts';

/** Derivatives by differences, and for each how far it can be trusted. */
export interface Differences {
  readonly values: Float64Array;
  /**
   * An estimate of the error of each value: small where the function is smooth (rounding, about 1e-10 of it), and of
   * the size of the jump where its slope jumps nearby (relu at 0, a pool's tie).
   */
  readonly errors: Float64Array;
}

export interface NetworkDifferences {
  /** For every parameter, flat; 0 for the frozen ones, whose gradient is 0 by definition. */
  readonly gradients: Differences;
  /** For every element of the input. */
  readonly inputGradient: Differences;
}

/** The default step for values up to 1: small enough to miss most kinks, large enough for rounding to stay small. */
const defaultStep = 2 ** -14;

/**
 * The gradients of the network's loss by central differences of the interpreter.
 *
 * `target` is the loss's target; for a network without a loss it is ∂L/∂output, and the function that is differentiated
 * is Σ ∂L/∂output·output. `step` is the step for values up to 1; larger values have it in proportion.
 */
export function finiteDifferences(
  network: Network,
  parameters: ArrayLike<number>,
  input: ArrayLike<number>,
  target: ArrayLike<number>,
  step = defaultStep,
): NetworkDifferences {
  const hasLoss = [network, ...(network.outputs ?? [])].some((one) => one.loss !== undefined);
  const value = hasLoss ? loss : weightedOutput;
  const frozen = frozenSlots(network);
  return {
    gradients: differentiate(
      (at) => value(network, at, input, target),
      parameters,
      step,
      (slot) => frozen.has(slot),
    ),
    inputGradient: differentiate((at) => value(network, parameters, at, target), input, step),
  };
}

/** The places in the flat array of parameters that do not learn. */
export function frozenSlots(network: Network): ReadonlySet<number> {
  const slots = new Set<number>();
  for (const { shape, offset, frozen } of parameterShapes(network)) {
    if (!frozen) continue;
    for (let slot = offset; slot < offset + elementCount(shape); slot++) slots.add(slot);
  }
  return slots;
}

/**
 * The partial derivatives of f at a point, each from six more evaluations, at ±h, ±2h and ±4h.
 *
 * The value is the fourth-order central difference (8·(f(h) − f(−h)) − (f(2h) − f(−2h)))/12h. It is checked twice:
 * against itself at twice the step, and by the third-order differences from the right and from the left, (−21·f(0) +
 * 32·f(h) − 12·f(2h) + f(4h))/12h and its mirror image. Two steps alone would not see a kink that lies exactly at the
 * point, where every central difference gives the mean of the two slopes. No single kink within 4h escapes both.
 *
 * The slots that `isConstant` names are not moved; their derivative is 0.
 */
export function differentiate(
  f: (at: Float64Array) => number,
  point: ArrayLike<number>,
  step = defaultStep,
  isConstant: (slot: number) => boolean = () => false,
): Differences {
  const at = Float64Array.from(point);
  const values = new Float64Array(at.length);
  const errors = new Float64Array(at.length);
  const middle = f(at);
  for (let slot = 0; slot < at.length; slot++) {
    if (isConstant(slot)) continue;
    const centre = at[slot]!;
    const h = step * powerOfTwoAbove(Math.max(1, Math.abs(centre)));
    const [odd1, even1] = oddAndEven(f, at, slot, h);
    const [odd2, even2] = oddAndEven(f, at, slot, 2 * h);
    const [odd4, even4] = oddAndEven(f, at, slot, 4 * h);
    const fine = (8 * odd1 - odd2) / (12 * h);
    const coarse = (8 * odd2 - odd4) / (24 * h);
    const rightMinusLeft = (-42 * middle + 32 * even1 - 12 * even2 + even4) / (12 * h);
    values[slot] = fine;
    errors[slot] = Math.max(Math.abs(fine - coarse), Math.abs(rightMinusLeft));
  }
  return { values, errors };
}

/** f(+h) − f(−h) and f(+h) + f(−h) along one slot; leaves the point as it was. */
function oddAndEven(f: (at: Float64Array) => number, at: Float64Array, slot: number, h: number): [number, number] {
  const centre = at[slot]!;
  at[slot] = centre + h;
  const right = f(at);
  at[slot] = centre - h;
  const left = f(at);
  at[slot] = centre;
  return [right - left, right + left];
}

/** With h a power of two, centre ± h is exact but for the last bits, and no rounding of h enters the slope. */
function powerOfTwoAbove(size: number): number {
  return 2 ** Math.ceil(Math.log2(size));
}

function weightedOutput(
  network: Network,
  parameters: ArrayLike<number>,
  input: ArrayLike<number>,
  outputGradient: ArrayLike<number>,
): number {
  const output = forward(network, parameters, input);
  if (outputGradient.length !== output.length) {
    throw new RangeError(`outputGradient: expected ${output.length} numbers, found ${outputGradient.length}`);
  }
  let sum = 0;
  for (let k = 0; k < output.length; k++) sum += outputGradient[k]! * output[k]!;
  return sum;
}
