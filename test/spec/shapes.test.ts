import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../generator/spec/parse.ts';
import { formatProblem } from '../../generator/spec/problem.ts';
import { inferShapes } from '../../generator/spec/shapes.ts';

const image = [5, 4, 2];
const vector = [4];

/** The output shapes of the layers, or the problem. */
function shapesOf(input: readonly number[], layers: readonly object[]): readonly (readonly number[])[] | string {
  const parsed = parseSpec({ name: 'shapes', input, layers });
  if (!parsed.ok) throw new Error(parsed.problems.map((problem) => formatProblem(problem)).join('\n'));
  const shaped = inferShapes(parsed.network);
  return shaped.ok ? shaped.network.shapes : shaped.problems.map((problem) => formatProblem(problem)).join('\n');
}

const flat = { type: 'flatten', name: 'flat' };

test.each([
  { type: 'conv2d', filters: 1, kernelSize: 1 },
  { type: 'conv2dTranspose', filters: 1, kernelSize: 1 },
  { type: 'depthwiseConv2d', kernelSize: 1 },
  { type: 'maxPooling2d' },
  { type: 'averagePooling2d' },
  { type: 'globalAveragePooling2d' },
  { type: 'globalMaxPooling2d' },
  {
    type: 'zeroPadding2d',
    padding: [
      [0, 0],
      [0, 1],
    ],
  },
  { type: 'upSampling2d' },
])('$type takes an image, and no vector', (layer) => {
  expect(shapesOf(image, [layer])).toHaveLength(1);
  expect(shapesOf(vector, [layer])).toBe(
    'layers[0]: found an input of shape [4]; expected an image [height, width, channels]',
  );
});

test('dense takes a vector, and says what an image needs', () => {
  expect(shapesOf(vector, [{ type: 'dense', units: 3 }])).toEqual([[3]]);
  expect(shapesOf(image, [{ type: 'dense', units: 3 }])).toBe(
    'layers[0]: found an input of shape [5, 4, 2]; expected a vector: put a flatten layer before it',
  );
});

describe('a window', () => {
  const advice = 'expected one that fits into the padded image: make it smaller, or the padding larger';
  test.each<[object, string]>([
    [{ type: 'conv2d', filters: 1, kernelSize: [6, 1] }, 'kernelSize: found a window of 6×1'],
    [{ type: 'conv2d', filters: 1, kernelSize: [1, 5] }, 'kernelSize: found a window of 1×5'],
    [{ type: 'conv2d', filters: 1, kernelSize: 3, dilationRate: [1, 2] }, 'kernelSize: found a window of 3×5'],
    [{ type: 'depthwiseConv2d', kernelSize: 2, dilationRate: 5 }, 'kernelSize: found a window of 6×6'],
    [{ type: 'maxPooling2d', poolSize: 5 }, 'poolSize: found a window of 5×5'],
    [{ type: 'averagePooling2d', poolSize: [6, 2] }, 'poolSize: found a window of 6×2'],
  ])('larger than the image is refused: %j', (layer, found) => {
    expect(shapesOf(image, [layer])).toBe(`layers[0].${found} on an image of 5×4; ${advice}`);
  });

  test('as large as the padded image is taken', () => {
    const padding = [
      [0, 1],
      [1, 0],
    ];
    expect(shapesOf(image, [{ type: 'conv2d', filters: 3, kernelSize: [6, 5], padding }])).toEqual([[1, 1, 3]]);
    expect(shapesOf(image, [{ type: 'maxPooling2d', poolSize: [5, 4] }])).toEqual([[1, 1, 2]]);
  });

  test.each([
    [2, 2, [2, 0], [0, 0]],
    [2, 2, [0, 0], [2, 0]],
    [2, 1, [0, 2], [0, 0]],
    [2, 1, [0, 0], [0, 2]],
    [1, 1, [0, 1], [0, 0]],
  ])(
    'of a pool of %d by strides of %d that lies wholly in the padding %j, %j is refused',
    (poolSize, strides, ...padding) => {
      for (const type of ['maxPooling2d', 'averagePooling2d']) {
        expect(shapesOf(image, [{ type, poolSize, strides, padding }])).toBe(
          `layers[0].padding: found a window of ${poolSize}×${poolSize} that lies wholly in the padding; ` +
            'expected less padding than the window is wide',
        );
      }
    },
  );

  test.each([
    [2, 1, [1, 1], [1, 1], [6, 5, 2]],
    // The zero to the right is not reached.
    [2, 2, [1, 0], [0, 1], [3, 2, 2]],
  ])('of a pool of %d by strides of %d that touches the image under the padding %j, %j is taken', (...given) => {
    const [poolSize, strides, vertical, horizontal, shape] = given;
    const padding = [vertical, horizontal];
    expect(shapesOf(image, [{ type: 'maxPooling2d', poolSize, strides, padding }])).toEqual([shape]);
  });
});

