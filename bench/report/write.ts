import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const RESULTS = join(import.meta.dirname, '..', 'results');

/** Leaves files in bench/results and prints the Markdown. */
export function writeResults(files: Readonly<Record<string, string>>): void {
  mkdirSync(RESULTS, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(RESULTS, name), text);
    if (name.endsWith('.md')) console.log(text);
  }
  const names = Object.keys(files).map((name) => relative(dirname(dirname(RESULTS)), join(RESULTS, name)));
  console.error(`Written: ${names.join(', ')}`);
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
