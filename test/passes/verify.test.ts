import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Code } from '../../generator/code/code.ts';
import { sumOf, variableSum } from '../../generator/code/code.ts';
import { verifyCode } from '../../generator/code/verify.ts';
import type { NetworkSpec } from '../../generator/index.ts';
import type { State } from '../../generator/passes/pass.ts';
import { verifyState } from '../../generator/passes/verify.ts';
import { builtForms, passesOf, stages } from '../../generator/pipeline.ts';
import { arbitrarySpec } from '../execution/arbitrarySpec.ts';
import { arbitraryWide } from '../wasm/arbitraryWide.ts';

const samples: readonly NetworkSpec[] = [
  ...fc.sample(arbitrarySpec, { numRuns: 12, seed: 3 }),
  ...fc.sample(arbitraryWide, { numRuns: 8, seed: 3 }),
];

describe.each(builtForms)('After every pass of the form %s', (form) => {
  it('what must hold holds, of random networks', () => {
    const seen = new Set<string>();
    const faults = samples.flatMap((spec) => {
      const found: string[] = [];
      const after = ({ name }: { readonly name: string }, state: State): void => {
        seen.add(name);
        found.push(...verifyState(state).map((fault) => `${name}: ${fault} in ${JSON.stringify(spec)}`));
      };
      const options = { form, inputGradient: true, maxTerms: 1e9 };
      const program = stages.equations(stages.shape(stages.parse(spec)), options, { after });
      stages.plan(program, options, { after });
      return found;
    });
    expect(faults).toEqual([]);
    const [shortest] = passesOf(form);
    expect(shortest!.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
  });
});

describe('What cannot be code is told', () => {
  const [a, b] = [{ name: 'a_0' }, { name: 'b_0' }];
  const i = { name: 'i' };
  const number = { kind: 'number', value: 1 } as const;
  const y = { name: 'y', shape: [4], role: 'value' } as const;
  const stored = (at: ReturnType<typeof sumOf>, value: Parameters<typeof verifyCode>[0][number]): Code[] => [
    value,
    { kind: 'store', array: y, at, value: { kind: 'local', local: a }, isAdded: false },
  ];

  it.each<[string, readonly Code[], string]>([
    [
      'a local that is read first',
      stored(sumOf(0), { kind: 'constant', local: b, value: number }),
      'a_0 is read before it is defined',
    ],
    [
      'a local of a loop that is read behind it',
      stored(sumOf(0), {
        kind: 'loop',
        variable: i,
        from: sumOf(0),
        to: sumOf(4),
        step: 1,
        lanes: 1,
        body: [{ kind: 'constant', local: a, value: number }],
      }),
      'a_0 is read before it is defined',
    ],
    [
      'an address by a counter of no loop',
      stored(variableSum(i), { kind: 'constant', local: a, value: number }),
      'i is read before it is defined',
    ],
    [
      'a local that is defined twice',
      [
        { kind: 'constant', local: a, value: number },
        ...stored(sumOf(0), { kind: 'constant', local: a, value: number }),
      ],
      'a_0 is defined twice',
    ],
  ])('%s', (_, code, fault) => expect(verifyCode(code)).toEqual([fault]));
});