test.each([
  [2, 3],
  [3, 3],
])('%d groups divide both the channels and the filters, which are %d, or are refused', (groups, filters) => {
  const layer = { type: 'conv2d', filters, kernelSize: 1, groups };
  expect(shapesOf(image, [layer])).toBe(
    `layers[0].groups: found ${groups} groups for 2 input channels and ${filters} filters; expected a number that divides both`,
  );
  expect(shapesOf([5, 4, 6], [{ ...layer, filters: 6 }])).toEqual([[5, 4, 6]]);
});

test('a transposed convolution leaves at least one place after the cut', () => {
  const layer = (bottom: number) => {
    const padding = [
      [3, bottom],
      [0, 0],
    ];
    return { type: 'conv2dTranspose', filters: 1, kernelSize: 2, padding };
  };
  expect(shapesOf(image, [layer(2)])).toEqual([[1, 5, 1]]);
  expect(shapesOf(image, [layer(3)])).toBe(
    'layers[0].padding: found a padding that cuts off the whole output of 5×4 places; ' +
      'expected less padding: here it is cut off from the output',
  );
});

test('a reshaped tensor keeps the number of its elements', () => {
  expect(shapesOf(image, [{ type: 'reshape', shape: [2, 2, 10] }])).toEqual([[2, 2, 10]]);
  expect(shapesOf(image, [{ type: 'reshape', shape: [2, 2, 9] }])).toBe(
    'layers[0].shape: found 2×2×9 = 36 numbers for an input of 5×4×2 = 40; ' +
      'expected a shape with as many numbers as the input',
  );
});

describe('layers of several inputs', () => {
  test.each(['add', 'multiply'])('%s inputs of one shape only', (type) => {
    expect(shapesOf(image, [flat, { type, inputs: ['flat', 'flat', 'flat'] }])).toEqual([[40], [40]]);
    expect(shapesOf(image, [flat, { type, inputs: ['input', 'input', 'flat'] }])).toBe(
      'layers[1].inputs: found shapes [5, 4, 2] and [40]; ' +
        'expected one shape for all (an axis of 1 and a vector of channels are repeated)',
    );
  });

  test('concatenate inputs that differ in the channels only', () => {
    const conv = { type: 'conv2d', name: 'conv', filters: 3, kernelSize: 1 };
    const up = { type: 'upSampling2d', name: 'up', size: [1, 2] };
    const joined = (...inputs: string[]) => ({ type: 'concatenate', inputs });
    expect(shapesOf(image, [conv, joined('input', 'conv', 'input')]).at(-1)).toEqual([5, 4, 7]);
    expect(shapesOf(vector, [flat, joined('flat', 'input')]).at(-1)).toEqual([8]);
    const advice = 'expected shapes that differ in the channels only';
    expect(shapesOf(image, [up, joined('input', 'up')])).toBe(
      `layers[1].inputs: found shapes [5, 4, 2] and [5, 8, 2]; ${advice}`,
    );
    expect(shapesOf(image, [flat, joined('input', 'flat')])).toBe(
      `layers[1].inputs: found shapes [5, 4, 2] and [40]; ${advice}`,
    );
  });
});

test('no output has more than 2^24 elements', () => {
  const reshape = { type: 'reshape', shape: [64, 64, 1] };
  const up = (size: number | readonly number[]) => ({ type: 'upSampling2d', size });
  expect(shapesOf([4096], [reshape, up(64)]).at(-1)).toEqual([4096, 4096, 1]);
  expect(shapesOf([4096], [reshape, up(64), up([1, 2])])).toBe(
    'layers[2]: found an output of 4096×8192×1 = 33554432 numbers; expected at most 16777216 (2^24)',
  );
});
