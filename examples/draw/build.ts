/**
 * A page that recognises a drawn digit: the digits network, trained here, its weights in the code. One file, no request.
 *
 *     npx tsx examples/draw/build.ts FOLDER
 */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { generate } from '../../generator/index.ts';
import { buildScript, pathBeside, readSpec, writePage } from '../buildPage.ts';
import { loadDigits } from '../digits/loadDigits.ts';
import { generateModel } from '../digits/model.ts';
import { splitDigits, toSample } from '../digits/samples.ts';
import { train } from '../digits/train.ts';
import { isMain } from '../isMain.ts';

const schedule = { epochs: 12, batchSize: 1, firstRate: 0.05, lastRate: 0.003, weightDecay: 0.005, seed: 1 };

/** How large the script of a page is: its code, the model and the weights, minified. */
export interface Size {
  readonly bytes: number;
  readonly gzipped: number;
}

/** Writes FOLDER/index.html. */
export async function buildPage(folder: string): Promise<Size> {
  const spec = readSpec(import.meta.url, '../digits.net.json');
  const model = await generateModel(spec);
  model.initialize(schedule.seed);
  const { training } = splitDigits(loadDigits(pathBeside(import.meta.url, '../data/digits.csv')), 1500, schedule.seed);
  train(model, training.map(toSample), schedule, () => {});
  const files = generate(spec, { form: 'fast', inference: true, weights: model.parameters });
  const script = await buildScript(files, entry);
  writePage(folder, pathBeside(import.meta.url, 'index.html'), script);
  return { bytes: Buffer.byteLength(script), gzipped: gzipSync(script).length };
}

const entry = `
import { createModel, network } from './digits.ts';
import { startPage } from ${JSON.stringify(pathBeside(import.meta.url, 'page.ts'))};

startPage({ model: createModel(), network });
`;

if (isMain(import.meta.url)) {
  const [folder = 'draw-page'] = process.argv.slice(2);
  const { bytes, gzipped } = await buildPage(folder);
  console.log(`wrote ${join(folder, 'index.html')}: ${bytes} bytes of script, ${gzipped} gzipped`);
}
