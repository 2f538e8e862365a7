import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { everyForm } from '../cases/everyForm.ts';
import { relativeError } from '../execution/load.ts';

/** Some steps of an optimiser, by PyTorch: see optimizers.py. */
interface Steps {
  readonly optimizer: { readonly type: string };
  readonly rate: number;
  readonly start: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  /** After each step. */
  readonly parameters: readonly (readonly number[])[];
}

const cases: readonly Steps[] = JSON.parse(readFileSync(new URL('optimizers.json', import.meta.url), 'utf8'));

const toleranceOf = { unrolled: 1e-14, fast: 1e-14, wasm: 2e-6 } as const;

describe.each(everyForm)('in the form $form', ({ form, load }) => {
  it.each(cases)('the steps of $optimizer are those of PyTorch', async ({ optimizer, rate, ...steps }) => {
    const spec = { name: 'steps', input: [3], layers: [{ type: 'dense', units: 2 }], optimizer };
    const model = (await load(spec)).createModel(steps.start);
    for (const [step, gradients] of steps.gradients.entries()) {
      model.gradients.set(gradients);
      model.step(rate);
      expect(relativeError(model.parameters, steps.parameters[step]!)).toBeLessThan(toleranceOf[form]);
    }
    expect([...model.gradients]).toEqual(steps.start.map(() => 0));
  });
});
