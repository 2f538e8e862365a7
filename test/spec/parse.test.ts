import { describe, expect, test } from 'vitest';
import { optimizers } from '../../generator/layers/optimizers/registry.ts';
import { defineNetwork } from '../../generator/spec/define-network.ts';
import { specJsonSchema } from '../../generator/spec/json-schema.ts';
import { parseSpec } from '../../generator/spec/parse.ts';
import { formatProblem } from '../../generator/spec/problem.ts';

const conv = { type: 'conv2d', filters: 4, kernelSize: 3 };
const dense = { type: 'dense', units: 2, activation: 'softmax' };

/** A good spec, with some of its keys replaced. */
function spec(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { name: 'digits', input: [8, 8, 1], layers: [conv, { type: 'flatten' }, dense], ...changes };
}

function problemsOf(value: unknown): string[] {
  const result = parseSpec(value);
  return result.ok ? [] : result.problems.map((problem) => formatProblem(problem));
}

/** The problems of a spec with one layer, which reads the image. */
function layerProblems(layer: unknown): string[] {
  return problemsOf(spec({ layers: [layer] }));
}

function networkOf(value: unknown) {
  const result = parseSpec(value);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.network;
}

const positive = 'expected a positive integer';
const sizeExpected = `${positive} or a pair [height, width] of them`;
const shapeExpected = 'expected [height, width, channels], [n, channels] or [n] of positive integers';
const nameExpected = 'expected a name: a letter, then at most 63 letters, digits, _ or -';
const paddingExpected = "expected 'valid', 'same' or [[top, bottom], [left, right]] of integers from 0";

describe('a good spec', () => {
  test('gets its defaults, its names and its inputs', () => {
    const { layers } = networkOf(spec());
    expect(layers.map(({ name, inputs }) => [name, inputs])).toEqual([
      ['conv2d1', ['input']],
      ['flatten1', ['conv2d1']],
      ['dense1', ['flatten1']],
    ]);
    expect(layers[0]!.options).toMatchObject({ kernelSize: [3, 3], strides: [1, 1], padding: 'valid', useBias: true });
  });

  test('may give a size as a pair and padding as zeros on each side', () => {
    const padding = [
      [0, 1],
      [2, 3],
    ];
    const [layer] = networkOf(spec({ layers: [{ ...conv, kernelSize: [1, 2], padding }] })).layers;
    expect(layer!.options).toMatchObject({ kernelSize: [1, 2], padding });
  });

  test('numbers the layers of a type, around the names that the user took', () => {
    const flatten = { type: 'flatten' };
    const layers = [flatten, { ...flatten, name: 'flatten2' }, flatten, { ...flatten, name: 'own' }, flatten];
    const names = networkOf(spec({ layers })).layers.map(({ name }) => name);
    expect(names).toEqual(['flatten1', 'flatten2', 'flatten3', 'own', 'flatten5']);
  });

  test('may name earlier layers, by a default name too, and the input', () => {
    const layers = [conv, { ...conv, name: 'b', inputs: ['input'] }, { ...conv, inputs: ['conv2d1'] }];
    expect(networkOf(spec({ layers })).layers.map(({ inputs }) => inputs)).toEqual([['input'], ['input'], ['conv2d1']]);
  });

  test('may say an optimiser by its name alone', () => {
    expect(networkOf(spec({ optimizer: 'adam' })).optimizer).toEqual(
      networkOf(spec({ optimizer: { type: 'adam' } })).optimizer,
    );
    const names = Object.keys(optimizers).join(', ');
    expect(problemsOf(spec({ optimizer: 'adma' }))).toEqual([
      `optimizer: found "adma"; expected one of ${names}, or an object with one of them as its type; did you mean "adam"?`,
    ]);
    expect(problemsOf(spec({ optimizer: 5 }))).toEqual([
      `optimizer: found 5; expected one of ${names}, or an object with one of them as its type`,
    ]);
  });

  test('may name a JSON Schema for editors', () => {
    expect(problemsOf(spec({ $schema: './network.schema.json' }))).toEqual([]);
  });

  test('keeps no option that was not given and has no default', () => {
    const [layer] = networkOf(spec({ layers: [conv] })).layers;
    expect(Object.keys(layer!.options)).not.toContain('alpha');
  });
});

