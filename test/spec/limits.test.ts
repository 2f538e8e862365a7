import { describe, expect, it } from 'vitest';
import { generate, SpecError } from '../../generator/index.ts';

const forms = ['auto', 'unrolled', 'fast', 'wasm'] as const;

describe.each(forms)('the limit of a tensor in the form %s', (form) => {
  it('holds for parameters', () => {
    const spec = { name: 'a', input: [8192], layers: [{ type: 'dense', units: 4096 }] };
    expect(() => generate(spec, { form })).toThrow(SpecError);
    expect(() => generate(spec, { form })).toThrow(
      'layers[0]: found a kernel of 8192×4096 = 33554432 numbers; expected at most 16777216 (2^24)',
    );
  });

  it('names the layer', () => {
    const layers = [{ type: 'flatten' }, { type: 'dense', units: 2 }, { type: 'dense', units: 2 ** 24 }];
    const spec = { name: 'a', input: [1, 1, 2], layers };
    expect(() => generate(spec, { form, inference: true })).toThrow(/^layers\[2\]: found a kernel of 2×16777216 = /);
  });
});

it('a network that needs more than 4 GiB of memory is refused in the form wasm', () => {
  // Each image has 2^24 numbers of 4 bytes; the input stays in place.
  const layers = Array.from({ length: 66 }, () => ({ type: 'activation', activation: 'tanh' }));
  const spec = { name: 'a', input: [4096, 4096, 1], layers };
  expect(() => generate(spec, { form: 'wasm', inference: true })).toThrow(SpecError);
  expect(() => generate(spec, { form: 'wasm', inference: true })).toThrow(
    /^spec: found a network that needs 4,\d{3},\d{3},\d{3} bytes of memory in the form wasm; expected at most 4,294,967,296 \(4 GiB\)/,
  );
});
