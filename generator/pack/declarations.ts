import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const entries = ['generator/index.ts', 'generator/plugin/index.ts'];

/** Declares the functions, the plugin and all that their types name; a mistake of types is an error here. */
export function writeDeclarations(folder: string): void {
  const read = ts.readConfigFile('tsconfig.build.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...read.config, files: entries, include: [] }, ts.sys, '.');
  const program = ts.createProgram(entries, { ...options, outDir: folder });
  const declared = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (path, text) => declared.set(join(path), text));
  const wrong = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (wrong.length > 0) throw new Error(ts.formatDiagnostics(wrong, host));
  const pending = entries.map((file) => declarationOf(file.replace('generator', folder)));
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const text = declared.get(path);
    if (text === undefined) continue;
    declared.delete(path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      if (fileName.startsWith('.')) pending.push(declarationOf(join(dirname(path), fileName)));
    }
  }
}

const declarationOf = (path: string): string => join(path.replace(/\.ts$/, '.d.ts'));

const host: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => '.',
  getNewLine: () => '\n',
};
