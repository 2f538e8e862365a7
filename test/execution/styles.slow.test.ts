import { describe, expect, it } from 'vitest';
import type { StyleName } from '../../generator/equations/arrange.ts';
import { writeEquations } from '../../generator/equations/program.ts';
import { stages } from '../../generator/pipeline.ts';
import { forRandomNetworks, timeout } from './forRandomNetworks.ts';
import { type AnyModel, loadText, relativeError } from './load.ts';
import type { Sample } from './sample.ts';

/** The styles in which large networks are written out; random ones are too small to ask for them. */
const otherStyles = ['winners'] as const satisfies readonly StyleName[];

/** A network's module with its equations in the given style, whatever its size would ask for, after one pass. */
async function run(style: StyleName, { network, parameters, input, given }: Sample): Promise<[AnyModel, number]> {
  const shaped = stages.shape(network);
  const program = writeEquations(shaped, { inference: false, inputGradient: true, style });
  const text = stages.print(shaped, program, stages.plan(program, { form: 'unrolled' }));
  const model = (await loadText(text)).createModel(parameters);
  model.forward(input);
  return [model, model.backward(given) ?? 0];
}

describe.each(otherStyles)('equations in the style %s', { timeout }, (style) => {
  it('say the same as the literal ones, for any network', () =>
    forRandomNetworks(async (_, sample) => {
      const [[expected, expectedLoss], [found, foundLoss]] = await Promise.all([
        run('literal', sample),
        run(style, sample),
      ]);
      expect(relativeError([foundLoss], [expectedLoss])).toBeLessThan(1e-12);
      for (const buffer of ['output', 'gradients', 'inputGradient'] as const)
        expect(relativeError(found[buffer], expected[buffer]), buffer).toBeLessThan(1e-12);
    }));
});
