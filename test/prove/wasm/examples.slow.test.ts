import { expect, test } from 'vitest';
import { proveText } from '../../../generator/prove/index.ts';
import { kinds, specOfKind } from '../kinds.ts';
import { example } from '../subjects.ts';
import { proveWasm, wasmOf } from './subjects.ts';

test('The codes of an example are both proved', () => {
  const proof = proveWasm(example('article'));
  expect(proof).toMatchObject({ proved: true, failures: [], variants: ['plain', 'relaxed'] });
  expect(proof.rounds.random).toBeGreaterThan(3);
  expect(proof.rounds.kinks).toBeGreaterThan(1);
}, 120_000);

test.each(Object.entries(kinds))('The layer %s is proved in WebAssembly', (_, layersOfKind) => {
  expect(proveWasm(specOfKind(layersOfKind), { rounds: 10 }, true).failures).toEqual([]);
});

test.each([
  { type: 'momentum', momentum: 0.8, nesterov: true },
  { type: 'adam', beta1: 0.5, epsilon: 0.01 },
  { type: 'adamw' },
  { type: 'momentum', clipNorm: 1.25, weightDecay: 0.1 },
  { type: 'adamw', clipNorm: 0.5 },
  { type: 'rmsprop', weightDecay: 0.01, decoupledWeightDecay: true },
  { type: 'rmsprop', momentum: 0.5, centered: true },
  { type: 'adagrad' },
  { type: 'adadelta' },
  { type: 'adamax' },
  { type: 'nadam' },
  { type: 'lion' },
])('The steps of $type are proved in WebAssembly', (optimizer) => {
  const spec = { name: 'steps', input: [3], layers: [{ type: 'dense', units: 2 }], optimizer };
  expect(proveWasm(spec, { rounds: 10 }, true).failures).toEqual([]);
});

test('Helpers are recognised by their instructions; one that differs in a constant is followed, and fails', () => {
  const spec = { name: 'helper', input: [3], layers: [{ type: 'activation', activation: 'tanh' }] };
  expect(proveWasm(spec, { rounds: 9 }).recognized).toEqual(['tanh']);
  const { text, network, map } = wasmOf(spec, { change: (wat) => wat.replaceAll(' 9.1', ' 9.25') });
  const { failures, recognized } = proveText(text, network, { map });
  expect(recognized).toEqual([]);
  expect(failures.map(({ message }) => message).join()).toMatch(/not what the reference|than the reference|constant/);
});
