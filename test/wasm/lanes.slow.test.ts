import { it } from 'vitest';
import { sampleOf } from '../execution/sample.ts';
import { expectFewRoundings } from './expectFewRoundings.ts';

/** One channel: the columns fill the vectors, and at the edges a term exists in some lanes alone. */
const edges = [
  [
    'a pool',
    {
      type: 'maxPooling2d',
      poolSize: [1, 2],
      strides: 1,
      padding: [
        [0, 0],
        [1, 0],
      ],
    },
  ],
  ['a pool with all ties', { type: 'maxPooling2d', poolSize: 2, strides: 1, padding: 'same', ties: 'all' }],
  ['an average', { type: 'averagePooling2d', poolSize: 3, strides: 1, padding: 'same' }],
  [
    'a kernel of one place',
    {
      type: 'depthwiseConv2d',
      kernelSize: 1,
      padding: [
        [0, 0],
        [1, 2],
      ],
    },
  ],
  ['a kernel', { type: 'conv2d', filters: 1, kernelSize: 3, padding: 'same' }],
  [
    'a turned kernel',
    {
      type: 'conv2d',
      filters: 1,
      kernelSize: 2,
      padding: [
        [1, 0],
        [2, 1],
      ],
      flipKernel: true,
    },
  ],
  ['a scattering kernel', { type: 'conv2dTranspose', filters: 1, kernelSize: 3, padding: 'same' }],
  [
    'zeros',
    {
      type: 'zeroPadding2d',
      padding: [
        [1, 0],
        [1, 2],
      ],
    },
  ],
] as const;

const widths = [3, 4, 5, 7, 8, 11];

it.each(edges)('%s at the edge of an image of one channel is right in every lane', async (_, layer) => {
  for (const width of widths) await expectAgreement({ name: 'edge', input: [3, width, 1], layers: [layer] });
});

/** Every count of channels that leaves another rest of a vector, or of a block of them. */
const channels = [1, 2, 3, 4, 5, 6, 7, 8, 13, 16, 19, 33];

it.each([
  ['convolutions', (n: number) => ({ type: 'conv2d', filters: n, kernelSize: 2, padding: 'same' })],
  ['kernels of their own', () => ({ type: 'depthwiseConv2d', kernelSize: 2, padding: 'same' })],
  ['pools', () => ({ type: 'maxPooling2d', poolSize: 2, strides: 1, padding: 'same' })],
])('%s are right for any number of channels', async (_, layerOf) => {
  for (const n of channels) await expectAgreement({ name: 'rest', input: [3, 3, n], layers: [layerOf(n)] });
});

it('a dense layer is right for any number of inputs and units', async () => {
  for (const n of channels) {
    for (const units of [1, 4, n])
      await expectAgreement({ name: 'rest', input: [n], layers: [{ type: 'dense', units }] });
  }
});

const expectAgreement = (spec: unknown): Promise<void> => expectFewRoundings(spec, sampleOf(spec, 7));

/** Sums along winners that stay in locals: of no vector, one, several, and a rest. */
it.each([
  [1, 3],
  [4, 1],
  [8, 1],
  [9, 1],
  [4, 2],
  [7, 2],
  [3, 2],
])('the gradient of a kernel on %i channels with %i columns behind a pool', async (channels, columns) => {
  const layers = [
    { type: 'conv2d', filters: 3, kernelSize: [1, columns], activation: 'relu' },
    { type: 'maxPooling2d', poolSize: 2 },
    { type: 'flatten' },
    { type: 'dense', units: 3 },
  ];
  const spec = { name: 'held', input: [6, 7, channels], layers, loss: 'squaredError' };
  await expectFewRoundings(spec, sampleOf(spec, 3));
});
