/**
 * Reads what the digits example learned, and recognises the 297 digits that it was never shown.
 *
 *     npm start && npx tsx examples/predict.ts
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadDigits } from './digits/loadDigits.ts';
import { generateModule } from './digits/model.ts';
import { printReport } from './digits/printReport.ts';
import { splitDigits, toSample } from './digits/samples.ts';
import { predict } from './digits/train.ts';

const [file = pathOf('digits.safetensors')] = process.argv.slice(2);
const spec = JSON.parse(readFileSync(pathOf('digits.net.json'), 'utf8'));
const { createModel, network, readSafetensors } = await generateModule(spec);
const { test } = splitDigits(loadDigits(pathOf('data/digits.csv')), 1500, 1);
try {
  const { buffer, byteOffset, length } = readFileSync(file);
  const bytes = buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
  const predictions = predict(createModel(readSafetensors(bytes, network)), test.map(toSample));
  printReport(test.map((digit, index) => ({ digit, predicted: predictions[index]! })));
} catch (error) {
  if (!(error instanceof RangeError) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  console.error(
    `${file}: ${error instanceof RangeError ? error.message : 'found no such file; expected what npm start writes'}`,
  );
  process.exitCode = 1;
}

/** The path of a file beside this one. */
function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
