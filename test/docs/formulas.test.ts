import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { losses } from '../../generator/layers/losses/registry.ts';
import { activationNames } from '../../generator/layers/options.ts';

const page = readFileSync('docs/formulas.md', 'utf8');
const rowOf = (name: string): string | undefined => page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));

it.each([...activationNames, ...Object.keys(losses)])('docs/formulas.md has the formula of %s', (name) => {
  expect(rowOf(name), `a row that begins with | \`${name}\` |`).toBeDefined();
});

it('has no formula of what is not there', () => {
  const names = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(names.filter((name) => ![...activationNames, ...Object.keys(losses)].includes(name as never))).toEqual([]);
});
