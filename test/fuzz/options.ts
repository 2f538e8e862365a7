import fc from 'fast-check';
import type { Form, GenerateOptions } from '../../generator/index.ts';

const optionsOf = (form: fc.Arbitrary<Form>): fc.Arbitrary<GenerateOptions> =>
  fc
    .tuple(form, fc.constantFrom<GenerateOptions>({}, { inputGradient: true }, { inference: true }))
    .map(([chosen, options]) => ({ ...options, form: chosen }));

const quickForm = fc.constantFrom<Form>('auto', 'unrolled', 'fast');

/** The forms that are written within milliseconds, for training with and without the input's gradient, for inference. */
export const quickOptions = optionsOf(quickForm);

/** Every form; to assemble WebAssembly takes a second, and so it is rare. */
export const anyOptions = optionsOf(
  fc.oneof({ weight: 40, arbitrary: quickForm }, { weight: 1, arbitrary: fc.constant<Form>('wasm') }),
);
