import fc from 'fast-check';
import type { GenerateOptions } from '../../generator/index.ts';
import { forms } from '../execution/forms.ts';

/** Every form, for training with and without the input's gradient, and for inference. */
export const anyOptions: fc.Arbitrary<GenerateOptions> = fc
  .tuple(
    fc.constantFrom(undefined, ...forms),
    fc.constantFrom<GenerateOptions>({}, { inputGradient: true }, { inference: true }),
  )
  .map(([form, options]) => (form === undefined ? options : { ...options, form }));
