import type { Numbers } from './module.ts';

/** What a form is held to; every tolerance is relative, as said beside it. */
export interface Precision {
  readonly name: 'float64' | 'float32';
  /** Of output and loss, and between two forms: relative to the largest value of the tensor. */
  readonly agreement: number;
  /** Of a gradient against differences of the reference: relative to the tensor's largest gradient. */
  readonly differences: number;
  /** Of a directional derivative: relative to Σ|uₙ·gₙ|. */
  readonly adjoint: number;
  /** The smallest number that has all digits. */
  readonly smallest: number;
  /** Steps for differences of the generated forward pass itself; a shorter one where a kink spoils the one before. */
  readonly steps: readonly number[];
}

/**
 * float64 rounds at 1.1e-16; sums of thousands of terms in another order stay below 1e-13, and 1e-12 is what the
 * generated modules promise. Fourth-order differences at 2⁻¹⁴ lose about 1e-11 of the loss to rounding and less than
 * 1e-9 to the step, so that 1e-7 leaves two digits.
 */
export const float64: Precision = {
  name: 'float64',
  agreement: 1e-12,
  differences: 1e-7,
  adjoint: 1e-7,
  smallest: 2 ** -1022,
  steps: [2 ** -14, 2 ** -17, 2 ** -20],
};

/**
 * float32 rounds at 6e-8: the same margins. Its own differences lose 6e-8/step to rounding, so that their step is long
 * and proves no more than three digits.
 */
export const float32: Precision = {
  name: 'float32',
  agreement: 1e-5,
  differences: 1e-4,
  adjoint: 1e-2,
  smallest: 2 ** -126,
  steps: [2 ** -5, 2 ** -7],
};

/** Every precision. */
export const precisions = [float64, float32] as const;

/** Terms of a sum up to which float32's own differences keep their bound. */
export const shortSum = 256;

/**
 * How many times as much a module may differ whose convolutions go by transformed tiles. A tile of 4×4 loses 1e-6 to 3e-6 of
 * the largest value where the sum loses 3e-7, in a chain of 1 to 12 convolutions alike: the transforms add and take away
 * numbers larger than the result (Barabasz et al., "Error analysis and improving the accuracy of Winograd convolution for deep
 * neural networks", 2020).
 */
export const tileGrowth = 4;

/**
 * A precision for a network whose longest sum has so many terms. Roundings of a sum add up like steps to the left or the
 * right, as the root of their number, and differences of float32's own forward pass are all that sees them: N3, with sums of
 * 784, has an adjoint that is right to 1.1e-2.
 *
 * @param byTiles whether convolutions go by transformed tiles, see `tileGrowth`
 */
export function precisionFor(base: Precision, longest: number, byTiles = false): Precision {
  if (base.name === 'float64') return base;
  const growth = byTiles ? tileGrowth : 1;
  return {
    ...base,
    agreement: base.agreement * growth,
    adjoint: Number((base.adjoint * growth * growthFor(longest)).toPrecision(3)),
  };
}

/** How many times the bound of a short sum. */
export function growthFor(longest: number): number {
  return Math.sqrt(Math.max(1, longest / shortSum));
}

/** The precision in which a model computes, see `precisionFor`. */
export function precisionOf(
  { parameters }: { readonly parameters: Numbers },
  longest: number,
  byTiles = false,
): Precision {
  return precisionFor(parameters instanceof Float32Array ? float32 : float64, longest, byTiles);
}

/**
 * A tensor's gradients are measured against their largest, but at least against this share of the loss: below it,
 * what differences lose to rounding (about 1e-11 of the loss) would count as an error of the gradient.
 */
export const resolvedShare = 1e-3;
