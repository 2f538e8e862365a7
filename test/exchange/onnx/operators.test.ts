import { describe, expect, it } from 'vitest';
import { importModel } from './compare.ts';
import { count, floats, type Graph, integers, modelOf, type Node, run } from './graphs.ts';

/** One operator on `x` of fixed sizes; its outputs, flat. */
function one(node: Omit<Node, 'inputs'>, dims: readonly number[], more: Graph['weights'] = {}, opset = 18) {
  const inputs = ['x', ...Object.keys(more)];
  const outputs = node.outputs ?? ['y'];
  const bytes = modelOf({ nodes: [{ ...node, inputs }], inputs: { x: dims }, weights: more, outputs, opset });
  return run(bytes, { x: count(...dims) });
}

function close(found: readonly number[] | undefined, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [n, value] of expected.entries()) expect(found![n]).toBeCloseTo(value, 6);
}

const x = count(2, 3);
const rows = [x.slice(0, 3), x.slice(3)] as const;

describe('a graph of fixed sizes that mixes its first axis is one sample', () => {
  it('a softmax over it', () => {
    const [y] = one({ op: 'Softmax', attributes: { axis: 0 } }, [2, 3]);
    const expected = [0, 1, 2].map((n) => 1 / (1 + Math.exp(rows[1][n]! - rows[0][n]!)));
    close(y, [...expected, ...expected.map((value) => 1 - value)]);
  });

  it('a reduction of everything', () => close(one({ op: 'ReduceSum' }, [2, 3])[0], [x.reduce((a, b) => a + b)]));

  it('a transposition', () => {
    close(
      one({ op: 'Transpose' }, [2, 3])[0],
      [0, 1, 2].flatMap((n) => [rows[0][n]!, rows[1][n]!]),
    );
  });

  it('a split of it, with an output for each part', () => {
    const found = one({ op: 'Split', outputs: ['first', 'rest'] }, [3, 2], { sizes: integers(1, 2) });
    const all = count(3, 2);
    expect(found).toEqual([all.slice(0, 2), all.slice(2)]);
  });

  it('a slice, a gathering and a repetition of it', () => {
    const slice = { starts: integers(-1), ends: integers(-9), axes: integers(0), steps: integers(-1) };
    expect(one({ op: 'Slice' }, [2, 3], slice)[0]).toEqual([...rows[1], ...rows[0]]);
    expect(one({ op: 'Gather' }, [2, 3], { places: integers(1, 0, 1) })[0]).toEqual([
      ...rows[1],
      ...rows[0],
      ...rows[1],
    ]);
    expect(one({ op: 'Tile' }, [2, 3], { repeats: integers(2, 1) })[0]).toEqual([...x, ...x]);
  });

  it('another shape', () => {
    expect(one({ op: 'Reshape' }, [2, 3], { shape: integers(3, -1) })[0]).toEqual(x);
    expect(one({ op: 'Flatten', attributes: { axis: 2 } }, [2, 3, 4, 5])[0]).toEqual(count(2, 3, 4, 5));
    expect(one({ op: 'Unsqueeze' }, [2, 3], { axes: integers(0) })[0]).toEqual(x);
    expect(one({ op: 'Expand' }, [2, 1], { shape: integers(2, 1, 2) })[0]).toEqual([
      0.5, 0.5, -0.5, -0.5, 0.5, 0.5, -0.5, -0.5,
    ]);
  });

  it('Aᵀ·B + C with a matrix C', () => {
    const [b, c] = [count(2, 2), count(3, 2)];
    const weights = { b: floats([2, 2], b), c: floats([3, 2], c) };
    const [y] = one(
      { op: 'Gemm', attributes: { transA: 1, alpha: { float: 0.5 }, beta: { float: 2 } } },
      [2, 3],
      weights,
    );
    const expected = [0, 1, 2].flatMap((i) =>
      [0, 1].map((j) => 0.5 * (rows[0][i]! * b[j]! + rows[1][i]! * b[2 + j]!) + 2 * c[i * 2 + j]!),
    );
    close(y, expected);
  });

  it('a matrix for each of several', () => {
    const b = count(2, 3, 1);
    const [y] = one({ op: 'MatMul' }, [2, 2, 3], { b: floats([2, 3, 1], b) });
    const all = count(2, 2, 3);
    const product = (row: number, from: number) =>
      [0, 1, 2].reduce((sum, n) => sum + all[3 * row + n]! * b[from + n]!, 0);
    close(y, [product(0, 0), product(1, 0), product(2, 3), product(3, 3)]);
  });

  it('a vector has no samples', () => {
    const node = { op: 'Concat', attributes: { axis: 0 } };
    expect(one(node, [2], { c: floats([1], [7]) })[0]).toEqual([0.5, -0.5, 7]);
  });

  it('a free first size is that of samples, and mixing them is refused', () => {
    const nodes = [{ op: 'Softmax', inputs: ['x'], attributes: { axis: 0 } }];
    expect(() => importModel(modelOf({ nodes, inputs: { x: ['N', 3] } }))).toThrow(/a softmax over the samples/);
  });

  it('layers of samples want one sample', () => {
    const nodes = [
      { op: 'GlobalAveragePool', inputs: ['x'], outputs: ['m'] },
      { op: 'ReduceSum', inputs: ['m'] },
    ];
    expect(() => importModel(modelOf({ nodes, inputs: { x: [2, 3, 2, 2] } }))).toThrow(/over the batch/);
    const all = count(1, 3, 2, 2);
    close(run(modelOf({ nodes, inputs: { x: [1, 3, 2, 2] } }), { x: all })[0], [all.reduce((a, b) => a + b) / 4]);
  });
});

