import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

interface File {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** Bundles an entry that imports generated files by their names into one minified script. */
export async function buildScript(files: readonly File[], entry: string): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'longhand-page-'));
  try {
    for (const { path, content } of files) writeFileSync(join(work, path), content);
    writeFileSync(join(work, 'entry.ts'), entry);
    const { outputFiles } = await build({
      entryPoints: [join(work, 'entry.ts')],
      bundle: true,
      format: 'iife',
      minify: true,
      write: false,
      logLevel: 'silent',
    });
    return outputFiles[0]!.text;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Writes FOLDER/index.html: a page with a script in the place of its mark. */
export function writePage(folder: string, page: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  const text = readFileSync(page, 'utf8').replace('/* script */', () => script.replaceAll('</script', '<\\/script'));
  writeFileSync(join(folder, 'index.html'), text);
}

/** A spec beside a module. */
export function readSpec(module: string, name: string): { readonly name: string } {
  return JSON.parse(readFileSync(pathBeside(module, name), 'utf8'));
}

/** The path of a file beside a module. */
export function pathBeside(module: string, name: string): string {
  return fileURLToPath(new URL(name, module));
}
