import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadModule } from '../../../generator/check/module.ts';
import { generate } from '../../../generator/index.ts';
import { relativeError } from '../../execution/load.ts';
import { importModel } from './compare.ts';
import { onnxRuntime } from './onnxRuntime.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const names = ['mnist8', 'autoencoder', 'resnet8', 'visual_wake_words', 'keyword_spotting', 'lenet5'];
const larger = ['squeezenet', 'mobilenet_v2', 'mobilenet_v3', 'unet'];

const hasTorch = spawnSync('/usr/bin/python3', ['-c', 'import torch, onnx']).status === 0;
if (!hasTorch)
  console.warn(
    'PyTorch and onnx are not installed: whole models are not built. apt-get install python3-torch python3-onnx',
  );
const runtime = await onnxRuntime();
const folder = mkdtempSync(join(tmpdir(), 'longhand-whole-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Numbers {
  readonly name: string;
  readonly values: readonly number[];
}

describe.skipIf(!hasTorch)('whole models', () => {
  beforeAll(() => {
    const script = 'test/exchange/onnx/wholeModels.py';
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const result = spawnSync('/usr/bin/python3', [script, folder], { encoding: 'utf8', timeout: 200_000, env });
    expect(`${result.status} ${result.status === 0 ? '' : result.stderr}`).toBe('0 ');
  });

  for (const name of [...names, ...larger]) {
    it(`${name} computes what PyTorch computes, and ONNX Runtime`, async () => {
      const bytes = readFileSync(join(folder, `${name}.onnx`));
      const known = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
      const [given] = known.inputs as [Numbers];
      const [expected] = known.outputs as [Numbers];
      const { spec, weights, inputs, outputs } = importModel(bytes);
      const flat = weights.flatMap(({ values }) => Array.from(values));
      expect(flat).toHaveLength(known.weights);
      const [file] = generate(spec, { form: 'fast', inference: true });
      const model = loadModule(file!.content).createModel(flat);
      const inOrder = (values: ArrayLike<number>, order: Int32Array) => Float64Array.from(order, (n) => values[n]!);
      const found = model.forward(inOrder(given.values, inputs[0]!.order));
      expect(relativeError(found, inOrder(expected.values, outputs[0]!.order))).toBeLessThan(1e-5);
      if (runtime === undefined) return;
      const theirs = await runtime(bytes, { [given.name]: { shape: inputs[0]!.dims.slice(1), values: given.values } });
      expect(relativeError(found, inOrder(theirs[expected.name]!, outputs[0]!.order))).toBeLessThan(1e-5);
    });
  }
});
