import { describe, expect, it } from 'vitest';
import { index } from '../../generator/equations/affine.ts';
import { planLevels, type SummedLoop } from '../../generator/schedule/loops/levels.ts';
import { readExpected, readSpec } from '../cases/readCase.ts';
import { randomNumbers } from '../execution/randomNumbers.ts';
import { Errors } from './inPairs.ts';
import { loadWasm } from './loadWasm.ts';

const float32 = (length: number, seed: number, from: number): number[] =>
  randomNumbers(length, seed, from).map(Math.fround);

/** Lengths that divide into nothing even, among them primes. */
const images = [
  [9, 13],
  [31, 37],
  [64, 64],
  [101, 73],
] as const;
const lengths = [65, 131, 997, 2048, 5003];

describe.each([0, -1])('a long sum of numbers from %s to 1 is within 4 times of adding in pairs', (from) => {
  it.each([1, 3, 8])('in the mean over an image of %s channels', async (channels) => {
    const errors = new Errors();
    for (const [seed, [height, width]] of images.entries()) {
      const layers = [{ type: 'globalAveragePooling2d' }];
      const model = (await loadWasm({ name: 'gap', input: [height, width, channels], layers })).createModel();
      for (let repeat = 0; repeat < 5; repeat++) {
        const x = float32(height * width * channels, 10 * seed + repeat, from);
        const y = model.forward(x);
        for (let c = 0; c < channels; c++) {
          const terms = x.filter((_, n) => n % channels === c);
          errors.note(y[c]!, terms, 1 / terms.length);
        }
      }
    }
    expect(errors.ratio).toBeLessThan(4);
  });

  it.each([1, 3, 8])('in a dense layer of %s units', async (units) => {
    const errors = new Errors();
    for (const [seed, length] of lengths.entries()) {
      const layers = [{ type: 'dense', units, useBias: false }];
      const model = (await loadWasm({ name: 'dense', input: [length], layers })).createModel();
      for (let repeat = 0; repeat < 5; repeat++) {
        const [x, w] = [float32(length, 10 * seed + repeat, from), float32(length * units, seed + 50 + repeat, from)];
        model.parameters.set(w);
        const y = model.forward(x);
        for (let o = 0; o < units; o++)
          errors.note(
            y[o]!,
            x.map((value, n) => value * w[n * units + o]!),
          );
      }
    }
    expect(errors.ratio).toBeLessThan(4);
  });

  it('in a convolution over many channels', async () => {
    const errors = new Errors();
    for (const [seed, channels] of [8, 23, 64].entries()) {
      const layers = [{ type: 'conv2d', filters: 5, kernelSize: 5, useBias: false }];
      const model = (await loadWasm({ name: 'conv', input: [5, 5, channels], layers })).createModel();
      for (let repeat = 0; repeat < 5; repeat++) {
        const [x, w] = [
          float32(25 * channels, 10 * seed + repeat, from),
          float32(125 * channels, seed + 50 + repeat, from),
        ];
        model.parameters.set(w);
        const y = model.forward(x);
        for (let o = 0; o < 5; o++)
          errors.note(
            y[o]!,
            x.map((value, n) => value * w[n * 5 + o]!),
          );
      }
    }
    expect(errors.ratio).toBeLessThan(4);
  });

  it.each([3, 8])('in the gradients of the kernel and the bias of %s filters', async (filters) => {
    const errors = { kernel: new Errors(), bias: new Errors() };
    for (const [seed, [height, width]] of images.entries()) {
      const layers = [{ type: 'conv2d', filters, kernelSize: 1 }];
      const model = (await loadWasm({ name: 'one', input: [height, width, 2], layers })).createModel();
      const size = height * width;
      const [x, dz] = [float32(size * 2, seed, from), float32(size * filters, seed + 9, from)];
      model.forward(x);
      model.backward(dz);
      for (let o = 0; o < filters; o++) {
        const own = Array.from({ length: size }, (_, n) => dz[n * filters + o]!);
        errors.bias.note(model.gradients[2 * filters + o]!, own);
        for (let c = 0; c < 2; c++) {
          const terms = own.map((value, n) => value * x[2 * n + c]!);
          errors.kernel.note(model.gradients[c * filters + o]!, terms);
        }
      }
    }
    expect(errors.kernel.ratio).toBeLessThan(4);
    expect(errors.bias.ratio).toBeLessThan(4);
  });

  it('in a loss', async () => {
    const errors = new Errors();
    for (const [seed, length] of lengths.entries()) {
      const layers = [{ type: 'activation', activation: 'linear' }];
      const model = (await loadWasm({ name: 'mse', input: [length], layers, loss: 'meanSquaredError' })).createModel();
      for (let repeat = 0; repeat < 5; repeat++) {
        const x = float32(length, 10 * seed + repeat, from);
        model.forward(x);
        errors.note(
          model.loss!(Array(length).fill(0)),
          x.map((value) => value * value),
          1 / length,
        );
      }
    }
    expect(errors.ratio).toBeLessThan(4);
  });

  it('over the samples of a batch', async () => {
    const errors = new Errors();
    const layers = [{ type: 'dense', units: 3, useBias: false }];
    const model = (await loadWasm({ name: 'batch', input: [2], layers })).createModel();
    const count = 3001;
    const [x, dz] = [float32(2 * count, 1, from), float32(3 * count, 2, from)];
    model.backwardBatch(x, dz, count);
    for (let n = 0; n < 6; n++) {
      const [c, o] = [Math.floor(n / 3), n % 3];
      errors.note(
        model.gradients[n]!,
        Array.from({ length: count }, (_, s) => x[2 * s + c]! * dz[3 * s + o]!),
      );
    }
    expect(errors.ratio).toBeLessThan(4);
  });
});