describe('several inputs and outputs keep their names', () => {
  const nodes = [
    { op: 'Add', inputs: ['a:0', 'b'], outputs: ['sum'] },
    { op: 'Mul', inputs: ['sum', 'b'], outputs: ['the product'] },
  ];
  const bytes = modelOf({ nodes, inputs: { 'a:0': ['N', 3], b: ['N', 3] }, outputs: ['sum', 'the product', 'b'] });

  it('in the spec', () => {
    const { spec } = importModel(bytes);
    expect(spec.input).toEqual({ a_0: [3], b: [3] });
    expect(Object.keys(spec.outputs as object)).toEqual(['sum', 'the_product', 'b_2']);
  });

  it('and compute the same', () => {
    expect(run(bytes, { 'a:0': [1, 2, 3], b: [4, -5, 6] })).toEqual([
      [5, -3, 9],
      [20, 15, 54],
      [4, -5, 6],
    ]);
  });

  it('weights of a layer that is an output are under its name', () => {
    const conv = { op: 'MatMul', inputs: ['x', 'w'], outputs: ['features'] };
    const relu = { op: 'Relu', inputs: ['features'], outputs: ['y'] };
    const weights = { w: floats([3, 2], count(3, 2)) };
    const model = modelOf({ nodes: [conv, relu], inputs: { x: ['N', 3] }, weights, outputs: ['features', 'y'] });
    expect(importModel(model).weights.map(({ name }) => name)).toEqual(['features/kernel']);
    const [features, y] = run(model, { x: [1, 2, 3] });
    close(
      y,
      features!.map((value) => Math.max(0, value)),
    );
  });

  it('a loss beside several outputs is refused', () => {
    expect(() => importModel(bytes, { loss: 'squaredError' })).toThrow(/loss/);
  });
});

