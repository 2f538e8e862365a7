import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dump, type GenerateOptions, generate, type NetworkSpec } from '../../generator/index.ts';
import { type Form, stages } from '../../generator/pipeline.ts';
import { forward, loss, parameterShapes } from '../../generator/reference/interpreter.ts';
import { arbitrarySpec } from '../execution/arbitrarySpec.ts';
import { loadOnce } from '../execution/forRandomNetworks.ts';
import { hasTies } from '../execution/gradientsAgree.ts';
import { relativeError } from '../execution/load.ts';
import { type Sample, sampleOf } from '../execution/sample.ts';
import { runsOf } from '../runs.ts';
import { parseEquation, Run, type Store } from './equationText.ts';
import { tensorsOf } from './tensorsOf.ts';

// Every equation that longhand prints is true: read as text and run naively it gives the numbers of the reference.

const runs = runsOf(10);
const options = { inputGradient: true } as const;

type Named = Form | 'textbook';

/** Equations and the notes under them, in the order of the text. */
type Lines = readonly { readonly text: string; readonly isNote: boolean }[];

function linesOfDump(text: string): Lines {
  return text
    .trimEnd()
    .split('\n')
    .filter((line) => !line.includes('Nothing is computed'))
    .map((line) =>
      line.startsWith('    ')
        ? { text: line.trim(), isNote: true }
        : { text: line.slice(line.indexOf(': ') + 2), isNote: false },
    );
}

