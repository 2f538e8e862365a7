import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isGenerated } from './ownership.ts';
import type { TargetFile } from './write.ts';

/** Bytes in which a generated file says that it is one. */
const headBytes = 4096;

/** The files of a folder that longhand wrote and would not write today. */
export function findOrphans(folder: string, files: readonly TargetFile[]): readonly string[] {
  const wanted = new Set(files.map(({ path }) => path));
  let names: readonly string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    return [];
  }
  return names
    .filter((name) => /\.(?:[tj]s(?:\.map)?|wasm)$/.test(name) && !wanted.has(name))
    .map((name) => join(folder, name))
    .filter((path) => saysGenerated(path));
}

/** Whether a file is longhand's by its head; an empty one is nobody's. */
function saysGenerated(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    const head = Buffer.alloc(headBytes);
    const length = readSync(file, head, 0, headBytes, 0);
    closeSync(file);
    return length > 0 && isGenerated(head.toString('utf8', 0, length));
  } catch {
    return false;
  }
}
