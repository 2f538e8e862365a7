import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type GenerateOptions, generate } from '../../generator/index.ts';
import { stages } from '../../generator/pipeline.ts';
import { type Proof, proveText } from '../../generator/prove/index.ts';

export function example(name: string): unknown {
  return JSON.parse(readFileSync(`examples/${name}.net.json`, 'utf8'));
}

/** The text of a spec's module, the gradient of the input included. */
export function textOf(spec: unknown, form: NonNullable<GenerateOptions['form']> = 'unrolled'): string {
  return generate(spec, { form, inputGradient: true })[0]!.content;
}

/** The proof of a spec's module in which one text was replaced by another; it must have been there. */
export function proveMutant(
  spec: unknown,
  from: string,
  to: string,
  form?: GenerateOptions['form'],
  rounds?: number,
): Proof {
  const text = textOf(spec, form);
  expect(text).toContain(from);
  expect(from).not.toBe(to);
  return proveText(
    text.replace(from, () => to),
    stages.shape(stages.parse(spec)),
    rounds === undefined ? {} : { rounds },
  );
}