describe('a value that is no spec', () => {
  const expected = 'expected an object with the keys name, input, layers and perhaps loss and optimizer';
  test.each([
    [null, 'null'],
    [undefined, 'nothing'],
    [[], '[]'],
    ['digits', '"digits"'],
    [() => ({}), 'a function'],
  ])('is refused: %o', (value, found) => {
    expect(problemsOf(value)).toEqual([`spec: found ${found}; ${expected}`]);
  });

  test('an empty object lacks the name, the input and the layers', () => {
    expect(problemsOf({})).toEqual([
      `name: found nothing; ${nameExpected}`,
      `input: found nothing; ${shapeExpected}`,
      'layers: found nothing; expected an array of at least one layer',
    ]);
  });
});

describe('a wrong value', () => {
  test.each<[unknown, string]>([
    [{ name: '' }, `name: found ""; ${nameExpected}`],
    [{ name: 7 }, `name: found 7; ${nameExpected}`],
    [{ name: '../up' }, `name: found "../up"; ${nameExpected}`],
    [{ name: 'ends*/now' }, `name: found "ends*/now"; ${nameExpected}`],
    [{ name: 'two\nlines' }, `name: found "two\\nlines"; ${nameExpected}`],
    [{ name: 'name\n' }, `name: found "name\\n"; ${nameExpected}`],
    [{ name: 'größe' }, `name: found "größe"; ${nameExpected}`],
    [{ name: 'a'.repeat(65) }, `name: found "${'a'.repeat(58)}…; ${nameExpected}`],
    [{ input: [8, 8, 1, 1] }, `input: found [8,8,1,1]; ${shapeExpected}`],
    [{ input: [8, 0, 1] }, `input: found [8,0,1]; ${shapeExpected}`],
    [{ input: 64 }, `input: found 64; ${shapeExpected}`],
    [{ input: ['8', 8, 1] }, `input: found ["8",8,1]; ${shapeExpected}`],
    [{ input: [2 ** 24 + 1] }, 'input: found [16777217]; expected at most 16777216 (2^24)'],
    [
      { input: [5000, 5000, 3] },
      'input: found [5000,5000,3], 75000000 elements; expected at most 16777216 (2^24) elements',
    ],
    [{ layers: [] }, 'layers: found []; expected an array of at least one layer'],
    [{ layers: { 0: conv } }, `layers: found ${JSON.stringify({ 0: conv })}; expected an array of at least one layer`],
    [{ layers: [conv, null] }, 'layers[1]: found null; expected a layer: an object with a type'],
    [{ $schema: 1 }, '$schema: found 1; expected the address of a JSON Schema'],
  ])('of the spec is refused: %j', (changes, problem) => {
    expect(problemsOf(spec(changes as Record<string, unknown>))).toEqual([problem]);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ filters: 0 }, `filters: found 0; ${positive}`],
    [{ filters: -1 }, `filters: found -1; ${positive}`],
    [{ filters: 1.5 }, `filters: found 1.5; ${positive}`],
    [{ filters: '4' }, `filters: found "4"; ${positive}`],
    [{ filters: null }, `filters: found null; ${positive}`],
    [{ filters: undefined }, `filters: found nothing; ${positive}`],
    [{ filters: Number.NaN }, `filters: found NaN; ${positive}`],
    [{ filters: Number.POSITIVE_INFINITY }, `filters: found Infinity; ${positive}`],
    [{ filters: 2 ** 30 }, 'filters: found 1073741824; expected at most 16777216 (2^24)'],
    [{ kernelSize: 0 }, `kernelSize: found 0; ${sizeExpected}`],
    [{ kernelSize: [3, 0] }, `kernelSize: found [3,0]; ${sizeExpected}`],
    [{ kernelSize: [3, 3, 3] }, `kernelSize: found [3,3,3]; ${sizeExpected}`],
    [{ kernelSize: [1, 2 ** 30] }, 'kernelSize: found [1,1073741824]; expected at most 16777216 (2^24)'],
    [{ strides: true }, `strides: found true; ${sizeExpected}`],
    [{ padding: 1 }, `padding: found 1; ${paddingExpected}`],
    [{ padding: 'sames' }, `padding: found "sames"; ${paddingExpected}; did you mean "same"?`],
    [
      {
        padding: [
          [0, -1],
          [0, 0],
        ],
      },
      `padding: found [[0,-1],[0,0]]; ${paddingExpected}`,
    ],
    [{ useBias: 1 }, 'useBias: found 1; expected true or false'],
    [{ name: '1st' }, `name: found "1st"; ${nameExpected}`],
    [{ name: 'input' }, `name: found "input"; expected another name: 'input' is the network's input`],
    [
      { alpha: 0.1 },
      'alpha: found 0.1 beside activation "linear"; expected no alpha here: it belongs to activation leakyRelu, elu, hardSigmoid, celu, step',
    ],
    [{ activation: 'celu', alpha: 0 }, 'alpha: found 0; expected another number: celu divides by it'],
    [{ activation: 'leakyRelu', alpha: '0.1' }, 'alpha: found "0.1"; expected a number'],
    [{ activation: 'leakyRelu', alpha: Number.NaN }, 'alpha: found NaN; expected a number'],
  ])('of a layer is refused: %j', (changes, problem) => {
    const problems = layerProblems({ ...conv, ...changes });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`layers[0].${problem}`);
  });

  test('cannot move the cursor of the terminal that shows it', () => {
    const [problem] = problemsOf(spec({ name: '\u001b[2J\u009b1m\u202eabc' }));
    expect(problem).toContain('found "\\u001b[2J\\u009b1m\\u202eabc"');
  });

  test('that cannot be printed is still refused', () => {
    const circular: unknown[] = [];
    circular.push(circular);
    expect(problemsOf(spec({ input: circular }))).toEqual([`input: found an array; ${shapeExpected}`]);
    expect(problemsOf(spec({ input: 5n }))).toEqual([`input: found 5n; ${shapeExpected}`]);
  });
});

