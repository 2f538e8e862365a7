import { basename, relative } from 'node:path';
import type { MappedLine } from '../emit/sourceMap.ts';
import type { GeneratedFile } from '../index.ts';
import type { ReadSpec } from '../spec/read.ts';
import type { Job } from './jobs.ts';

/** A module that names its source map, and the map, which leads from its lines to their layers in the spec. */
export async function withSourceMap(
  { path, content, origins = [] }: GeneratedFile,
  { spec, out }: Job,
  placeOf: ReadSpec['placeOf'],
): Promise<readonly GeneratedFile[]> {
  const { printSourceMap } = await import('../emit/sourceMap.ts');
  const text = content.split('\n');
  const places = new Map<string, Awaited<ReturnType<typeof placeOf>>>();
  for (const origin of new Set(origins)) if (origin !== undefined) places.set(origin, await placeOf(origin));
  const lines = origins.flatMap((path, n): readonly MappedLine[] => {
    const origin = path === undefined ? undefined : places.get(path);
    const indent = text[n]?.search(/\S/) ?? -1;
    return origin === undefined || indent < 0 ? [] : [{ line: n + 1, indent, origin }];
  });
  const map = `${path}.map`;
  return [
    { path, content: `${content}\n//# sourceMappingURL=${basename(map)}\n` },
    { path: map, content: printSourceMap(path, relative(out, spec).replaceAll('\\', '/'), lines) },
  ];
}
