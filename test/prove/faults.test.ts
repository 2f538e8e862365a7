import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Equation } from '../../generator/equations/equation.ts';
import type { Expression } from '../../generator/equations/expression.ts';
import type { Proof } from '../../generator/prove/index.ts';

// Each test breaks one part of the package, all of the others being as they are: the proof must notice.

beforeEach(() => vi.resetModules());
afterEach(() => {
  for (const path of broken) vi.doUnmock(path);
  // Files that the same process tests next load all anew.
  vi.resetModules();
});

const folder = '../../generator/equations';
const broken = [`${folder}/functions.ts`, `${folder}/gather.ts`, `${folder}/needed.ts`, 'node:fs'];

const spec = {
  name: 'faults',
  input: [4, 4, 1],
  layers: [
    { type: 'conv2d', filters: 2, kernelSize: 2, activation: 'tanh' },
    { type: 'flatten' },
    { type: 'dense', units: 2 },
  ],
  loss: 'squaredError',
};

async function prove(): Promise<Proof> {
  const { proveNetwork } = await import('../../generator/prove/index.ts');
  return proveNetwork(spec, { form: 'fast', rounds: 12 });
}

function messages({ failures }: Proof): string {
  return failures.map(({ claim, message }) => `${claim}: ${message}`).join('\n');
}

const twice = (value: Expression): Expression => ({ kind: 'times', factors: [{ kind: 'number', value: 2 }, value] });

/** A module of which one function's result is changed. */
async function breakFunction<M extends Record<string, unknown>>(
  path: string,
  original: M,
  changes: Partial<M>,
): Promise<void> {
  vi.doMock(path, () => ({ ...original, ...changes }));
}

test('With nothing broken the network is proved', async () => {
  expect(messages(await prove())).toBe('');
});

test('A wrong derivative in the table of functions is noticed', async () => {
  const path = '../../generator/equations/functions.ts';
  const original = await vi.importActual<typeof import('../../generator/equations/functions.ts')>(path);
  const derivatives = { ...original.derivatives, tanh: (u: Expression) => twice(original.derivatives.tanh(u)) };
  await breakFunction(path, original, { derivatives });
  expect(messages(await prove())).toMatch(/^gradient: the gradient of conv2d1\/kernel\S+ is not the derivative/);
});

test('A gradient that is gathered wrongly is noticed', async () => {
  const path = '../../generator/equations/gather.ts';
  const original = await vi.importActual<typeof import('../../generator/equations/gather.ts')>(path);
  const gather = (scatter: Equation): Equation => {
    const right = original.gather(scatter);
    // Forward passes have sums that are gathered as well.
    return right.target.name.startsWith('d') ? { ...right, value: twice(right.value) } : right;
  };
  await breakFunction(path, original, { gather });
  expect(messages(await prove())).toMatch(/is not the derivative/);
});

test('A pass that loses an equation of the backward pass is noticed', async () => {
  const path = '../../generator/equations/needed.ts';
  const original = await vi.importActual<typeof import('../../generator/equations/needed.ts')>(path);
  const keepRead: typeof original.keepRead = (equations, roots) => {
    const right = original.keepRead(equations, roots);
    const lost = right.findIndex(({ target }) => target.name === 'db1');
    return right.filter((_, n) => n !== lost);
  };
  await breakFunction(path, original, { keepRead });
  expect(messages(await prove())).toMatch(/the gradient of conv2d1\/bias\[0\] is not the derivative/);
});

test('A printer that prints a number wrongly is noticed', async () => {
  const { stages } = await import('../../generator/pipeline.ts');
  const { proveText } = await import('../../generator/prove/index.ts');
  const network = stages.shape(stages.parse(spec));
  const program = stages.equations(network, { form: 'unrolled', inputGradient: true });
  const text = stages.print(network, program, stages.plan(program, { form: 'unrolled' }));
  const wrong = text.replaceAll('0.5 * (', '0.5000000000000001 * (');
  expect(wrong).not.toBe(text);
  expect(messages(proveText(wrong, network))).toMatch(/reference: the loss is not what the reference computes/);
});

test('A fault of the reference is noticed', async () => {
  const original = await vi.importActual<typeof import('node:fs')>('node:fs');
  const readFileSync = (file: URL, encoding: 'utf8'): string => {
    const text = original.readFileSync(file, encoding);
    return String(file).includes('/reference/') ? text.replaceAll('Math.tanh', 'Math.atan') : text;
  };
  vi.doMock('node:fs', () => ({ ...original, default: original, readFileSync }));
  expect(messages(await prove())).toMatch(/^reference: output\[0\] is not what the reference computes/);
});
