import { describe, expect, it } from 'vitest';
import { large, literal } from '../../generator/forms/unrolled.ts';
import type { Passes } from '../../generator/passes/pass.ts';
import { stages } from '../../generator/pipeline.ts';
import { forRandomNetworks, timeout } from './forRandomNetworks.ts';
import { type AnyModel, loadText, relativeError } from './load.ts';
import type { Sample } from './sample.ts';

/** A network's module with its equations by the given passes, whatever its size would ask for, after one run. */
async function run(
  passes: Passes<'source', 'program'>,
  { network, parameters, input, given }: Sample,
): Promise<[AnyModel, number]> {
  const shaped = stages.shape(network);
  const program = passes.run({ network: shaped, asked: { inputGradient: true }, form: 'unrolled' });
  const text = stages.print(shaped, program, stages.plan(program, { form: 'unrolled' }));
  const model = (await loadText(text)).createModel(parameters);
  model.forward(input);
  return [model, model.backward(given) ?? 0];
}

// Random networks are too small to ask for these.
describe('the equations of a large network', { timeout }, () => {
  it('say the same as the literal ones, for any network', () =>
    forRandomNetworks(async (_, sample) => {
      const [[expected, expectedLoss], [found, foundLoss]] = await Promise.all([
        run(literal, sample),
        run(large, sample),
      ]);
      expect(relativeError([foundLoss], [expectedLoss])).toBeLessThan(1e-12);
      for (const buffer of ['output', 'gradients', 'inputGradient'] as const)
        expect(relativeError(found[buffer], expected[buffer]), buffer).toBeLessThan(1e-12);
    }));
});
