import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { builtForms } from '../../generator/pipeline.ts';

const folder = fileURLToPath(new URL('../../generator/', import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !/^(forms|commands|study\/page)\//.test(file));

it('a form is named in its own file, the registry and the commands, and in three other places at most', () => {
  expect(files.length).toBeGreaterThan(100);
  const name = new RegExp(`['"\`](${builtForms.join('|')})['"\`]`);
  const found = files.flatMap((file) =>
    readFileSync(folder + file, 'utf8')
      .split('\n')
      .filter((line) => name.test(line) && !line.includes('template<'))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found.length, found.join('\n')).toBeLessThanOrEqual(3);
});
