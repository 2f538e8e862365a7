import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generate } from '../../generator/index.ts';
import { pathOf, typeErrors } from './typeErrors.ts';

const specs = readdirSync(pathOf('examples')).filter((file) => file.endsWith('.net.json'));

it.each(['fast', 'wasm'] as const)('the examples in the form %s compile under every flag of strictness', (form) => {
  const folder = mkdtempSync(join(tmpdir(), 'longhand-'));
  try {
    const files = specs.flatMap((file) =>
      generate(JSON.parse(readFileSync(pathOf(`examples/${file}`), 'utf8')), { form }).map(({ path, content }) => {
        writeFileSync(join(folder, path), content);
        return join(folder, path);
      }),
    );
    expect(typeErrors(files)).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
