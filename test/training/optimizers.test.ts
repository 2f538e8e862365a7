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

/** Some of the parameters do not learn: those that do are two runs, and gradients elsewhere count for nothing. */
const gapped = {
  name: 'gapped',
  input: [3],
  layers: [
    { type: 'dense', units: 1, useBias: false },
    { type: 'dense', units: 2, useBias: false, trainable: false },
    { type: 'dense', units: 2 },
  ],
};

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

  const clipped = cases.filter(({ optimizer }) => 'clipNorm' in optimizer);
  it.each(clipped)(
    '$optimizer measures and moves what learns, wherever it lies',
    async ({ optimizer, rate, ...steps }) => {
      const model = (await load({ ...gapped, optimizer })).createModel();
      const place = (n: number): number => (n < 3 ? n : n + 2);
      const learning = [0, 1, 2, 3, 4, 5, 6, 7, 8].slice(0, 8);
      model.parameters.fill(7);
      for (const n of learning) model.parameters[place(n)] = steps.start[n]!;
      // The ninth parameter that learns: its gradient of 0 adds nothing to the norm.
      for (const [step, gradients] of steps.gradients.entries()) {
        model.gradients.fill(5);
        model.gradients[place(8)] = 0;
        for (const n of learning) model.gradients[place(n)] = gradients[n]!;
        model.step(rate);
        const found = learning.map((n) => model.parameters[place(n)]!);
        expect(relativeError(found, steps.parameters[step]!)).toBeLessThan(toleranceOf[form]);
      }
      expect([...model.parameters.slice(3, 5)]).toEqual([7, 7]);
    },
  );
});
