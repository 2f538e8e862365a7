import { z } from 'zod';

/**
 * The option schemas that layer files are composed of.
 *
 * Every schema carries a description (for the JSON Schema) and one message that says what would be right; the parser
 * puts the place and the value found in front of it. Every check aborts, so that a union reports its own message and
 * not that of the branch that came closest.
 */

/** No tensor has more elements than this, and so no size is larger. */
export const maxElements = 2 ** 24;

function integerFrom(smallest: number, error: string) {
  return z.int({ error, abort: true }).min(smallest, { error, abort: true }).max(maxElements, {
    error: tooLarge,
    abort: true,
  });
}

const positive = 'expected a positive integer';
const tooLarge = `expected at most ${maxElements} (2^24)`;

/** The message of a union; a value that is merely too large is told so, and not that it has the wrong form. */
function unionError(message: string) {
  return (issue: z.core.$ZodRawIssue): string =>
    issue.code === 'invalid_union' && issue.errors.some(isOnlyTooLarge) ? tooLarge : message;
}

function isOnlyTooLarge(branch: readonly z.core.$ZodIssue[]): boolean {
  // A list that is too long is too big as well; its origin is not a number.
  return branch.length > 0 && branch.every((issue) => issue.code === 'too_big' && issue.origin === 'number');
}

/** A count: filters, units, groups. */
export const positiveInteger = integerFrom(1, positive).describe('A positive integer.');

const sizeError = `${positive} or a pair [height, width] of them`;

/** One number for both axes or `[height, width]`; always a pair once parsed. Its default is given as a pair. */
export const size = z
  .union([positiveInteger, z.tuple([positiveInteger, positiveInteger])], { error: unionError(sizeError) })
  .transform((value): readonly [number, number] => (typeof value === 'number' ? [value, value] : value))
  .describe('A positive integer, or a pair [height, width] of them.');

const size0Error = 'expected an integer from 0 or a pair [height, width] of them';
const from0 = integerFrom(0, size0Error);

/** The same from 0. */
export const sizeFrom0 = z
  .union([from0, z.tuple([from0, from0])], { error: unionError(size0Error) })
  .transform((value): readonly [number, number] => (typeof value === 'number' ? [value, value] : value))
  .describe('An integer from 0, or a pair [height, width] of them.');

const zerosError = 'expected [[top, bottom], [left, right]] of integers from 0';
const zeros = integerFrom(0, zerosError);
const zerosPair = z.tuple([zeros, zeros], { error: zerosError });

/** Zeros on each side of an image, as `[[top, bottom], [left, right]]`. */
export const paddingPairs = z
  .tuple([zerosPair, zerosPair], { error: zerosError })
  .describe('Zeros on each side: [[top, bottom], [left, right]].');

/** A named padding rule or the zeros on each side. */
export const padding = z
  .union([z.enum(['valid', 'same']), paddingPairs], {
    error: unionError("expected 'valid', 'same' or [[top, bottom], [left, right]] of integers from 0"),
  })
  .describe("'valid' (none), 'same' (output = ceil(input / stride)) or [[top, bottom], [left, right]].");

/** A shape: `[height, width, channels]`, `[n, channels]` or `[n]`. */
export const shape = z
  .union(
    [
      z.tuple([positiveInteger]),
      z.tuple([positiveInteger, positiveInteger]),
      z.tuple([positiveInteger, positiveInteger, positiveInteger]),
    ],
    { error: unionError('expected [height, width, channels], [n, channels] or [n] of positive integers') },
  )
  .describe('[height, width, channels] of an image, [n, channels] of a sequence, or [n] of a vector.');

/** One number for an axis, or `[n]`; always a number once parsed. */
export const length = z
  .union([positiveInteger, z.tuple([positiveInteger])], { error: unionError(positive) })
  .transform((value) => (typeof value === 'number' ? value : value[0]))
  .describe('A positive integer.');

