import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { randomNumbers } from '../../../generator/check/random.ts';
import { drawSample } from '../../../generator/check/sample.ts';
import { exportPytorch } from '../../../generator/exchange/pytorch/exportPytorch.ts';
import { fitWeights, splitWeights } from '../../../generator/exchange/weights/fit.ts';
import { readSafetensors, writeSafetensors } from '../../../generator/exchange/weights/safetensors.ts';
import { slotsOf } from '../../../generator/exchange/weights/slots.ts';
import { stages } from '../../../generator/pipeline.ts';
import { forward, loss } from '../../../generator/reference/interpreter.ts';
import type { ShapedNetwork } from '../../../generator/spec/network.ts';
import { relativeError } from '../../execution/load.ts';
import { exportCases, kindsWithoutCase } from '../onnx/exportCases.ts';
import { lossCases, lossesWithoutCase } from './lossCases.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const folder = mkdtempSync(join(tmpdir(), 'longhand-torch-'));
afterAll(() => rmSync(folder, { recursive: true }));
const hasTorch = spawnSync('/usr/bin/python3', ['-c', 'import torch, numpy']).status === 0;
if (!hasTorch) console.warn('PyTorch is not installed: exported models are not run. apt-get install python3-torch');

const cases = [...exportCases, ...lossCases].map(({ name, spec }, n) => {
  const network = stages.shape(stages.parse({ name: 'net', ...spec }));
  const sample = drawSample(network, randomNumbers(n + 1));
  return { name, network, slots: slotsOf(network), sample, place: join(folder, `case${n}`) };
});

/** Runs every model in one process: loads the weights, computes in float64, writes the weights again. */
const runner = `
import json, sys, importlib.util, torch
for n in range(int(sys.argv[1])):
    place = f'{sys.argv[2]}/case{n}'
    try:
        found = importlib.util.spec_from_file_location('model', f'{place}/model.py')
        module = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
        model = module.Model().double().eval()
        module.load_safetensors(model, f'{place}/weights.safetensors')
        sample = json.load(open(f'{place}/sample.json'))
        x = torch.tensor(sample['input'], dtype=torch.float64).reshape(1, *sample['shape'])
        y = model(x)
        module.save_safetensors(model, f'{place}/again.safetensors')
        result = {'output': y.flatten().tolist(), 'shape': list(y.shape[1:])}
        if 'target' in sample:
            t = torch.tensor(sample['target'], dtype=torch.float64).reshape(1, *sample['targetShape'])
            result['loss'] = module.loss(y, t).item()
        json.dump(result, open(f'{place}/result.json', 'w'))
    except Exception as error:
        json.dump({'error': repr(error)}, open(f'{place}/result.json', 'w'))
`;

/** As the output, or a class number for each place. */
function targetShape({ shapes }: ShapedNetwork, length: number): readonly number[] {
  const output = shapes.at(-1)!;
  return output.reduce((product, size) => product * size, 1) === length ? output : [length];
}

describe.skipIf(!hasTorch)('every layer, activation and loss in PyTorch', () => {
  it('has a case for every layer', () => {
    expect(kindsWithoutCase()).toEqual([]);
    expect(lossesWithoutCase()).toEqual([]);
  });

  it('runs', () => {
    for (const { network, slots, sample, place } of cases) {
      mkdirSync(place);
      for (const { path, content } of exportPytorch(network)) writeFileSync(join(place, path), content);
      const weights = splitWeights(slots, Float64Array.from(sample.parameters));
      writeFileSync(join(place, 'weights.safetensors'), writeSafetensors(weights, 'F64'));
      const target =
        network.loss === undefined
          ? {}
          : { target: Array.from(sample.given), targetShape: targetShape(network, sample.given.length) };
      writeFileSync(
        join(place, 'sample.json'),
        JSON.stringify({ input: Array.from(sample.input), shape: network.input, ...target }),
      );
    }
    writeFileSync(join(folder, 'run.py'), runner);
    const result = spawnSync('/usr/bin/python3', [join(folder, 'run.py'), `${cases.length}`, folder], {
      encoding: 'utf8',
      timeout: 200_000,
    });
    expect(`${result.status} ${result.stderr}`).toMatch(/^0 /);
  });

  for (const { name, network, slots, sample, place } of cases) {
    it(`${name}: PyTorch computes the same, and the weights come back`, () => {
      const result = JSON.parse(readFileSync(join(place, 'result.json'), 'utf8'));
      expect(result.error).toBeUndefined();
      expect(result.shape).toEqual(network.shapes.at(-1));
      expect(relativeError(result.output, forward(network, sample.parameters, sample.input))).toBeLessThan(1e-6);
      if (network.loss !== undefined) {
        expect(result.loss).toBeCloseTo(loss(network, sample.parameters, sample.input, sample.given), 6);
      }
      const again = fitWeights(slots, readSafetensors(readFileSync(join(place, 'again.safetensors'))));
      expect([...again]).toEqual([...sample.parameters]);
    });
  }
});
