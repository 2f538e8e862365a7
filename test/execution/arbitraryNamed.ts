import fc from 'fast-check';
import type { NetworkSpec } from '../../generator/index.ts';
import { stages } from '../../generator/pipeline.ts';
import { arbitrarySpec } from './arbitrarySpec.ts';

/** A random network whose input and outputs have names: one input or two, read in turn, and one output or two. */
export const arbitraryNamed: fc.Arbitrary<NetworkSpec> = fc
  .tuple(arbitrarySpec, fc.boolean(), fc.nat(9))
  .map(([spec, isDouble, earlier]) => {
    const { layers } = stages.parse(spec);
    const inputs = isDouble ? ['first-one', 'second'] : ['only'];
    let reads = 0;
    const named = spec.layers.map((layer, n) => ({
      ...layer,
      name: layers[n]!.name,
      inputs: layers[n]!.inputs.map((name) => (name === 'input' ? inputs[reads++ % inputs.length]! : name)),
    }));
    // Of two inputs each is read.
    const input = Object.fromEntries(inputs.slice(0, Math.max(1, reads)).map((name) => [name, spec.input]));
    const last = layers.at(-1)!.name;
    const other = layers[earlier % layers.length]!.name;
    const { loss, ...rest } = spec as NetworkSpec & { readonly loss?: unknown };
    const outputs = {
      ...(other === last ? {} : { [other]: loss === undefined ? {} : { loss: 'squaredError', weight: 0.5 } }),
      [last]: loss === undefined ? {} : { loss },
    };
    return { ...rest, input, layers: named, outputs } as unknown as NetworkSpec;
  });
