import { describe, expect, it } from 'vitest';
import type { Model } from '../../examples/digits/model.ts';
import { formatEpoch } from '../../examples/digits/progress.ts';
import { toSample } from '../../examples/digits/samples.ts';
import { argmax, type Epoch, predict, rateAt, train } from '../../examples/digits/train.ts';

/** A model that only writes down how it is called; it always answers 1, and its loss is always 2. */
function recordingModel(): { model: Model; calls: (string | number)[] } {
  const calls: (string | number)[] = [];
  const model: Model = {
    parameters: Float64Array.of(1),
    initialize: () => {},
    forward: () => {
      calls.push('forward');
      return [0.1, 0.6, 0.3];
    },
    backward: () => {
      calls.push('backward');
      return 2;
    },
    step: (rate) => void calls.push(rate),
  };
  return { model, calls };
}

const samples = [0, 1, 1, 2, 1].map((label) => toSample({ pixels: [label], label }));
const schedule = { epochs: 1, batchSize: 2, firstRate: 0.4, lastRate: 0.1, weightDecay: 0, seed: 1 };

describe('train', () => {
  it('adds up the gradients of a batch before each step, and steps by their mean', () => {
    const { model, calls } = recordingModel();
    train(model, samples, schedule, () => {});
    const pair = ['forward', 'backward'];
    expect(calls).toEqual([...pair, ...pair, 0.2, ...pair, ...pair, 0.2, ...pair, 0.4]);
  });

  it('shrinks the parameters after every step', () => {
    const { model } = recordingModel();
    train(model, samples, { ...schedule, weightDecay: 0.5 }, () => {});
    expect(model.parameters[0]).toBeCloseTo(0.8 ** 3, 12);
  });

  it('reports the mean loss and the accuracy of every epoch', () => {
    const epochs: Epoch[] = [];
    train(recordingModel().model, samples, { ...schedule, epochs: 2 }, (epoch) => epochs.push(epoch));
    expect(epochs).toEqual([
      { epoch: 1, loss: 2, accuracy: 0.6 },
      { epoch: 2, loss: 2, accuracy: 0.6 },
    ]);
  });
});

describe('rateAt', () => {
  it('falls by the same factor from epoch to epoch', () => {
    const rates = [1, 2, 3].map((epoch) => rateAt(epoch, { ...schedule, epochs: 3 }));
    expect(rates[0]).toBeCloseTo(0.4, 12);
    expect(rates[1]).toBeCloseTo(0.2, 12);
    expect(rates[2]).toBeCloseTo(0.1, 12);
  });

  it('is the first rate where there is only one epoch', () => {
    expect(rateAt(1, schedule)).toBe(0.4);
  });
});

describe('predict', () => {
  it('gives the position of the largest output for every sample', () => {
    expect(predict(recordingModel().model, samples)).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('argmax', () => {
  it('takes the first of equal values', () => {
    expect(argmax([1, 3, 3, 2])).toBe(1);
    expect(argmax([-2, -1])).toBe(1);
  });
});

describe('formatEpoch', () => {
  it('lines the epochs up', () => {
    expect(formatEpoch({ epoch: 3, loss: 0.12345, accuracy: 0.9 }, 30)).toBe(
      'epoch  3/30   loss 0.1235   accuracy 0.900',
    );
  });
});
