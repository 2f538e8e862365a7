import { describe, expect, it } from 'vitest';
import { assemble } from '../../generator/assembler/assemble.ts';
import { type Code, scaleSum, type Value } from '../../generator/code/code.ts';
import { mapParts, mapStatement } from '../../generator/code/parts.ts';
import { placeParameters } from '../../generator/equations/parameters.ts';
import { sizeOf, type Tensor } from '../../generator/equations/tensor.ts';
import { filledLanes } from '../../generator/passes/fillLanes.ts';
import { stages } from '../../generator/pipeline.ts';
import { WatFunction } from '../../generator/print/wat/watFunction.ts';
import { codeOf } from '../../generator/schedule/unrolled/plan.ts';
import { load, relativeError } from '../execution/load.ts';
import { sampleOf } from '../execution/sample.ts';
import { startModule } from '../wasm/webAssembly.ts';

/** Windows in a tournament, in one line, in another order than the reads; addresses of winners; sums and choices. */
const specs = [
  {
    name: 'tournament',
    input: [4, 4, 1],
    layers: [
      { type: 'conv2d', filters: 2, kernelSize: 3, padding: 'same', activation: 'leakyRelu' },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'flatten' },
      { type: 'dense', units: 2 },
    ],
    loss: 'squaredError',
  },
  {
    name: 'written',
    input: [10, 10, 1],
    layers: [
      { type: 'conv2d', filters: 2, kernelSize: 3, activation: 'relu' },
      { type: 'maxPooling2d', poolSize: [1, 2] },
      { type: 'conv2d', filters: 2, kernelSize: 3, activation: 'relu' },
      { type: 'maxPooling2d', poolSize: [2, 1] },
      { type: 'flatten' },
      { type: 'dense', units: 3 },
    ],
    loss: 'squaredError',
  },
];

type Exports = { readonly memory: { readonly buffer: ArrayBuffer } } & { readonly [name: string]: () => void };

/** Addresses of float32 numbers, as the loops of WebAssembly are lowered in; added up, as a winner may move them back. */
function inBytes(code: readonly Code[]): readonly Code[] {
  const moved = (value: Value): Value =>
    value.kind === 'load' ? { ...value, at: { ...scaleSum(4, value.at), isAddedUp: true } } : mapParts(value, moved);
  return code.map((one) =>
    mapStatement(one, {
      value: moved,
      int: (value) => (value.kind === 'load' ? { ...value, at: scaleSum(4, value.at) } : value),
      at: (at) => scaleSum(4, at),
      body: inBytes,
    }),
  );
}

describe('What is written out is the same code as loops are: the printer of WebAssembly prints it', () => {
  it.each(specs)('$name: the same gradients as the text in TypeScript, in float32', async (spec) => {
    const network = stages.shape(stages.parse(spec));
    const program = stages.equations(network, { form: 'unrolled' });
    const planned = stages.plan(program, { form: 'unrolled' });
    if (planned.form !== 'unrolled') throw new Error('another form');
    const { functions, stored } = planned.plan;

    const offsets = new Map<Tensor, number>();
    let end = 0;
    for (const tensor of new Set([...stored, ...program.gradients.values()])) {
      offsets.set(tensor, end);
      end += 4 * sizeOf(tensor);
    }
    const printed = functions.map((one) => {
      const text = new WatFunction({ offsets, lengths: new Map() }, false);
      text.print(filledLanes(inBytes(codeOf(one)), 4));
      return `(func (export "${one.name}") ${[...text.declarations, ...text.lines].join('\n')})`;
    });
    const text = `(module (memory (export "memory") 4) ${printed.join('\n')})`;
    const exports = startModule(assemble(text)) as Exports;
    const floats = (tensor: Tensor): Float32Array =>
      new Float32Array(exports.memory.buffer, offsets.get(tensor), sizeOf(tensor));

    const { input, given, parameters } = sampleOf(spec, 1);
    const model = (await load(spec, { form: 'unrolled' })).createModel(parameters);
    model.forward(input);
    model.backward(given);

    const placed = placeParameters(program.parameters);
    for (const { tensor, offset: start } of placed) {
      floats(tensor).set(Float32Array.from(parameters.slice(start, start + sizeOf(tensor))));
    }
    floats(program.input).set(Float32Array.from(input));
    floats(program.target as Tensor).set(Float32Array.from(given));
    for (const { name } of functions) exports[name]?.();

    for (const { tensor, offset: start } of placed) {
      const expected = model.gradients.subarray(start, start + sizeOf(tensor));
      expect(relativeError(floats(program.gradients.get(tensor) as Tensor), expected)).toBeLessThan(1e-5);
    }
  });
});
