import { readFileSync } from 'node:fs';

/** A spec of this folder. */
export function readSpec(name: string): object {
  return readJson(`${name}.net.json`) as object;
}

/** What is expected of it, in whatever form the case has. */
export function readExpected<T>(name: string): T {
  return readJson(`${name}.expected.json`) as T;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}