/** The comments above the statements; those of functions that go on with a block repeat its equation. */
function linesOfModule(text: string, mark: string): Lines {
  let inFunction = 0;
  const firstIn = new Map<string, number>();
  const found = text.split('\n').flatMap((line) => {
    if (/^ *(function|\(func)\b/.test(line)) inFunction++;
    const [, spaces, comment] = new RegExp(`^ *${mark}( +)(\\S.*)$`).exec(line) ?? [];
    if (spaces === undefined || spaces.length < 3 || !line.startsWith('    ')) return [];
    return [{ text: comment!, isNote: spaces.length > 3, inFunction }];
  });
  return found.filter(({ text, isNote, inFunction: here }) => {
    if (isNote) return true;
    if (/^(of the parameters|parameters|gradients|[vmqrα])\b/u.test(text)) return false;
    // One function may add the same twice: y = x·x has two terms that read alike.
    const first = firstIn.get(text) ?? here;
    firstIn.set(text, first);
    return first === here;
  });
}

const texts: Readonly<Record<string, (spec: NetworkSpec) => { lines: Lines; form: Named }>> = {
  'the equations that --dump prints': (spec) => ({
    lines: linesOfDump(dump(spec, 'equations', options)),
    form: 'textbook',
  }),
  ...Object.fromEntries(
    (['unrolled', 'fast', 'wasm'] as const).map((form) => [
      `the equations that --dump prints for ${form}`,
      (spec: NetworkSpec) => ({ lines: linesOfDump(dump(spec, 'equations', { ...options, form })), form }),
    ]),
  ),
  ...Object.fromEntries(
    (['unrolled', 'fast'] as const).map((form) => [
      `the comments of ${form}`,
      (spec: NetworkSpec) => ({ lines: linesOfModule(generate(spec, { ...options, form })[0]!.content, '//'), form }),
    ]),
  ),
  'the comments of wasm': (spec) => ({ lines: linesOfModule(dump(spec, 'wat', options), ';;'), form: 'wasm' }),
};

/** Every array of the network at 0, with what is given. */
function storeFor(spec: NetworkSpec, form: Named, { network, parameters, input, given }: Sample): Store {
  const { program, tensors } = tensorsOf(spec, options, form);
  const store: Store = new Map();
  for (const { name, shape } of tensors) {
    store.set(name, { shape, values: new Float64Array(shape.reduce((product, size) => product * size, 1)) });
  }
  const flat = parameterShapes(network);
  for (const { tensor, name } of program.parameters) {
    const { offset } = flat.find((one) => one.name === name)!;
    const { values } = store.get(tensor.name)!;
    values.set(parameters.slice(offset, offset + values.length));
  }
  store.get('x')!.values.set(input);
  for (const { tensor } of program.masks) store.get(tensor.name)?.values.fill(1);
  const end = program.target ?? program.outputGradient;
  store.get(end!.name)!.values.set(given);
  return store;
}

function runLines(lines: Lines, store: Store): void {
  const run = new Run(store);
  // Notes first: they say what stands in the equation above them.
  for (const { text, isNote } of lines) if (isNote) run.note(text);
  for (const [n, { text, isNote }] of lines.entries()) {
    if (isNote) continue;
    const notes: string[] = [];
    for (let next = n + 1; lines[next]?.isNote; next++) notes.push(lines[next]!.text);
    for (const note of notes) run.note(note);
    const equation = parseEquation(text);
    const before = store.get(equation.name)?.values.slice();
    run.equation(equation);
    // A second way of writing it says the same.
    const values = store.get(equation.name)!.values;
    for (const note of notes.filter((one) => isOther(one, equation.name))) {
      const other = parseEquation(note.startsWith('= ') ? `${text.split(' = ', 1)[0]} ${note}` : note);
      const again: Store = new Map(store);
      again.set(equation.name, { shape: store.get(equation.name)!.shape, values: before!.slice() });
      const second = new Run(again);
      for (const { text: told, isNote: isTold } of lines) if (isTold) second.note(told);
      for (const told of notes) second.note(told);
      second.equation(other);
      expect(relativeError(again.get(equation.name)!.values, values, 1e-3), note).toBeLessThan(1e-11);
    }
  }
}

const isOther = (note: string, name: string): boolean =>
  note.startsWith('= ') || ((note.startsWith(`${name}[`) || note.startsWith(`${name} `)) && / \+?= /.test(note));

it(
  'the equations and comments of every form give the output, the loss and the gradients',
  {
    timeout: Math.max(60_000, runs * 4000),
  },
  () =>
    fc.assert(
      fc.asyncProperty(arbitrarySpec, fc.nat(1e6), async ({ optimizer: _, ...spec }, seed) => {
        // The formulas of a step are held by test/training.
        const sample = sampleOf(spec, seed);
        fc.pre(!hasTies(sample));
        for (const [name, linesOf] of Object.entries(texts)) {
          try {
            const { lines, form } = linesOf(spec);
            const store = storeFor(spec, form, sample);
            runLines(lines, store);
            await expectReference(spec, sample, store, form);
          } catch (error) {
            throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
          }
        }
      }),
      { numRuns: runs },
    ),
);

async function expectReference(spec: NetworkSpec, sample: Sample, store: Store, form: Named): Promise<void> {
  const { network, parameters, input, given } = sample;
  const { program } = tensorsOf(spec, options, form);
  const valuesOf = (name: string) => store.get(name)!.values;
  expect(relativeError(valuesOf(program.output.name), forward(network, parameters, input), 1e-3)).toBeLessThan(1e-11);
  if (program.loss !== undefined) {
    const expected = [loss(network, parameters, input, given)];
    expect(relativeError(valuesOf(program.loss.name), expected, 1e-3)).toBeLessThan(1e-11);
  }
  // The module's gradients are those of differences of the reference, as other tests show.
  const model = (await loadOnce(spec, { ...options, form: 'unrolled' } as GenerateOptions)).createModel(parameters);
  model.forward(input);
  model.backward(given);
  expect(relativeError(valuesOf(program.inputGradient!.name), model.inputGradient, 1e-3)).toBeLessThan(1e-10);
  for (const { tensor, name } of program.parameters) {
    const gradient = program.gradients.get(tensor);
    if (gradient === undefined) continue;
    const { offset } = parameterShapes(network).find((one) => one.name === name)!;
    const found = valuesOf(gradient.name);
    const expected = model.gradients.subarray(offset, offset + found.length);
    expect(relativeError(found, expected, 1e-3), gradient.name).toBeLessThan(1e-10);
  }
}

describe('a printed equation', () => {
  it('stands below those that it reads, though the constants of a border are known before the image', () => {
    const layers = [
      { type: 'resizing', height: 3, width: 1 },
      { type: 'padding2d', padding: [[0, 2], [1, 1]], value: -1.5 }, // biome-ignore format: one line
      { type: 'layerNormalization' },
      { type: 'conv2d', filters: 3, padding: 'same', activation: 'silu', kernelSize: 3 },
    ];
    const spec = { name: 'border', input: [3, 2, 2], layers };
    const lines = generate(spec, { ...options, form: 'unrolled' })[0]!.content.split('\n');
    const placeOf = (start: string): number => lines.findIndex((line) => line.trim().startsWith(start));
    const places = ['//   y1[i,c] = ', '//   y2[i,1,c] = y1[i,c]', '//   μ3[i,j] = '].map(placeOf);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it('adds up where several terms meet at one place', () => {
    const layer = { type: 'conv2d', filters: 1, kernelSize: 2, strides: 2, dilationRate: 2, useBias: false };
    const text = dump({ name: 'scatter', input: [5, 5, 1], layers: [layer] }, 'equations', options);
    expect(text).toContain('dx[2i+2p,2j+2q] += dz1[i,j]·W1[p,q]   for all i,j,p,q');
  });

  it('says in which shape it reads numbers that another layer wrote, also where they are one', () => {
    const layers = [
      { type: 'reshape', shape: [1, 1, 1] },
      {
        type: 'conv2d',
        filters: 1,
        kernelSize: 1,
        padding: [
          [0, 0],
          [0, 1],
        ],
      },
    ];
    const text = dump({ name: 'one', input: [1], layers }, 'equations');
    expect(text).toContain('Nothing is computed: its one number is x itself.');
    expect(text).toContain('z1[j] = b1 + W1·x‹1×1×1›[0,j,0]   where j < 2');
  });

  it('has no term of what nothing adds to', () => {
    const layers = [
      { type: 'batchNormalization' },
      { type: 'concatenate', axis: 1, inputs: ['input', 'batchNormalization1', 'input'] },
      { type: 'conv2d', filters: 1, strides: 2, kernelSize: 1 },
    ];
    const spec = { name: 'passedOver', input: [1, 1, 1], layers };
    const text = generate(spec, { ...options, form: 'unrolled' })[0]!.content;
    expect(text).toContain('//   dx = dy2[2] + dy2[0]\n');
    expect(text).not.toContain('dx̂1');
  });

  it('defines what is met once, also where two equations share a target', () => {
    const layers = [
      { type: 'flatten', name: 'f' },
      { type: 'reshape', shape: [2, 2, 1] },
      { type: 'concatenate', inputs: ['reshape1', 'input'] },
    ];
    const text = dump({ name: 'both', input: [2, 2, 1], layers }, 'equations');
    expect(text.match(/ \+= /g)).toBeNull();
    expect(stages.parse({ name: 'both', input: [2, 2, 1], layers }).layers).toHaveLength(3);
  });
});