describe('a misspelt word', () => {
  test.each<[Record<string, unknown>, string]>([
    [
      { type: 'conv2d', filters: 4, kernelSze: 3 },
      'kernelSze: found a key that conv2d does not have; did you mean kernelSize?',
    ],
    [
      { type: 'conv2d', filters: 4, kernel_size: 3 },
      'kernel_size: found a key that conv2d does not have; did you mean kernelSize?',
    ],
    [
      { ...conv, color: 1 },
      'color: found a key that conv2d does not have; expected only type, name, inputs, filters, ',
    ],
    [
      { type: 'flatten', filters: 1 },
      'filters: found a key that flatten does not have; expected only type, name, inputs',
    ],
    [{ ...conv, activation: 'rellu' }, 'did you mean "relu"?'],
    [{ ...conv, type: 'Conv2D' }, 'type: found "Conv2D"; expected one of conv2d, '],
    [{ ...conv, type: 'cnov2d' }, 'did you mean "conv2d"?'],
    [{ ...conv, type: 'constructor' }, 'type: found "constructor"; expected one of conv2d, '],
    [{ ...conv, type: undefined }, 'type: found nothing; expected one of conv2d, '],
  ])('in a layer is one problem with the right word: %j', (layer, advice) => {
    const problems = layerProblems(layer);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('layers[0].');
    expect(problems[0]).toContain(advice);
  });

  test('at the top is one problem with the right word', () => {
    const { layers, ...rest } = spec();
    expect(problemsOf({ ...rest, layer: layers })).toEqual([
      'layer: found a key that a spec does not have; did you mean layers?',
    ]);
  });

  test('among the losses gets the nearest loss', () => {
    expect(problemsOf(spec({ loss: 'squareError' }))[0]).toMatch(
      /^loss: found "squareError"; expected one of squaredError, .*; did you mean "squaredError"\?$/,
    );
  });

  test('is harmless as the name of something that every object has', () => {
    const hostile = JSON.parse(
      '{"__proto__": {"name": "x"}, "input": [4], "layers": [{"type": "flatten", "__proto__": {"units": 1}}], "toString": 1}',
    );
    expect(problemsOf(hostile)).toEqual([
      expect.stringMatching(/^__proto__: found a key that a spec does not have/),
      expect.stringMatching(/^layers\[0\]\.__proto__: found a key that flatten does not have/),
      expect.stringMatching(/^toString: found a key that a spec does not have/),
      `name: found nothing; ${nameExpected}`,
    ]);
    expect(({} as { name?: string }).name).toBeUndefined();
  });
});

