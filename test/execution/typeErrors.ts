import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** The path of what lies in the project. */
export const pathOf = (relative: string): string => resolve(import.meta.dirname, '../..', relative);

/** Every flag of the compiler that refuses something, and no library but the language's. */
const strict = [
  ...['strict', 'noUncheckedIndexedAccess', 'exactOptionalPropertyTypes', 'noImplicitReturns', 'noImplicitOverride'],
  ...['noUnusedLocals', 'noUnusedParameters', 'noFallthroughCasesInSwitch', 'noPropertyAccessFromIndexSignature'],
  ...['verbatimModuleSyntax', 'isolatedModules', 'isolatedDeclarations', 'declaration', 'erasableSyntaxOnly'],
].map((flag) => `--${flag}`);

/** What the compiler says of these files; nothing if they are right. */
export const typeErrors = (files: readonly string[]): string => {
  const forbidden = ['--allowUnreachableCode', 'false', '--allowUnusedLabels', 'false'];
  const target = ['--target', 'es2022', '--lib', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler'];
  const flags = ['--noEmit', '--ignoreConfig', ...strict, ...forbidden, ...target];
  const { stdout } = spawnSync(process.execPath, [pathOf('node_modules/typescript/bin/tsc'), ...flags, ...files], {
    encoding: 'utf8',
    cwd: pathOf('generated'),
  });
  return stdout;
};
