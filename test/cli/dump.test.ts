import { describe, expect, it } from 'vitest';
import { dump, dumpStages, listPasses, SpecError } from '../../generator/index.ts';
import { builtForms, passesOf } from '../../generator/pipeline.ts';

const tiny = {
  name: 'tiny',
  input: [4, 4, 1],
  layers: [
    { type: 'conv2d', filters: 1, kernelSize: 3, padding: 'same', activation: 'relu' },
    { type: 'maxPooling2d', poolSize: 2 },
  ],
  loss: 'squaredError',
};

describe.each(builtForms)('--dump in the form %s', (form) => {
  const names = passesOf(form)[0]!.map(({ name }) => name);

  it('prints something after every pass, and what the last gives is what is laid out', () => {
    const texts = names.map((name) => dump(tiny, name, { form }));
    for (const [n, text] of texts.entries()) expect(text.length, names[n]).toBeGreaterThan(20);
    expect(texts.at(-1)).toBe(dump(tiny, 'loops', { form }));
    expect(new Set(names).size).toBe(names.length);
  });

  it('passes lists every one with its line and its rewrite', () => {
    const text = listPasses([form]);
    for (const { name, does, rewrite } of passesOf(form).flat()) {
      expect(text).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
      expect(text).toContain(does);
      expect(rewrite).toMatch(/\S {3}→ {3}\S/);
    }
  });
});

it('--dump knows every pass that a form has', () => {
  const names = builtForms.flatMap((form) => passesOf(form).flatMap((list) => list.map(({ name }) => name)));
  expect(names.filter((name) => !dumpStages.includes(name))).toEqual([]);
});

it('--dump plan says how the loops run, and why a rewrite does not apply', () => {
  expect(dump(tiny, 'plan', { form: 'wasm' })).toMatch(/^ {2}order .*; 4 lanes along j/m);
  const pool = { type: 'maxPooling2d', poolSize: 2, inputs: ['conv2d1'] };
  const layers = [tiny.layers[0], pool, pool, { type: 'add', inputs: ['maxPooling2d1', 'maxPooling2d2'] }];
  expect(dump({ ...tiny, layers }, 'plan', { form: 'fast' })).toContain(
    'not applied:\n  commuteMaxima: y1: a1 is read elsewhere',
  );
});

it('--dump of a pass that the form has not is refused in one line', () => {
  const ask = () => dump(tiny, 'splitBatch', { form: 'fast' });
  expect(ask).toThrow(SpecError);
  expect(ask).toThrow(/found --dump splitBatch, a pass that does not run for this network in the form fast/);
});