describe('the inputs of a layer', () => {
  const flatten = { type: 'flatten' };
  test.each<[unknown[], string]>([
    [
      [{ ...flatten, inputs: ['conv2d1'] }, conv],
      'layers[0].inputs[0]: found "conv2d1", a later layer; expected an earlier layer (input)',
    ],
    [
      [{ ...flatten, inputs: ['flatten1'] }],
      'layers[0].inputs[0]: found "flatten1", the layer itself; expected an earlier layer (input)',
    ],
    [
      [conv, { ...flatten, inputs: ['conv2d'] }],
      'layers[1].inputs[0]: found "conv2d"; expected an earlier layer (input, conv2d1); did you mean "conv2d1"?',
    ],
    [
      [{ ...flatten, inputs: 'input' }],
      `layers[0].inputs: found "input"; expected an array of names of earlier layers or 'input'`,
    ],
    [
      [{ ...flatten, inputs: [] }],
      `layers[0].inputs: found []; expected an array of names of earlier layers or 'input'`,
    ],
    [
      [{ ...flatten, inputs: [0] }],
      `layers[0].inputs[0]: found 0; expected an array of names of earlier layers or 'input'`,
    ],
    [
      [conv, { ...flatten, inputs: ['conv2d1', 'input'] }],
      'layers[1].inputs: found 2 inputs; expected exactly one input for flatten',
    ],
    [
      [{ ...flatten, input: ['input'] }],
      'layers[0].input: found a key that flatten does not have; did you mean inputs?',
    ],
  ])('must be earlier layers, as many as it reads: %j', (layers, problem) => {
    expect(problemsOf(spec({ layers }))).toEqual([problem]);
  });

  test('may not be told apart by one name', () => {
    const named = { ...conv, name: 'same' };
    expect(problemsOf(spec({ layers: [named, named] }))).toEqual([
      'layers[1].name: found "same", which is the name of layers[0]; expected a name that no other layer has',
    ]);
  });

  test('are not refused for the mistake of the layer that they name', () => {
    const layers = [
      { ...conv, type: 'conv3d' },
      { ...flatten, inputs: ['conv3d1'] },
    ];
    expect(problemsOf(spec({ layers })).map((problem) => problem.split(':')[0])).toEqual(['layers[0].type']);
  });

  test('are suggested from a short list where there are many', () => {
    const layers = [...Array.from({ length: 40 }, () => flatten), { ...flatten, inputs: ['flaten39'] }];
    expect(problemsOf(spec({ layers }))).toEqual([
      'layers[40].inputs[0]: found "flaten39"; expected an earlier layer (input, …, flatten31, flatten32, flatten33, ' +
        'flatten34, flatten35, flatten36, flatten37, flatten38, flatten39, flatten40); did you mean "flatten39"?',
    ]);
  });

  test('are not suggested under a name that a terminal would obey', () => {
    const layers = [
      { ...flatten, name: '\u001b[2J' },
      { ...flatten, inputs: ['away'] },
    ];
    expect(problemsOf(spec({ layers }))).toEqual([
      `layers[0].name: found "\\u001b[2J"; ${nameExpected}`,
      'layers[1].inputs[0]: found "away"; expected an earlier layer (input)',
    ]);
  });
});

describe('a spec beyond all measure', () => {
  const flatten = { type: 'flatten' };
  test('of too many layers is refused', () => {
    expect(problemsOf(spec({ layers: Array(10_001).fill(flatten) }))).toEqual([
      'layers: found 10001 layers; expected at most 10000',
    ]);
    expect(problemsOf(spec({ layers: Array(10_000).fill(flatten) }))).toEqual([]);
  });

  test('with a layer of too many inputs is refused', () => {
    const add = (count: number) => ({ type: 'add', inputs: Array(count).fill('input') });
    expect(layerProblems(add(1024))).toEqual([]);
    expect(layerProblems(add(1025))).toEqual([
      expect.stringMatching(/^layers\[0\]\.inputs: found \["input",.*…; expected at most 1024 names$/),
    ]);
  });

  test('of more than 100 problems gets the first 100, in the order of the file', () => {
    const keys = Array.from({ length: 5000 }, (_, n): [string, number] => [`unknown${n}`, n]);
    const problems = problemsOf({ ...Object.fromEntries(keys), ...spec() });
    expect(problems).toHaveLength(101);
    expect(problems[99]).toMatch(/^unknown99: found a key/);
    expect(problems[100]).toBe('spec: found 100 problems and stopped there; expected these to be mended first');
  });

  test('of 100 problems gets these and no word of more', () => {
    const problems = problemsOf(spec({ layers: Array(100).fill(null) }));
    expect(problems).toHaveLength(100);
    expect(problems[99]).toMatch(/^layers\[99\]: found null/);
  });

  test.each([
    ['unknown keys', Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, 1]))],
    ['layers that read a layer that is not there', { layers: Array(10_000).fill({ ...flatten, inputs: ['away'] }) }],
    ['layers of one name', { layers: Array(10_000).fill({ ...flatten, name: 'same' }) }],
    ['inputs of the wrong kind', { layers: [{ type: 'add', inputs: Array(1000).fill(7) }] }],
  ])('of many %s is refused within seconds', { timeout: 15_000 }, (_, changes) => {
    expect(problemsOf(spec(changes))).toHaveLength(101);
  });
});

