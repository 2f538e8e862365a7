import { readdirSync, readFileSync } from 'node:fs';
import type { Metafile } from 'esbuild';

/** The licences of the packages that are in the bundle, each with its package's name and version. */
export function licencesOf({ inputs, outputs }: Metafile): string {
  const used = Object.values(outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = new Set(used.filter((path) => path in inputs).flatMap(folderOf));
  return [...folders].sort().map(licenceIn).join('\n');
}

/** `node_modules/a/node_modules/@b/c` of a file therein. */
function folderOf(path: string): readonly string[] {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [];
}

function licenceIn(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (file === undefined) throw new Error(`${name} brings no licence; what it allows must be found out first`);
  return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
}
