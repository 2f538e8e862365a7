import { classCount, type Digit, darkest } from './loadDigits.ts';
import { mulberry32, shuffled } from './random.ts';

/** A digit as the network sees it. */
export interface Sample {
  /** Pixels, 0 (paper) to 1 (ink). */
  readonly input: Float64Array;
  /** 1 at the digit's own output, 0 at the others. */
  readonly target: Float64Array;
  readonly label: number;
}

/** The digits to learn from, and those to be judged by. */
export interface Split {
  readonly training: readonly Digit[];
  readonly test: readonly Digit[];
}

/** Shuffles the digits and deals out the first `trainingCount` for training, the rest for the test. */
export function splitDigits(digits: readonly Digit[], trainingCount: number, seed: number): Split {
  if (trainingCount < 1 || trainingCount >= digits.length) {
    throw new RangeError(
      `cannot take ${trainingCount} of ${digits.length} digits for training and leave some for the test`,
    );
  }
  const order = shuffled(digits, mulberry32(seed));
  return { training: order.slice(0, trainingCount), test: order.slice(trainingCount) };
}

/** Scales the pixels to 0..1 and spells the label out as a target. */
export function toSample({ pixels, label }: Digit): Sample {
  return {
    input: Float64Array.from(pixels, (pixel) => pixel / darkest),
    target: Float64Array.from({ length: classCount }, (_, digit) => (digit === label ? 1 : 0)),
    label,
  };
}
