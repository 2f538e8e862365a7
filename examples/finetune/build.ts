/**
 * A page that learns the drawings of whoever opens it: the convolutions of the digits network, trained here and frozen,
 * and behind them a head that is trained in the browser. One file, no request.
 *
 *     npx tsx examples/finetune/build.ts FOLDER
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { generate } from '../../generator/index.ts';
import { loadDigits } from '../digits/loadDigits.ts';
import { generateModule } from '../digits/model.ts';
import { splitDigits, toSample } from '../digits/samples.ts';
import { train } from '../digits/train.ts';
import { isMain } from '../isMain.ts';

const schedule = { epochs: 8, batchSize: 1, firstRate: 0.05, lastRate: 0.005, weightDecay: 0.005, seed: 1 };

/** Writes FOLDER/index.html. */
export async function buildPage(folder: string): Promise<void> {
  const spec = readSpec('finetune.net.json');
  const weights = await pretrained(spec);
  const work = mkdtempSync(join(tmpdir(), 'longhand-finetune-'));
  try {
    for (const { path, content } of generate(spec, { weights, companion: true }))
      writeFileSync(join(work, path), content);
    writeFileSync(join(work, 'entry.ts'), entry);
    const { outputFiles } = await build({
      entryPoints: [join(work, 'entry.ts')],
      bundle: true,
      format: 'iife',
      minify: true,
      write: false,
      logLevel: 'silent',
    });
    const page = readFileSync(pathOf('index.html'), 'utf8');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'index.html'),
      page.replace('/* script */', () => outputFiles[0]!.text.replaceAll('</script', '<\\/script')),
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What the page imports: its model with the weights in it, and the companion that reads and writes files of weights. */
const entry = `
import { createModel, network } from './finetune.ts';
import { readOptimizerState, readSafetensors, writeSafetensors } from './finetune.weights.ts';
import { startPage } from ${JSON.stringify(pathOf('page.ts'))};

startPage({ model: createModel(), network, readOptimizerState, readSafetensors, writeSafetensors });
`;

/** The convolutions of a digits network trained on 1,500 digits, and a head that begins anew. */
async function pretrained(spec: { readonly name: string }): Promise<Float64Array> {
  const digits = await generateModule(readSpec('../digits.net.json'));
  const teacher = digits.createModel();
  teacher.initialize(schedule.seed);
  const { training } = splitDigits(loadDigits(pathOf('../data/digits.csv')), 1500, schedule.seed);
  train(teacher, training.map(toSample), schedule, () => {});

  const { createModel, network } = await generateModule(spec);
  const model = createModel();
  model.initialize(schedule.seed);
  // By name: the head has another one.
  for (const { name, offset } of network.parameters) {
    const from = digits.network.parameters.find((one) => one.name === name);
    const end = network.parameters.find((one) => one.offset > offset)?.offset ?? network.parameterCount;
    if (from !== undefined)
      model.parameters.set(teacher.parameters.subarray(from.offset, from.offset + end - offset), offset);
  }
  return model.parameters;
}

function readSpec(name: string): { readonly name: string } {
  return JSON.parse(readFileSync(pathOf(name), 'utf8'));
}

/** The path of a file beside this one. */
function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

if (isMain(import.meta.url)) {
  const [folder = 'finetune-page'] = process.argv.slice(2);
  await buildPage(folder);
  console.log(`wrote ${join(folder, 'index.html')}`);
}
