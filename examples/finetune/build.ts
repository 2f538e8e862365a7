/**
 * A page that learns the drawings of whoever opens it: the convolutions of the digits network, trained here and frozen,
 * and behind them a head that is trained in the browser. One file, no request.
 *
 *     npx tsx examples/finetune/build.ts FOLDER
 */
import { join } from 'node:path';
import { generate } from '../../generator/index.ts';
import { buildScript, pathBeside, readSpec, writePage } from '../buildPage.ts';
import { loadDigits } from '../digits/loadDigits.ts';
import { generateModule } from '../digits/model.ts';
import { splitDigits, toSample } from '../digits/samples.ts';
import { train } from '../digits/train.ts';
import { isMain } from '../isMain.ts';

const schedule = { epochs: 8, batchSize: 1, firstRate: 0.05, lastRate: 0.005, weightDecay: 0.005, seed: 1 };

/** Writes FOLDER/index.html. */
export async function buildPage(folder: string): Promise<void> {
  const spec = readSpec(import.meta.url, 'finetune.net.json');
  const files = generate(spec, { weights: await pretrained(spec), companion: true });
  writePage(folder, pathOf('index.html'), await buildScript(files, entry));
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
  const digits = await generateModule(readSpec(import.meta.url, '../digits.net.json'));
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

/** The path of a file beside this one. */
function pathOf(name: string): string {
  return pathBeside(import.meta.url, name);
}

if (isMain(import.meta.url)) {
  const [folder = 'finetune-page'] = process.argv.slice(2);
  await buildPage(folder);
  console.log(`wrote ${join(folder, 'index.html')}`);
}
