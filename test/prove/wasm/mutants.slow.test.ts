import { expect, test } from 'vitest';
import { proveText } from '../../../generator/prove/index.ts';
import { runPlain } from '../../../generator/prove/program.ts';
import type { WasmModel as Model } from '../../wasm/loadWasm.ts';
import { mutated, mutations, placesOf } from './mutations.ts';
import { wasmOf } from './subjects.ts';

const spec = {
  name: 'mutant',
  input: [6, 6, 2],
  layers: [
    { type: 'conv2d', filters: 6, kernelSize: 3, padding: 'same', activation: 'relu' },
    { type: 'maxPooling2d', poolSize: 2 },
    { type: 'conv2d', filters: 4, kernelSize: 2, activation: 'tanh' },
    { type: 'flatten' },
    { type: 'dense', units: 5, activation: 'softmax' },
  ],
  loss: 'categoricalCrossentropy',
};

/** Places of a kind that are tried: spread over the code. */
const tries = 6;

const { text: right } = wasmOf(spec, { isDeterministic: true });
let wat = '';
wasmOf(spec, {
  isDeterministic: true,
  change: (code) => {
    wat = code;
    return code;
  },
});

/** Everything that a module computes from numbers that mean nothing. */
function run(text: string): readonly number[] {
  const { createModel } = runPlain(text) as { createModel(): Model };
  const model = createModel();
  const numbers = (length: number, seed: number) => Array.from({ length }, (_, n) => Math.sin(n * 1.7 + seed));
  model.parameters.set(numbers(model.parameters.length, 3));
  const results: number[] = [];
  for (const seed of [1, 2]) {
    results.push(...model.forward(numbers(72, seed)), model.backward(numbers(5, seed)), ...model.gradients);
    results.push(...model.inputGradient!);
    model.step(0.1);
    results.push(...model.parameters);
  }
  results.push(model.trainBatch(numbers(3 * 72, 5), numbers(15, 4), 3, 0.1), ...model.parameters);
  return results;
}

const expected = run(right);

/** Whether any number that the model gives differs: only then is it certain that the change means something. */
function isAnother(text: string): boolean {
  try {
    const found = run(text);
    return found.some((number, n) => !Object.is(number, expected[n]));
  } catch {
    return true;
  }
}

let caught = 0;

test.each(mutations)(
  'A change of this kind is caught wherever it changes a number: $kind',
  (mutation) => {
    const places = placesOf(wat, mutation);
    const step = Math.max(1, Math.floor(places / tries));
    for (let n = 0; n < places && n / step < tries; n += step) {
      const { text, network, map } = wasmOf(spec, {
        isDeterministic: true,
        change: (code) => mutated(code, mutation, n) ?? code,
      });
      const { proved, failures } = proveText(text, network, { map, rounds: 24 });
      if (proved) expect(isAnother(text), `${mutation.kind} ${n}`).toBe(false);
      else {
        caught++;
        const [{ message, place = '', claim }] = failures as [(typeof failures)[number]];
        // Functions that copy or step, and helpers, have no equation of the network, and are named themselves.
        const named = /`[^`]+ \+?= [^`]+`|copyInput|^(exp|log|tanh)/;
        if (claim !== 'batch' && claim !== 'step') expect(place + message).toMatch(named);
      }
    }
  },
  600_000,
);

test('More than sixty changed instructions are caught', () => {
  expect(caught).toBeGreaterThanOrEqual(60);
});

test.each<readonly [string, RegExp, (...groups: string[]) => string]>([
  [
    'factors change places',
    /\(f32x4\.mul (\(local\.get \$W\w+\)) (\(local\.get \$[xy]\w+\))\)/,
    (_, a, b) => `(f32x4.mul ${b} ${a})`,
  ],
  [
    'a + b is a − (−b)',
    /\(f32x4\.add (\(local\.get \$\w+\)) (\(f32x4\.mul [^()]*\([^()]*\) \([^()]*\)\))\)/,
    (_, a, b) => `(f32x4.sub ${a} (f32x4.neg ${b}))`,
  ],
  [
    'a shift is a product',
    /\(i32\.shl (\(local\.get \$\w+\)) \(i32\.const 2\)\)/,
    (_, a) => `(i32.mul ${a} (i32.const 4))`,
  ],
])(
  'What is not wrong is proved still: %s',
  (_, find, change) => {
    const { text, network, map } = wasmOf(spec, {
      isDeterministic: true,
      change: (code) => {
        expect(code).toMatch(find);
        return code.replace(find, (...groups) => change(...(groups as string[])));
      },
    });
    expect(text).not.toBe(right);
    expect(proveText(text, network, { map, rounds: 12 }).failures).toEqual([]);
  },
  120_000,
);
