import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { SpecError } from '../spec/problem.ts';

/**
 * WebAssembly text as bytes, validated and tidied by binaryen.
 *
 * Its optimiser stays out of it: it rearranges the loops so that V8 keeps their sums in memory (a convolution of
 * 28×28×8 took 22.7 instead of 7.7 µs).
 *
 * binaryen is megabytes of code that start with a promise, and generating is a plain function: so it runs in a process
 * of its own, which nobody pays for who does not ask for this form.
 *
 * @throws Error with binaryen's message where a text is not valid
 */
export function assemble(texts: readonly string[]): readonly Uint8Array[] {
  const library = pathToFileURL(findBinaryen()).href;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program, library], {
    input: JSON.stringify(texts),
    maxBuffer: 2 ** 30,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return (JSON.parse(output) as string[]).map((bytes) => Buffer.from(bytes, 'base64'));
}

/**
 * binaryen is a hundred megabytes that most users never need, and so their own to install. It is looked for beside
 * longhand, then where the command runs.
 */
function findBinaryen(): string {
  for (const from of [import.meta.url, pathToFileURL(`${process.cwd()}/package.json`)]) {
    try {
      return createRequire(from).resolve('binaryen');
    } catch {
      // Perhaps at the other place.
    }
  }
  const found = 'found no binaryen, which makes the bytes of the form wasm';
  throw new SpecError([{ path: '', found, expected: 'expected it to be installed: npm install --save-dev binaryen' }]);
}

const program = `
const { default: binaryen } = await import(process.argv[1]);
let input = '';
for await (const chunk of process.stdin) input += chunk;
const assembled = JSON.parse(input).map((text) => {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  if (!module.validate()) throw new Error('the module is not valid');
  module.runPasses(['reorder-locals', 'vacuum']);
  const bytes = module.emitBinary();
  module.dispose();
  return Buffer.from(bytes).toString('base64');
});
process.stdout.write(JSON.stringify(assembled));
`;
