import { describe, expect, it } from 'vitest';
import type { Value } from '../../generator/code/code.ts';
import { mapParts } from '../../generator/code/parts.ts';
import { stages } from '../../generator/pipeline.ts';
import { proveText } from '../../generator/prove/index.ts';
import { mapMemory } from '../../generator/prove/wasm/memoryMap.ts';
import { mapCode } from '../../generator/schedule/loops/loopPlan.ts';
import { randomNumbers } from '../execution/randomNumbers.ts';
import { block } from './block.ts';
import { answers, modelOf, worst } from './models.ts';

describe('prove', () => {
  const spec = block(8);

  it('shows a block of ResNet8 by tiles, exactly', () => {
    const { text, network, map } = moduleOf(spec, (value) => value);
    expect(proveText(text, network, { map, rounds: 4 }).failures).toEqual([]);
  }, 60_000);

  it('tells a constant of a transform that is another', () => {
    const { text, network, map } = moduleOf(spec, (value) => (value === 2.8125 ? 2.75 : value));
    const { failures } = proveText(text, network, { map, rounds: 4 });
    expect(failures.map(({ claim }) => claim)).toContain('reference');
  }, 60_000);
});

/** A module whose code has other numbers. */
function moduleOf(spec: object, change: (value: number) => number) {
  const options = { form: 'wasm', inputGradient: true } as const;
  const network = stages.shape(stages.parse(spec));
  const program = stages.equations(network, options);
  const planned = stages.plan(program, options);
  if (planned.form !== 'wasm') throw new Error('another form');
  const changed = (value: Value): Value =>
    value.kind === 'number' ? { ...value, value: change(value.value) } : mapParts(value, changed);
  const plan = mapCode(planned.plan, (code) =>
    code.map((one) => (one.kind === 'constant' ? { ...one, value: changed(one.value) } : one)),
  );
  return {
    text: stages.print(network, program, { ...planned, plan }),
    network,
    map: mapMemory(network, program, plan),
  };
}

it('Written out, tiles compute in float64 what sums do', async () => {
  const { layers, ...rest } = block(6);
  const spec = { ...rest, layers: [layers[1], layers[4]] };
  const [input, target] = [randomNumbers(288, 1, 0), randomNumbers(8, 2, 0)];
  const direct = answers(await modelOf(spec, { form: 'fast' }), input, target);
  const tiles = answers(await modelOf(spec, { form: 'unrolled', winograd: true, maxTerms: 1e9 }), input, target);
  expect(worst(tiles, direct)).toBeLessThan(1e-12);
}, 60_000);
