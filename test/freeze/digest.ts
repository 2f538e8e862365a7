import { createHash } from 'node:crypto';
import { printWasmFile } from '../../generator/emit/wasmFile.ts';
import { type BuiltForm, type GenerateOptions, stages } from '../../generator/pipeline.ts';
import { SpecError } from '../../generator/spec/problem.ts';
import type { FrozenNetwork } from './networks.ts';

const forms: readonly BuiltForm[] = ['unrolled', 'fast', 'wasm'];

const modes: Readonly<Record<string, GenerateOptions>> = {
  training: {},
  inference: { inference: true },
  inputGradient: { inputGradient: true },
};

/** A line for each form: `digits fast training 0123abcd inference … inputGradient …`. */
export function digestsOf({ label, spec, maxTerms }: FrozenNetwork): readonly string[] {
  return forms.map((form) => {
    const parts = Object.entries(modes).map(([mode, options]) => {
      const text = textOf(spec, { ...options, form, ...(maxTerms && { maxTerms }) });
      return `${mode} ${digest(text)}`;
    });
    return `${label} ${form} ${parts.join(' ')}`;
  });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}

/** The module's text, with WebAssembly as text instead of bytes; or why there is none. */
function textOf(spec: unknown, options: GenerateOptions): string {
  try {
    const network = stages.shape(stages.parse(spec));
    const program = stages.equations(network, options);
    const plan = stages.plan(program, options);
    if (plan.form !== 'wasm') return stages.print(network, program, plan);
    const { plan: loops, isDeterministic } = plan;
    return printWasmFile(network, program, loops, isDeterministic, undefined, (text) => Buffer.from(digest(text)));
  } catch (error) {
    if (error instanceof SpecError) return error.message;
    throw error;
  }
}
