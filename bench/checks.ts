import type { Runner } from './runner.ts';

const OUTPUTS = 32;
const STEPS = 50;
const RATE = 0.05;

/** Throws unless the runner computes what the reference computes: outputs, and parameters after some training. */
export async function checkSameNumbers(runner: Runner, reference: Runner): Promise<void> {
  await runner.reset();
  await reference.reset();
  for (let sample = 0; sample < OUTPUTS; sample++) {
    compare(runner, `output of sample ${sample}`, await runner.output(sample), await reference.output(sample));
  }
  await runner.run('step', STEPS, RATE);
  await reference.run('step', STEPS, RATE);
  const trained = await reference.parameters();
  compare(runner, `parameters after ${STEPS} steps`, await runner.parameters(), trained);
  await reference.reset();
  const before = await reference.parameters();
  if (trained.every((value, k) => value === before[k])) {
    throw new Error(`${STEPS} steps of ${reference.name} changed no parameter`);
  }
}

function compare(runner: Runner, what: string, found: readonly number[], expected: readonly number[]): void {
  const scale = Math.max(1, ...expected.map(Math.abs));
  const wrong = expected.findIndex((value, k) => !(Math.abs(found[k]! - value) <= runner.tolerance * scale));
  if (found.length !== expected.length || wrong >= 0) {
    const place = wrong >= 0 ? `: number ${wrong} is ${found[wrong]}, expected ${expected[wrong]}` : ': wrong length';
    throw new Error(`${runner.name} computes something else; ${what}${place}`);
  }
}
