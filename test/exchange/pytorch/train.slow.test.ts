import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { loadModule, type TrainingModel } from '../../../generator/check/module.ts';
import { randomNumbers } from '../../../generator/check/random.ts';
import { exportPytorch } from '../../../generator/exchange/pytorch/exportPytorch.ts';
import { fitWeights, splitWeights } from '../../../generator/exchange/weights/fit.ts';
import { initialWeights } from '../../../generator/exchange/weights/initialWeights.ts';
import { writeNpz } from '../../../generator/exchange/weights/npz.ts';
import { readSafetensors, writeSafetensors } from '../../../generator/exchange/weights/safetensors.ts';
import { slotsOf } from '../../../generator/exchange/weights/slots.ts';
import { generate } from '../../../generator/index.ts';
import { stages } from '../../../generator/pipeline.ts';
import { relativeError } from '../../execution/load.ts';

vi.setConfig({ testTimeout: 240_000 });

const spec = {
  name: 'net',
  input: [7, 6, 2],
  layers: [
    { type: 'conv2d', filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' },
    { type: 'depthwiseConv2d', name: 'deep', kernelSize: 2, padding: 'same', depthMultiplier: 1, activation: 'silu' },
    { type: 'batchNormalization' },
    { type: 'add', inputs: ['conv2d1', 'batchNormalization1'] },
    { type: 'averagePooling2d', poolSize: 2, padding: 'same', strides: 1 },
    { type: 'conv2d', filters: 4, kernelSize: 2, groups: 2 },
    { type: 'flatten' },
    { type: 'dense', units: 3, activation: 'softmax' },
  ],
  loss: 'categoricalCrossentropy',
};
const [steps, batch, rate] = [3, 4, 0.05];
const network = stages.shape(stages.parse(spec));
const slots = slotsOf(network);
const folder = mkdtempSync(join(tmpdir(), 'longhand-torch-'));
afterAll(() => rmSync(folder, { recursive: true }));

const python = spawnSync('/usr/bin/python3', ['-c', 'import torch, numpy']);
const hasTorch = python.status === 0;
if (!hasTorch) console.warn('PyTorch is not installed: exported training is not run. apt-get install python3-torch');

const weights = initialWeights(network).map(Math.fround);
const random = randomNumbers(5);
const inputs = Float64Array.from({ length: steps * batch * 84 }, () => Math.fround(2 * random() - 1));
const targets = Float64Array.from({ length: steps * batch * 3 }, (_, n) => Number(Math.floor(n / 3) % 3 === n % 3));

function run(command: string, ...words: string[]): void {
  const result = spawnSync(command, words, { cwd: folder, encoding: 'utf8', timeout: 200_000 });
  expect(`${result.status} ${result.stderr}`).toMatch(/^0 /);
}

/** Two processes with what torchrun tells each of its own: torchrun itself needs the machine's name to resolve. */
async function runTwo(...words: string[]): Promise<void> {
  const processes = [0, 1].map((rank) => {
    const env = {
      ...process.env,
      RANK: `${rank}`,
      WORLD_SIZE: '2',
      MASTER_ADDR: '127.0.0.1',
      MASTER_PORT: '29611',
      GLOO_SOCKET_IFNAME: 'lo',
    };
    return spawn('/usr/bin/python3', ['train.py', ...options, '--backend', 'gloo', ...words], {
      cwd: folder,
      env,
      timeout: 200_000,
    });
  });
  const codes = await Promise.all(processes.map((one) => new Promise((done) => one.on('close', done))));
  expect(codes).toEqual([0, 0]);
}

const options = [
  'data.npz',
  '--weights',
  'net.safetensors',
  '--steps',
  `${steps}`,
  '--batch',
  `${batch}`,
  '--rate',
  `${rate}`,
];
const result = (file: string) => fitWeights(slots, readSafetensors(readFileSync(join(folder, file))));

describe.skipIf(!hasTorch)('training in PyTorch', () => {
  it('takes the same three steps as longhand, alone and in two processes, and gives the weights back', async () => {
    for (const { path, content } of exportPytorch(network)) writeFileSync(join(folder, path), content);
    writeFileSync(join(folder, 'net.safetensors'), writeSafetensors(splitWeights(slots, weights), 'F32'));
    const data = [
      { name: 'inputs', shape: [steps * batch, 7, 6, 2], values: inputs },
      { name: 'targets', shape: [steps * batch, 3], values: targets },
    ];
    writeFileSync(join(folder, 'data.npz'), writeNpz(data, 'F32'));
    run('/usr/bin/python3', 'train.py', ...options, '--steps', '0', '--out', 'same.safetensors');
    expect(result('same.safetensors')).toEqual(weights);
    run('/usr/bin/python3', 'train.py', ...options, '--out', 'one.safetensors');
    await runTwo('--out', 'two.safetensors');

    const [file] = generate(spec, { form: 'fast' });
    const model = loadModule<TrainingModel & { trainBatch(...given: unknown[]): number }>(file!.content).createModel(
      weights,
    );
    for (let step = 0; step < steps; step++) {
      const part = (all: Float64Array, size: number) => all.subarray(step * batch * size, (step + 1) * batch * size);
      model.trainBatch(part(inputs, 84), part(targets, 3), batch, rate);
    }
    const moved = relativeError(model.parameters, weights);
    expect(moved).toBeGreaterThan(1e-3);
    expect(relativeError(result('one.safetensors'), model.parameters)).toBeLessThan(1e-5);
    expect(relativeError(result('two.safetensors'), result('one.safetensors'))).toBeLessThan(1e-6);
  });
});
