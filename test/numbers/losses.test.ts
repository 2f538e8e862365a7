import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { losses } from '../../generator/layers/losses/registry.ts';
import { everyForm } from '../cases/everyForm.ts';

type Exact = number | 'Infinity' | '-Infinity';
type Row = readonly [input: readonly number[], target: readonly number[], loss: Exact, slopes: readonly Exact[]];

interface Table {
  readonly loss: { readonly type: string; readonly [option: string]: unknown };
  readonly activation: string;
  readonly rows: readonly Row[];
}

interface Model {
  readonly inputGradient: ArrayLike<number>;
  forward(input: readonly number[]): unknown;
  backward(target: readonly number[]): number;
}

/** Losses and their gradients to 60 digits; losses.py says how. */
const tables = JSON.parse(readFileSync(new URL('losses.json', import.meta.url), 'utf8')) as readonly Table[];

const named = tables.map((table) => [JSON.stringify({ ...table.loss, behind: table.activation }), table] as const);

it('every loss has a table', () => {
  expect([...new Set(tables.map(({ loss }) => loss.type))].sort()).toEqual(Object.keys(losses).sort());
});

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** What errors are measured against where the exact number is smaller: the terms that it is a difference of. */
interface Terms {
  loss?(input: readonly number[], target: readonly number[]): number;
  slope?(input: readonly number[], target: readonly number[]): number;
}

/** a − t, 1 − p and quotients near 1 are as exact as 1 is; docs/formulas.md states what is measured so. */
const softmaxLessTarget: Terms = { slope: () => 1 };
const exceptions: Readonly<Record<string, Terms>> = {
  categoricalCrossentropy: softmaxLessTarget,
  sparseCategoricalCrossentropy: softmaxLessTarget,
  fromProbabilities: { loss: () => 1, slope: () => 1 },
  kullbackLeiblerDivergence: { loss: () => 1 },
  poisson: { slope: () => 1 },
  meanSquaredLogarithmicError: {
    loss: ([y], [t]) => 2 * Math.log1p(y!) * Math.abs(Math.log1p(y!) - Math.log1p(t!)),
    slope: ([y]) => (2 * Math.log1p(y!)) / (1 + y!),
  },
  cosineProximity: { slope: (y) => 1 / Math.sqrt(sum(y.map((one) => one * one))) },
};

/** In units of the last place, for every loss and gradient. */
const most = 8;

describe.each(everyForm)('in the form $form', ({ rounding, store, load }) => {
  /** In units of the last place of the exact number, or of what it is measured against. */
  const errorOf = (found: number, exact: Exact, least: number): number => {
    const value = Number(exact);
    if (found === store(value)) return 0;
    return Math.abs(found - value) / (2 * rounding * Math.max(Math.abs(value), least, 2 ** -126));
  };

  it.each(named)('%s is as near to 60 digits as stated', async (_, { loss, activation, rows }) => {
    const layers = [{ type: 'activation', activation }];
    const spec = { name: 'one', input: [rows[0]![0].length], layers, loss };
    const model = ((await load(spec)) as unknown as { createModel(): Model }).createModel();
    const terms = exceptions['fromProbabilities' in loss ? 'fromProbabilities' : loss.type] ?? {};
    const tooFar: string[] = [];
    for (const [input, target, value, slopes] of rows) {
      model.forward(input);
      const error = errorOf(model.backward(target), value, terms.loss?.(input, target) ?? 0);
      if (!(error <= most)) tooFar.push(`L(${input}; ${target}) by ${error}`);
      const least = terms.slope?.(input, target) ?? 0;
      const errors = slopes.map((slope, n) => errorOf(model.inputGradient[n]!, slope, least));
      if (!errors.every((one) => one <= most)) tooFar.push(`∂L(${input}; ${target}) by ${errors}`);
    }
    expect(tooFar).toEqual([]);
  });
});