describe('operators that no layer has', () => {
  it('the statistics of a norm', () => {
    const attributes = { axis: -1, epsilon: { float: 1e-3 } };
    const node = { op: 'LayerNormalization', outputs: ['y', 'mean', 'inverse'], attributes };
    const [, mean, inverse] = one(node, [2, 3], { scale: floats([3], [1, 2, 3]) });
    const means = rows.map((row) => row.reduce((a, b) => a + b) / 3);
    close(mean, means);
    const variances = rows.map((row, n) => row.reduce((sum, value) => sum + (value - means[n]!) ** 2, 0) / 3);
    close(
      inverse,
      variances.map((variance) => 1 / Math.sqrt(variance + 1e-3)),
    );
  });

  it('of a row whose numbers are all the same as well', () => {
    const node = { op: 'LayerNormalization', inputs: ['x', 's'], outputs: ['y', '', 'inverse'] };
    const weights = { s: floats([2], [1, 1]) };
    const bytes = modelOf({ nodes: [node], inputs: { x: ['N', 2] }, weights, outputs: ['inverse'] });
    close(
      run(bytes, { x: [5, 5] })[0]?.map((value) => value / 1000),
      [1 / Math.sqrt(1e-5) / 1000],
    );
  });

  it('a norm by the root of the mean square', () => {
    const [y] = one(
      { op: 'RMSNormalization', attributes: { epsilon: { float: 0.01 } } },
      [2, 3],
      { s: floats([3], [1, 2, 3]) },
      23,
    );
    const root = rows.map((row) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0) / 3 + 0.01));
    close(
      y,
      x.map((value, n) => (value / root[Math.floor(n / 3)]!) * ((n % 3) + 1)),
    );
  });

  it('the logarithm of a sum of exponentials', () => {
    const [y] = one({ op: 'ReduceLogSumExp', attributes: { keepdims: 0 } }, [2, 3], { axes: integers(1) });
    close(
      y,
      rows.map((row) => Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0))),
    );
  });

  it('running sums, from both ends', () => {
    const axis = { axis: integers(1) };
    close(one({ op: 'CumSum' }, [1, 3], axis)[0], [0.5, 0, 1.5]);
    close(one({ op: 'CumSum', attributes: { reverse: 1, exclusive: 1 } }, [1, 3], axis)[0], [1, 1.5, 0]);
  });

  it('exponents and bounds that differ from place to place', () => {
    const numbers = (values: readonly number[]) => ({ c: floats([3], values) });
    close(one({ op: 'Pow' }, [1, 3], numbers([0, 3, 2]))[0], [1, -0.125, 2.25]);
    close(one({ op: 'Max' }, [1, 3], numbers([0, -1, 9]))[0], [0.5, -0.5, 9]);
    close(one({ op: 'Min' }, [1, 3], numbers([0, -1, 9]))[0], [0, -1, 1.5]);
  });

  it('quotients whose divisor is computed', () => {
    close(one({ op: 'Reciprocal' }, [1, 3])[0], [2, -2, 2 / 3]);
    const nodes = [{ op: 'Div', inputs: ['c', 'x'] }];
    const bytes = modelOf({ nodes, inputs: { x: ['N', 2] }, weights: { c: floats([2], [3, 5]) } });
    close(run(bytes, { x: [2, -4] })[0], [1.5, -1.25]);
  });

  it('constants before and behind what is computed', () => {
    const nodes = [{ op: 'Concat', inputs: ['a', 'x', 'b'], attributes: { axis: 1 } }];
    const weights = { a: floats([1, 1, 2], [7, 8]), b: floats([1, 1, 2], [-1, -2]) };
    const bytes = modelOf({ nodes, inputs: { x: ['N', 2, 2] }, weights });
    expect(run(bytes, { x: [1, 2, 3, 4] })[0]).toEqual([7, 8, 1, 2, 3, 4, -1, -2]);
  });

  it('a part of an image, drawn larger, with a value outside of it', () => {
    const attributes = {
      mode: 'linear',
      coordinate_transformation_mode: 'tf_crop_and_resize',
      extrapolation_value: { float: 9 },
    };
    const nodes = [{ op: 'Resize', inputs: ['x', 'roi', '', 'sizes'], attributes }];
    const weights = { roi: floats([8], [0, 0, 0, 0, 1, 1, 1, 1.5]), sizes: integers(1, 1, 2, 4) };
    const bytes = modelOf({ nodes, inputs: { x: ['N', 1, 2, 2] }, weights });
    expect(run(bytes, { x: [1, 2, 3, 4] })[0]).toEqual([1, 1.5, 2, 9, 3, 3.5, 4, 9]);
  });

  it("PyTorch's smooth resizes are layers of the spec, unless a single place is drawn", () => {
    const layers = (mode: string, height: number) => {
      const attributes = {
        mode,
        coordinate_transformation_mode: 'pytorch_half_pixel',
        cubic_coeff_a: { float: -0.75 },
      };
      const nodes = [{ op: 'Resize', inputs: ['x', '', '', 'sizes'], attributes }];
      const weights = { sizes: integers(1, 2, height, 8) };
      return importModel(modelOf({ nodes, inputs: { x: ['N', 2, 5, 4] }, weights })).spec.layers as { type: string }[];
    };
    expect(layers('linear', 10)).toEqual([{ type: 'upSampling2d', size: 2, interpolation: 'bilinear' }]);
    expect(layers('cubic', 7)).toEqual([
      {
        type: 'resizing',
        height: 7,
        width: 8,
        interpolation: 'bicubic',
        cubicCoefficient: -0.75,
        excludeOutside: false,
      },
    ]);
    expect(layers('linear', 1).map(({ type }) => type)).not.toContain('resizing');
  });
});
