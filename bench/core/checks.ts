import { stages } from '../../generator/pipeline.ts';
import { forward, loss } from '../../generator/reference/interpreter.ts';
import { generatedNetwork } from './general.ts';
import { isPlain, type NetworkSpec } from './network.ts';
import { type PlainNetwork, plainNetwork } from './plainNetwork.ts';
import type { Contender, Exercise, Runner } from './runner.ts';
import type { Samples } from './samples.ts';

const OUTPUTS = 32;
/** Large: the parameters must show the gradient, not hide it in their last digits. */
const RATE = 0.5;

/**
 * Compares a runner with the reference in one exercise: outputs, or the parameters after one step on a batch.
 * Returns what is wrong, or undefined. A runner that computes something else must not be timed.
 */
export async function problemOf(
  { tolerance }: Contender,
  runner: Runner,
  reference: PlainNetwork,
  samples: Samples,
  { task, batch }: Exercise,
): Promise<string | undefined> {
  reference.parameters.set(samples.parameters);
  await runner.reset();
  if (task === 'forward') {
    for (let first = 0; first < OUTPUTS; first += batch) {
      const found = await runner.output(first, batch);
      const expected = samples.inputs.slice(first, first + batch).flatMap((input) => [...reference.forward(input)]);
      const wrong = difference(found, expected, tolerance);
      if (wrong) return `its output is wrong: ${wrong}`;
    }
    return undefined;
  }
  await runner.run({ task, batch }, 1, RATE);
  const found = (await runner.parameters()).map((value, k) => (samples.parameters[k]! - value) / RATE);
  return prefixed(
    'its gradient is wrong',
    difference(found, meanGradient(reference, samples, batch), gradientTolerance(tolerance)),
  );
}

/** What is read off parameters is rounded once more, as they are about 1. */
function gradientTolerance(tolerance: number): number {
  return 10 * tolerance;
}

/** The mean gradient over the first samples. */
function meanGradient(reference: PlainNetwork, samples: Samples, batch: number): number[] {
  reference.gradients.fill(0);
  for (let n = 0; n < batch; n++) {
    reference.forward(samples.inputs[n]!);
    reference.backward(samples.targets[n]!);
  }
  return Array.from(reference.gradients, (gradient) => gradient / batch);
}

function prefixed(prefix: string, text: string | undefined): string | undefined {
  return text && `${prefix}: ${text}`;
}

/** The first number that is off by more than the tolerance, relative to the largest expected one. */
function difference(found: readonly number[], expected: readonly number[], tolerance: number): string | undefined {
  if (found.length !== expected.length) return `found ${found.length} numbers, expected ${expected.length}`;
  const allowed = tolerance * Math.max(...expected.map(Math.abs));
  // Written so that NaN is wrong.
  const wrong = expected.findIndex((value, k) => !(Math.abs(found[k]! - value) <= allowed));
  return wrong < 0 ? undefined : `found ${found[wrong]} at ${wrong}, expected ${expected[wrong]}`;
}

/**
 * The reference, after a check against longhand's reference interpreter, with which it shares nothing: the same output
 * and loss, and the same slope of the loss along a random direction. Throws if they disagree.
 */
export function checkedReference(spec: NetworkSpec, samples: Samples): PlainNetwork {
  const reference = isPlain(spec) ? plainNetwork(spec, samples.parameters) : generatedNetwork(spec, samples.parameters);
  const network = stages.parse(structuredClone(spec));
  const [input, target] = [samples.inputs[0]!, samples.targets[0]!];
  const expect = (what: string, found: readonly number[], expected: readonly number[], tolerance: number): void => {
    const wrong = difference(found, expected, tolerance);
    if (wrong) throw new Error(`${spec.name}: the benchmark's reference has a wrong ${what}: ${wrong}`);
  };
  expect('output', [...reference.forward(input)], [...forward(network, samples.parameters, input)], 1e-12);
  const lossAt = (step: number): number =>
    loss(
      network,
      samples.parameters.map((value, k) => value + step * direction(k)),
      input,
      target,
    );
  expect('loss', [reference.backward(target)], [lossAt(0)], 1e-12);
  const slope = reference.gradients.reduce((total, gradient, k) => total + gradient * direction(k), 0);
  // Small: with many thousand units a larger step would cross a kink.
  const h = 1e-8;
  expect('gradient', [slope], [(lossAt(h) - lossAt(-h)) / (2 * h)], 1e-4);
  reference.gradients.fill(0);
  return reference;
}

/** Neither regular nor random: every parameter has a slope of its own. */
const direction = (k: number): number => Math.cos(k * k);