describe('a loss', () => {
  const advice =
    'in the last layer, fromLogits, fromProbabilities, or another loss (squaredError, meanSquaredError, meanAbsoluteError, meanAbsolutePercentageError, meanSquaredLogarithmicError, huber, logCosh, hinge, squaredHinge, poisson, negativeLogLikelihood, categoricalHinge, kullbackLeiblerDivergence, cosineProximity, cosineDistance)';
  test('of categoricalCrossentropy wants a last activation of softmax', () => {
    const last = { ...dense, activation: 'sigmoid' };
    const layers = [conv, { type: 'flatten' }, last];
    expect(problemsOf(spec({ loss: 'categoricalCrossentropy' }))).toEqual([]);
    expect(problemsOf(spec({ layers, loss: 'categoricalCrossentropy' }))).toEqual([
      `loss: found "categoricalCrossentropy" after a last activation "sigmoid"; expected activation "softmax" or "logSoftmax" ${advice}`,
    ]);
  });

  test('of binaryCrossentropy wants a last activation of sigmoid, which may be a layer of its own', () => {
    const sigmoid = { type: 'activation', activation: 'sigmoid' };
    expect(problemsOf(spec({ layers: [sigmoid], loss: 'binaryCrossentropy' }))).toEqual([]);
    const pool = { type: 'globalMaxPooling2d' };
    expect(problemsOf(spec({ layers: [sigmoid, pool], loss: 'binaryCrossentropy' }))).toEqual([
      `loss: found "binaryCrossentropy" after a last layer globalMaxPooling2d; expected activation "sigmoid" ${advice}`,
    ]);
  });

  test('looks through layers that only rename places, but not through the input', () => {
    const sigmoid = { type: 'activation', activation: 'sigmoid' };
    const flatten = { type: 'flatten' };
    expect(problemsOf(spec({ layers: [sigmoid, flatten, flatten], loss: 'binaryCrossentropy' }))).toEqual([]);
    expect(problemsOf(spec({ layers: [flatten], loss: 'binaryCrossentropy' }))).toEqual([
      `loss: found "binaryCrossentropy" after a last layer flatten; expected activation "sigmoid" ${advice}`,
    ]);
  });

  test.each(['squaredError', 'meanSquaredError'])('of %s takes any last layer', (loss) => {
    expect(problemsOf(spec({ loss }))).toEqual([]);
  });

  test('may not be null', () => {
    expect(problemsOf(spec({ loss: null }))[0]).toContain('loss: found null; expected one of squaredError');
  });
});

test('All problems of a spec are collected, in the order of the file', () => {
  const problems = problemsOf({
    loss: 'mse',
    layers: [{ kernelSize: 0, type: 'conv2d', strides: -1, name: '?' }, { type: 'flaten' }, { type: 'dense' }],
    input: [],
    name: 1,
  });
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'loss',
    'layers[0].kernelSize',
    'layers[0].strides',
    'layers[0].name',
    'layers[0].filters',
    'layers[1].type',
    'layers[2].units',
    'input',
    'name',
  ]);
});

test('defineNetwork has the types of the registry', () => {
  const good = defineNetwork({
    name: 'a',
    input: [4, 4, 1],
    layers: [{ type: 'conv2d', filters: 1, kernelSize: [1, 2] }],
  });
  expect(problemsOf(good)).toEqual([]);
  // @ts-expect-error a kernel size is missing
  defineNetwork({ name: 'a', input: [4, 4, 1], layers: [{ type: 'conv2d', filters: 1 }] });
  // @ts-expect-error there is no such activation
  defineNetwork({ name: 'a', input: [4], layers: [{ type: 'dense', units: 1, activation: 'rellu' }] });
});

test('The JSON Schema describes each layer kind, and requires no option that has a default', () => {
  const schema = specJsonSchema() as unknown as {
    required: string[];
    properties: { layers: { items: { oneOf?: LayerSchema[]; anyOf?: LayerSchema[] } } };
  };
  type LayerSchema = { required: string[]; properties: { type: { const: string } }; additionalProperties: boolean };
  expect(schema.required).toEqual(['name', 'input', 'layers']);
  const { oneOf, anyOf } = schema.properties.layers.items;
  const conv2d = (oneOf ?? anyOf)!.find(({ properties }) => properties.type.const === 'conv2d')!;
  expect(conv2d.required).toEqual(['type', 'filters', 'kernelSize']);
  expect(conv2d.additionalProperties).toBe(false);
});
