import { describe, expect, it } from 'vitest';
import type { GenerateOptions } from '../../generator/index.ts';
import { stages } from '../../generator/pipeline.ts';
import { evaluate } from '../../generator/reference/interpreter.ts';
import { relativeError } from '../execution/load.ts';
import { randomNumbers } from '../execution/randomNumbers.ts';
import { block } from './block.ts';
import { answers, modelOf, worst } from './models.ts';

/** Whether the pass is in the list of a form. */
function usesTiles(spec: object, options: GenerateOptions): boolean {
  const program = stages.equations(stages.shape(stages.parse(spec)), options);
  const passes: string[] = [];
  stages.plan(program, options, { after: ({ name }) => passes.push(name) });
  return passes.includes('winograd');
}

describe('Convolutions by transformed tiles', () => {
  it('are taken in fast and wasm, unless every engine shall give the same bits or nobody wants them; in unrolled on demand', () => {
    const spec = block(8);
    expect(usesTiles(spec, { form: 'wasm' })).toBe(true);
    expect(usesTiles(spec, { form: 'wasm', deterministic: true })).toBe(false);
    expect(usesTiles(spec, { form: 'wasm', winograd: false })).toBe(false);
    expect(usesTiles(spec, { form: 'wasm', deterministic: true, winograd: true })).toBe(true);
    expect(usesTiles(spec, { form: 'fast' })).toBe(true);
    expect(usesTiles(spec, { form: 'fast', winograd: false })).toBe(false);
    const small = { name: 'small', input: [2, 2, 1], layers: [{ type: 'conv2d', filters: 1, kernelSize: 2 }] };
    expect(usesTiles(small, { form: 'unrolled' })).toBe(false);
    expect(usesTiles(small, { form: 'unrolled', winograd: true })).toBe(true);
  });

  it('compute in float64 what sums do, forward and backward', async () => {
    const [input, target] = [randomNumbers(288, 1, 0), randomNumbers(8, 2, 0)];
    const direct = answers(await modelOf(block(6), { form: 'fast', winograd: false }), input, target);
    const tiles = answers(await modelOf(block(6), { form: 'fast' }), input, target);
    expect(worst(tiles, direct)).toBeLessThan(1e-12);
  });

  it.each([
    ['tiles of 2×2', 6, 1e-6],
    ['tiles of 2 rows and 4 columns, of which some are not read', 14, 4e-6],
    ['tiles of 4×4', 16, 4e-6],
  ])('lose in float32 what docs/limits.md says: %s', async (_, size, most) => {
    const spec = block(size);
    const [input, target] = [randomNumbers(size * size * 8, 1, 0), randomNumbers(8, 2, 0)];
    const [exact, wasm] = [
      await modelOf(spec, { form: 'fast', winograd: false }),
      await modelOf(spec, { form: 'wasm' }),
    ];
    wasm.parameters.set(exact.parameters);
    exact.parameters.set(wasm.parameters);
    const rounded = [...Float32Array.from(input)];
    expect(worst(answers(wasm, rounded, target), answers(exact, rounded, target))).toBeLessThan(most);
  });

  it('go by the parameters as they are when a function is called, whoever has written into them', async () => {
    const spec = block(8);
    const network = stages.shape(stages.parse(spec));
    const model = await modelOf(spec, { form: 'wasm' });
    const input = [...Float32Array.from(randomNumbers(2 * 512, 1, 0))];
    const given = randomNumbers(16, 2, 0);
    const expected = () =>
      [0, 1].map((n) => [
        ...evaluate(
          network,
          Float64Array.from(model.parameters),
          Float64Array.from(input.slice(512 * n, 512 * n + 512)),
        ).output.values,
      ]);
    const agree = (found: ArrayLike<number>, numbers: readonly number[]) =>
      expect(relativeError(found, numbers)).toBeLessThan(1e-5);
    const write = (to: number) => {
      for (let n = to; n < model.parameters.length; n += 7) model.parameters[n]! += 0.1;
    };
    agree(model.forward(input.slice(0, 512)), expected()[0]!);
    write(0);
    agree(model.forward(input.slice(0, 512)), expected()[0]!);
    agree(model.forwardBatch(input, 2), expected().flat());
    write(1);
    agree(model.forwardBatch(input, 2), expected().flat());
    model.trainBatch(input, given, 2, 0.1);
    agree(model.forwardBatch(input, 2), expected().flat());
    write(2);
    model.trainBatch(input, given, 2, 0);
    agree(model.forward(input.slice(512)), expected()[1]!);
  });

  it('transform a kernel once for a whole batch', () => {
    const text = stages.plan(stages.equations(stages.shape(stages.parse(block(8))), { form: 'wasm' }), {
      form: 'wasm',
    });
    if (text.form !== 'wasm') throw new Error('another form');
    const targets = (part: 'prepareForward' | 'prepare'): string[] =>
      text.plan[part].flatMap(({ nests }) =>
        nests.flatMap(({ equations }) => equations.map(({ target }) => target.name)),
      );
    expect(targets('prepareForward')).toEqual(['Gz1', 'Uz1', 'Gz2', 'Uz2']);
    expect(targets('prepare')).toEqual(['W2ˡ', 'Gda1', 'Uda1']);
  });
});
