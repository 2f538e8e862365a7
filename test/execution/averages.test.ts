import { expect, test } from 'vitest';
import { load } from './load.ts';

test('each window of an average counts its own places, also where windows overlap', async () => {
  const { createModel } = await load(
    { name: 'average', input: [1, 2, 1], layers: [{ type: 'averagePooling2d', strides: 1, padding: 'same' }] },
    { inputGradient: true },
  );
  const model = createModel();
  // The first window holds both places, the second only the last.
  expect([...model.forward([3, 5])]).toEqual([4, 5]);
  model.backward([10, 100]);
  expect([...model.inputGradient]).toEqual([5, 105]);
});
