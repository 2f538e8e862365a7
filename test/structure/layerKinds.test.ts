import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { optimizers } from '../../generator/layers/optimizers/registry.ts';
import { layers } from '../../generator/layers/registry.ts';

const folder = fileURLToPath(new URL('../../generator/', import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  // Other formats have words of their own for the layers: who translates must name them.
  .filter((file) => file.endsWith('.ts') && !/^(layers|reference|exchange)\//.test(file));

/** `activation` is a layer kind, but an option of other layers too: the name alone says nothing. */
const options = new Set(Object.values(layers).flatMap(({ options }) => Object.keys(options.shape)));
/** Operators of expressions as well, as add and multiply would be under their own names. */
const operators = new Set(['subtract', 'divide']);
const kinds = Object.keys(layers).filter((kind) => !options.has(kind) && !operators.has(kind));

it('a layer kind is named in its own file, the registry, the reference and the translations, and nowhere else', () => {
  expect(kinds.length).toBeGreaterThan(4);
  expect(files.length).toBeGreaterThan(20);
  const found = files.flatMap((file) => {
    const text = readFileSync(folder + file, 'utf8');
    return kinds.filter((kind) => new RegExp(`['"\`]${kind}['"\`]`).test(text)).map((kind) => `${file}: ${kind}`);
  });
  expect(found).toEqual([]);
});

it('an optimiser is named in its own file, the registry and its witnesses, and nowhere else', () => {
  const names = Object.keys(optimizers).filter((name) => !options.has(name));
  const found = files
    .filter((file) => !['check/optimizers.ts', 'prove/step.ts'].includes(file))
    .flatMap((file) => {
      const text = readFileSync(folder + file, 'utf8');
      return names.filter((name) => new RegExp(`['"\`]${name}['"\`]`).test(text)).map((name) => `${file}: ${name}`);
    });
  expect(found).toEqual([]);
});

it.each(Object.keys(layers))('the file of %s has at most 45 lines', (kind) => {
  expect(readFileSync(`${folder}layers/${kind}.ts`, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(45);
});
