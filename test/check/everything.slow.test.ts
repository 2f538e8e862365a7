import { expect, test, vi } from 'vitest';
import { checkSubject, subjectOf } from '../../generator/check/index.ts';
import { activationNames } from '../../generator/layers/options.ts';
import { lossCases } from '../exchange/pytorch/lossCases.ts';
import { kinds, specOfKind } from '../prove/kinds.ts';
import { proveWasm } from '../prove/wasm/subjects.ts';
import { wrongRows } from './subjects.ts';

vi.setConfig({ testTimeout: 60_000 });

// The proofs of layers and activations in WebAssembly stand in test/prove/wasm.

/** What `longhand check` says of a network in WebAssembly. */
function faultsOf(spec: unknown): readonly string[] {
  const result = checkSubject(subjectOf(spec, { forms: ['wasm'] }), { seed: 1, samples: 2, slotsPerSample: 60 });
  expect(result.forms.map(({ form }) => form)).toEqual(['wasm']);
  return [...wrongRows(result), ...result.forms.flatMap(({ faults }) => faults)];
}

test.each(Object.entries(kinds))('The layer %s passes the check in WebAssembly', (_, layersOfKind) => {
  expect(faultsOf(specOfKind(layersOfKind))).toEqual([]);
});

test.each(activationNames)('The activation %s passes the check in WebAssembly', (activation) => {
  const layers = [{ type: 'dense', units: 6, activation }];
  expect(faultsOf({ name: 'alone', input: [3], layers, loss: 'squaredError' })).toEqual([]);
});

const losses = lossCases.map(({ name, spec }) => [name, { name: 'loss', ...(spec as object) }] as const);

test.each(losses)('The loss %s passes the check in WebAssembly', (_, spec) => {
  expect(faultsOf(spec)).toEqual([]);
});

test.each(losses)('The loss %s is proved in WebAssembly', (_, spec) => {
  expect(proveWasm(spec, { rounds: 10 }, true).failures).toEqual([]);
});
