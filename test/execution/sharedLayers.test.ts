import { describe, expect, it } from 'vitest';
import type { RawLayer } from '../reference/normalize.ts';
import { forms } from './forms.ts';
import { load } from './load.ts';
import { runOnce } from './runOnce.ts';

const dense: RawLayer = { type: 'dense', units: 1, useBias: false, name: 'a' };
const again: RawLayer = { type: 'dense', weightsOf: 'a' };

describe.each(forms)('shared weights in the form %s', (form) => {
  it('gather the gradients of all uses', async () => {
    // y = a·(a·(a·x)): dy/da = 3a²x.
    const found = await runOnce(
      { input: [1], layers: [dense, again, again] },
      { parameters: [2], input: [5] },
      { form },
    );
    expect(found).toMatchObject({ output: [40], gradients: [3 * 4 * 5], inputGradient: [8] });
  });

  it('are one parameter of the network, updated once', async () => {
    const layers = [dense, again, { type: 'multiply', inputs: ['a', 'dense2'] } as const];
    const { network, createModel } = await load({ name: 'shared', input: [1], layers }, { form });
    expect(network.parameters).toEqual([{ name: 'a/kernel', shape: [1, 1], offset: 0 }]);
    // y = a·x·a²·x = a³x².
    const model = createModel([2]);
    expect([...model.forward([3])]).toEqual([72]);
    model.backward([1]);
    model.step(0.5);
    expect([...model.parameters]).toEqual([2 - 0.5 * 3 * 4 * 9]);
  });
});
