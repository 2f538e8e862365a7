import { describe, expect, test } from 'vitest';
import { type GenerateOptions, generate } from '../../generator/index.ts';
import { forms } from '../execution/forms.ts';
import { type AnyModule, load } from '../execution/load.ts';
import { awkwardNames } from './hostile.ts';

const reserved = ['con', 'nul'];

/** Dense layers of one size, one for each name. */
function chain(names: readonly (string | undefined)[], units: number) {
  const layers = names.map((name) => ({ type: 'dense', units, activation: 'tanh', ...(name && { name }) }));
  return { name: 'chain', input: [units], layers, loss: 'squaredError' };
}

/** All the numbers of one training step. */
function numbersOf({ network, createModel }: AnyModule): readonly Float64Array[] {
  const model = createModel();
  model.initialize(3);
  const output = model.forward(Float64Array.from({ length: network.inputShape[0]! }, (_, n) => Math.sin(n + 1)));
  const loss = model.backward(output.map((y) => y - 0.5));
  const gradients = model.gradients.slice();
  model.step(0.1);
  return [output, Float64Array.of(loss), gradients, model.parameters];
}

async function expectSameNumbers(
  names: readonly string[],
  units: number,
  options: GenerateOptions,
): Promise<AnyModule> {
  const named = await load(chain(names, units), options);
  const plain = await load(chain(Array(names.length).fill(undefined), units), options);
  expect(numbersOf(named)).toEqual(numbersOf(plain));
  return named;
}

describe.each(forms)('in the form %s', (form) => {
  test('layers of awkward names compute what layers of default names do', async () => {
    const names = awkwardNames.filter((name) => name !== 'input');
    const { network } = await expectSameNumbers(names, 2, { form });
    expect(network.parameters.map(({ name }) => name)).toEqual(
      names.flatMap((name) => [`${name}/kernel`, `${name}/bias`]),
    );
  });

  test('names that become one identifier become several where each layer has functions of its own', async () => {
    const names = ['a-b', 'a_b', 'a_b_1', 'a-b_1', 'A-B', 'Pass', 'default', 'constructor'];
    await expectSameNumbers(names, 24, { form });
  });
});

test('a network of several functions names them after its layers, each once', () => {
  const [file] = generate(chain(['a-b', 'a_b', 'a_b_1', 'x', 'y'], 24), { form: 'unrolled' });
  const functions = [...file!.content.matchAll(/^ {2}function (\w+)\(\)/gm)].map(([, name]) => name!);
  expect(functions.length).toBeGreaterThan(10);
  expect(new Set(functions).size).toBe(functions.length);
});

test('a layer called loss is not taken for the loss', () => {
  const [file] = generate(chain([undefined, 'loss'], 1));
  expect(file!.content).toContain('/** Backward: loss_, loss, dense1. */');
  expect(file!.content).toContain('// loss: squaredError');
});

test.each(awkwardNames.filter((name) => !reserved.includes(name)))('%s names a network', async (name) => {
  const [file] = generate({ ...chain([undefined], 1), name });
  expect(file!.path).toBe(`${name}.ts`);
  const module = await load({ ...chain([undefined], 1), name });
  expect(module.network.name).toBe(name);
  expect(numbersOf(module)[3]).toHaveLength(2);
});

test.each(['con', 'NUL', 'Aux', 'prn', 'com1', 'lpt9'])(
  '%s names no network: Windows could not write its file',
  (name) => {
    expect(() => generate({ ...chain([undefined], 1), name })).toThrow(
      `name: found "${name}"; expected another name: Windows keeps this one for a device`,
    );
  },
);

test.each(['con', 'nul'])('%s names a layer', (name) => {
  expect(generate(chain([name], 1))[0]!.content).toContain(`'${name}/kernel'`);
});

test.each(['__proto__', '', '1st', 'a b', 'a.b', '../up', 'größe', 'a\n', '*/'])('%j names nothing', (name) => {
  const place = /^(?:name|layers\[0\]\.name): found .*; expected a name: a letter, then/;
  expect(() => generate({ ...chain([undefined], 1), name })).toThrow(place);
  const layers = [{ type: 'dense', units: 1, name }];
  expect(() => generate({ name: 'a', input: [1], layers })).toThrow(place);
});

test('names that differ in case alone are different layers', async () => {
  const { network } = await load(chain(['same', 'Same', 'SAME'], 1));
  expect(network.parameters.map(({ name }) => name.split('/')[0])).toEqual([
    'same',
    'same',
    'Same',
    'Same',
    'SAME',
    'SAME',
  ]);
});
