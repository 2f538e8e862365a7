import fc from 'fast-check';
import type { NetworkSpec } from '../../generator/index.ts';

const side = fc.integer({ min: 2, max: 4 });

/** Windows up to the whole image, beside one another, overlapping or with gaps. */
const pool = fc.record({
  type: fc.constantFrom('maxPooling2d', 'maxPooling2d', 'maxPooling2d', 'averagePooling2d'),
  size: fc.tuple(side, side),
  strides: fc.constantFrom(undefined, 1, 2, 3),
  padding: fc.constantFrom('valid', 'same'),
});

const choices = fc.record({
  image: fc.tuple(side, side),
  channels: fc.constantFrom(1, 3, 8, 16),
  filters: fc.constantFrom(2, 8, 16),
  kernelSize: fc.constantFrom(1, 2, 3),
  padding: fc.constantFrom('valid', 'same'),
  useBias: fc.boolean(),
  activation: fc.constantFrom('linear', 'relu', 'tanh'),
  pool,
  /** What stands behind the pool: nothing, classes, or another such kernel and a pool over all that is left. */
  end: fc.constantFrom('nothing', 'nothing', 'loss', 'kernel'),
});

/**
 * Convolutions behind which a max pool lies, with kernels of up to some thousand numbers: from 1,024 on forms lay them
 * out otherwise, which no network of `arbitrarySpec` is large enough for.
 */
export const arbitraryPooled: fc.Arbitrary<NetworkSpec> = choices.map(
  ({ image, channels, filters, kernelSize, padding, useBias, activation, pool, end }) => {
    const kernel = Math.min(kernelSize, ...image);
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
    if (end === 'kernel') {
      layers.push({ type: 'conv2d', filters: 16, kernelSize: 3, padding: 'same', useBias: false });
      layers.push({ type: 'globalMaxPooling2d' });
    }
    if (end === 'loss') layers.push({ type: 'flatten' }, { type: 'dense', units: 3, activation: 'softmax' });
    const spec = { name: 'pooled', input: [...image, channels], layers };
    return (end === 'loss' ? { ...spec, loss: 'categoricalCrossentropy' } : spec) as unknown as NetworkSpec;
  },
);