it.each(['04a-gap-64', '04b-gap-256'])(
  '%s: the mean of equal numbers is that number, but for a few roundings',
  async (name) => {
    const { mean } = readExpected<{ readonly mean: number }>('04a-gap-64');
    const { network, createModel } = await loadWasm(readSpec(name));
    const size = network.inputShape.reduce((product, one) => product * one, 1);
    const [found] = createModel().forward(new Float32Array(size).fill(0.1));
    // What adding in pairs may lose at most: a rounding for each time that the length doubles.
    expect(Math.abs(found! / mean - 1)).toBeLessThan(4 * Math.log2(size) * 2 ** -24);
  },
);

describe('the levels of a sum', () => {
  const limits = { alone: 64, terms: 128, partial: 32 };
  const loopOf = (turns: number, termsOfTurn = 1): SummedLoop => ({
    index: [...index('n', turns + 1).terms.keys()][0]!,
    turns,
    termsOfTurn,
  });

  it('are one for a short sum, and one where there is no limit', () => {
    expect(planLevels([loopOf(8), loopOf(8)], 1, limits).count).toBe(1);
    expect(planLevels([loopOf(1000)], 1).count).toBe(1);
  });

  it.each([
    [[65], 1],
    [[5, 40], 1],
    [[256, 256], 1],
    [[65_536], 1],
    [[2_000_000], 1],
    [[3, 3, 1024], 2],
    [[7, 11, 13, 17], 3],
    [[4093], 4],
  ])('of loops of %j turns keep every run short', (turns, written) => {
    const loops = turns.map((count) => loopOf(count));
    const { count, of } = planLevels(loops, written, limits);
    // Goes through the loops as the code does, and counts the additions to each level between two hand-overs.
    const [runs, longest] = [Array(count).fill(0), Array(count).fill(0)] as [number[], number[]];
    const add = (level: number, terms = 1): void => {
      runs[level]! += terms;
      longest[level] = Math.max(longest[level]!, runs[level]!);
    };
    const handOn = (level: number): void => {
      runs[level] = 0;
      add(level + 1);
    };
    const walk = (depth: number): void => {
      const loop = loops[depth];
      if (loop === undefined) {
        add(0, written);
        return;
      }
      const own = of.get(loop.index);
      for (let turn = 1; turn <= loop.turns; turn++) {
        walk(depth + 1);
        if (own?.atTurn !== undefined) handOn(own.atTurn);
        for (const block of own?.blocks ?? []) if (turn % block.turns === 0 || turn === loop.turns) handOn(block.level);
      }
    };
    walk(0);
    expect(longest[0]).toBeLessThanOrEqual(limits.terms);
    for (const one of longest.slice(1)) expect(one).toBeLessThanOrEqual(limits.partial);
  });
});
