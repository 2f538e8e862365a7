import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { specJsonSchema } from '../../generator/spec/json-schema.ts';
import { parseSpec } from '../../generator/spec/parse.ts';
import { arbitrarySpec } from '../execution/arbitrarySpec.ts';
import { mutation } from '../fuzz/mutations.ts';
import { tool } from './harness.ts';

interface Ajv {
  compile(schema: object): (value: unknown) => boolean;
}

const { default: Ajv2020 } = createRequire(import.meta.url)(tool('ajv/dist/2020.js')) as {
  readonly default: new (options: object) => Ajv;
};
const acceptedByEditor = new Ajv2020({ strict: false, validateFormats: false, allErrors: false }).compile(
  specJsonSchema(),
);

/** What relates two places, which a schema cannot; and names that Windows keeps. */
const beyondSchemas = [
  /expected an earlier layer/,
  /which is the name of layers/,
  /expected another name: /,
  /^loss: found .* after a last (layer|activation)/,
  /found 100 problems and stopped there/,
  /\d elements; expected at most/,
];

test('an editor accepts and refuses the same 2,000 specs that the parser does', () => {
  const seen = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(arbitrarySpec, fc.option(mutation), fc.nat(1000), (spec, change, at) => {
      const value = JSON.parse(JSON.stringify(change === null ? spec : change(spec, at)) ?? 'null');
      const parsed = parseSpec(value);
      const accepted = acceptedByEditor(value);
      seen[accepted ? 'accepted' : 'refused']++;
      if (parsed.ok) expect(accepted, JSON.stringify(value)).toBe(true);
      else if (accepted) {
        const said = parsed.problems.map(({ path, found, expected }) => `${path}: ${found}; ${expected}`);
        const missed = said.filter((line) => !beyondSchemas.some((pattern) => pattern.test(line)));
        expect(missed, JSON.stringify(value)).toEqual([]);
      }
    }),
    { numRuns: 2000, seed: 3 },
  );
  expect(seen.accepted).toBeGreaterThan(600);
  expect(seen.refused).toBeGreaterThan(400);
});