/** A named padding rule or the zeros before and behind, along the one axis of a sequence. */
export const paddingAlong = z
  .union([z.enum(['valid', 'same', 'causal']), zerosPair], {
    error: unionError("expected 'valid', 'same', 'causal' or [before, after] of integers from 0"),
  })
  .describe("'valid' (none), 'same' (output = ceil(input / stride)), 'causal' (all of it before) or [before, after].");

/** Places cut off on each side, `[[top, bottom], [left, right]]`; one number for all, or one for each axis. */
export const cropping = z
  .union([zeros, z.tuple([zeros, zeros]), paddingPairs], {
    error: unionError('expected an integer from 0, [height, width] or [[top, bottom], [left, right]] of them'),
  })
  .transform((value): readonly [readonly [number, number], readonly [number, number]] => {
    const [rows, columns] = typeof value === 'number' ? [value, value] : value;
    return [typeof rows === 'number' ? [rows, rows] : rows, typeof columns === 'number' ? [columns, columns] : columns];
  })
  .describe('Places cut off on each side: [[top, bottom], [left, right]], [height, width] or one number.');

const axisError = 'expected an array of an integer for each axis';

/** An integer for each axis. */
export const axisNumbers = z
  .array(z.int({ error: axisError }), { error: axisError })
  .min(1, { error: axisError })
  .max(3, {
    error: axisError,
  });

/** An axis, counted from 1 as the batch would be 0, or from the end by a number below 0. */
export const axisOption = z.int({ error: 'expected an axis: an integer' }).default(-1);

/** The position of an axis in a shape, from 0; undefined where there is none such. */
export function axisOf(axis: number, shape: readonly number[]): number | undefined {
  const position = axis < 0 ? shape.length + axis : axis - 1;
  return position >= 0 && position < shape.length ? position : undefined;
}

/** The side of the square of places that channels become, or that becomes channels. */
export const blockSize = positiveInteger.default(2).describe('The side of a square of places.');

/** Which counts first in a channel: the place in the square (dcr, TensorFlow), or the channel (crd, PyTorch). */
export const channelOrder = z
  .enum(['dcr', 'crd'], { error: "expected 'dcr' or 'crd'" })
  .default('dcr')
  .describe("Order of the channels: 'dcr' (place, then channel: TensorFlow) or 'crd' (channel, then place: PyTorch).");

const seedError = 'expected an integer from 0 to 4294967295';

/** What random numbers begin with. */
export const seed = z
  .int({ error: seedError, abort: true })
  .min(0, { error: seedError, abort: true })
  .max(2 ** 32 - 1, { error: seedError, abort: true })
  .describe('What the random numbers begin with: an integer from 0 to 4294967295.');

/** A switch. */
export const flag = z.boolean({ error: 'expected true or false' });

/** A number from zero on. */
export const nonNegativeNumber = z
  .number({ error: 'expected a number from 0 on' })
  .nonnegative({ error: 'expected a number from 0 on', abort: true })
  .describe('A number from 0 on.');

/** A number above zero. */
export const positiveNumber = z
  .number({ error: 'expected a number above 0' })
  .positive({ error: 'expected a number above 0', abort: true })
  .describe('A number above 0.');

/** Every activation that a layer may name. */
export const activationNames = [
  'linear',
  'relu',
  'relu6',
  'leakyRelu',
  'elu',
  'selu',
  'sigmoid',
  'tanh',
  'atan',
  'softplus',
  'softsign',
  'silu',
  'gelu',
  'hardSigmoid',
  'hardSwish',
  'celu',
  'mish',
  'geluTanh',
  'logSigmoid',
  'thresholdedRelu',
  'hardShrink',
  'softShrink',
  'clip',
  'step',
  'exp',
  'erf',
  'abs',
  'softmax',
  'logSoftmax',
] as const;

export type ActivationName = (typeof activationNames)[number];

