import fc from 'fast-check';
import type { NetworkSpec } from '../../generator/index.ts';

/** So many terms the unrolled convolution has at most, as far as an image of 2×2 allows: larger ones take seconds. */
const mostTerms = 6_000;

const side = fc.integer({ min: 2, max: 4 });

/** Windows up to the whole image, beside one another, overlapping or with gaps. */
const pool = fc.record({
  type: fc.constantFrom('maxPooling2d', 'maxPooling2d', 'maxPooling2d', 'averagePooling2d'),
  size: fc.tuple(side, side),
  strides: fc.constantFrom(undefined, 1, 2, 3),
  padding: fc.constantFrom('valid', 'same'),
});

/** What a rewrite asks for comes up more often: many numbers in a kernel, no bias, nothing between it and the pool. */
const choices = fc.record({
  sides: fc.tuple(side, side),
  channels: fc.constantFrom(1, 3, 8, 16, 16),
  filters: fc.constantFrom(2, 8, 16, 16),
  kernelSize: fc.constantFrom(2, 3, 3, 3),
  padding: fc.constantFrom('valid', 'same', 'same'),
  useBias: fc.constantFrom(false, false, true),
  activation: fc.constantFrom('linear', 'linear', 'relu', 'tanh'),
  pool,
  /** What stands behind the pool: nothing, what lets no gradient back, classes, or another kernel and a pool over all that is left. */
  end: fc.constantFrom('nothing', 'relu', 'relu', 'relu', 'loss', 'kernel'),
});

/**
 * Convolutions behind which a max pool lies, with kernels of up to some thousand numbers: from 1,024 on forms lay them
 * out otherwise, which no network of `arbitrarySpec` is large enough for.
 */
export const arbitraryPooled: fc.Arbitrary<NetworkSpec> = choices.map(
  ({ sides, channels, filters, kernelSize, padding, useBias, activation, pool, end }) => {
    const most = Math.floor(Math.sqrt(mostTerms / (kernelSize ** 2 * channels * filters)));
    const image = sides.map((size) => Math.min(size, Math.max(2, most)));
    const kernel = padding === 'same' ? kernelSize : Math.min(kernelSize, ...image);
    const left = padding === 'same' ? image : image.map((size) => size - kernel + 1);
    const { strides } = pool;
    const layers: object[] = [
      { type: 'conv2d', filters, kernelSize: kernel, padding, useBias, activation },
      {
        type: pool.type,
        poolSize: pool.size.map((size, axis) => (pool.padding === 'same' ? size : Math.min(size, left[axis]!))),
        padding: pool.padding,
        ...(strides !== undefined && { strides }),
      },
    ];
    if (end === 'relu') layers.push({ type: 'activation', activation: 'relu' });
    if (end === 'kernel') {
      layers.push({ type: 'conv2d', filters: 16, kernelSize: 3, padding: 'same', useBias: false });
      layers.push({ type: 'globalMaxPooling2d' });
    }
    if (end === 'loss') layers.push({ type: 'flatten' }, { type: 'dense', units: 3, activation: 'softmax' });
    const spec = { name: 'pooled', input: [...image, channels], layers };
    return (end === 'loss' ? { ...spec, loss: 'categoricalCrossentropy' } : spec) as unknown as NetworkSpec;
  },
);