/** The activation that a layer's options name. */
export function activationOf(options: Readonly<Record<string, unknown>>): ActivationName | undefined {
  return activationNames.find((name) => name === options.activation);
}

/** The name of an activation. */
export const activationName = z
  .enum(activationNames, { error: `expected one of ${activationNames.join(', ')}` })
  .describe('The function applied to the result.');

/** A number that an activation may take. */
export type ActivationParameter = 'alpha' | 'beta' | 'theta' | 'minValue' | 'maxValue';

/** Which numbers an activation takes; the parser refuses them beside any other. */
export const activationParameters: { readonly [K in ActivationName]?: readonly ActivationParameter[] } = {
  relu: ['maxValue'],
  leakyRelu: ['alpha'],
  elu: ['alpha'],
  celu: ['alpha'],
  hardSigmoid: ['alpha', 'beta'],
  thresholdedRelu: ['theta'],
  hardShrink: ['theta'],
  softShrink: ['theta'],
  clip: ['minValue', 'maxValue'],
  step: ['alpha'],
};

/** Numbers that an activation cannot take as 0, and why. */
export const notZero: { readonly [K in ActivationName]?: Partial<Record<ActivationParameter, string>> } = {
  celu: { alpha: 'celu divides by it' },
};

/** Any number. */
export const realNumber = z.number({ error: 'expected a number' });

/** Options of a layer that ends in an activation; spread into its `z.strictObject`. */
export const activationOptions = {
  activation: activationName.default('linear'),
  alpha: realNumber
    .describe(
      'Slope of leakyRelu below 0 (default 0.2); factor of elu and celu (1); slope of hardSigmoid (1/6); value of step below 0 (0).',
    )
    .optional(),
  beta: realNumber.describe('Value of hardSigmoid at 0 (default 0.5).').optional(),
  theta: realNumber.describe('Threshold of thresholdedRelu (default 1), hardShrink and softShrink (0.5).').optional(),
  minValue: realNumber.describe('Lower bound of clip (default none).').optional(),
  maxValue: realNumber.describe('Upper bound of clip and of relu (default none).').optional(),
};

/** The numbers that an activation was given. */
export type ActivationNumbers = { readonly [K in ActivationParameter]?: number | undefined };

const ceilMode = flag.default(false).describe('A last window may reach beyond the padded image, if it begins inside.');

/** Options of a pool; spread into its `z.strictObject`. Absent strides equal the pool size. */
export const poolOptions = {
  poolSize: size.default([2, 2]),
  strides: size.optional(),
  padding: padding.default('valid'),
  dilationRate: size.default([1, 1]),
  ceilMode,
};

/** The same along the one axis of a sequence. */
export const poolOptionsAlong = {
  poolSize: length.default(2),
  strides: length.optional(),
  padding: paddingAlong.default('valid'),
  dilationRate: length.default(1),
  ceilMode,
};

/** What an average counts. */
export const countIncludePad = flag
  .default(false)
  .describe('Divide by all places of the window inside the padded image, instead of the real ones.');

const orderError = 'expected an integer from 1 to 8';

/** The power that a pool adds up. */
export const poolOrder = z
  .int({ error: orderError, abort: true })
  .min(1, { error: orderError, abort: true })
  .max(8, { error: orderError, abort: true })
  .default(2)
  .describe('p of (Σ|x|^p)^(1/p): an integer from 1 to 8.');

/** Who gets a maximum's gradient. */
export const ties = z.enum(['first', 'all'], { error: "expected 'first' or 'all'" }).default('first');

/** Whose mean and variance a layer is normalised by while a batch trains. */
export const statistics = z
  .enum(['moving', 'batch', 'learned'], { error: "expected 'moving', 'batch' or 'learned'" })
  .optional()
  .describe(
    "While a batch trains: 'batch', the mean and variance of the batch, which move those among the parameters, or 'moving' (as without it), the latter; 'learned': the latter, which have gradients as other parameters have.",
  );
