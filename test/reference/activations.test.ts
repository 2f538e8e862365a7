import { describe, expect, it } from 'vitest';
import { type ActivationName, type ActivationNumbers, activate } from '../../generator/reference/activations.ts';
import { erf, erfc } from '../../generator/reference/erf.ts';
import { expectClose } from './expectClose.ts';

const apply = (name: ActivationName, values: readonly number[], numbers: ActivationNumbers = {}): number[] =>
  Array.from(activate(name, numbers, { shape: [values.length], values: Float64Array.from(values) }).values);

/** Values at −2, ½ and 7: 40 digits of mpmath, rounded to float64. */
const atThreePlaces: Readonly<Record<ActivationName, readonly number[]>> = {
  linear: [-2, 0.5, 7],
  relu: [0, 0.5, 7],
  relu6: [0, 0.5, 6],
  leakyRelu: [-0.4, 0.5, 7],
  elu: [-0.8646647167633873, 0.5, 7],
  selu: [-1.520166468595695, 0.5253504936777402, 7.354906911488364],
  sigmoid: [0.11920292202211756, 0.6224593312018546, 0.9990889488055994],
  tanh: [-0.9640275800758169, 0.46211715726000974, 0.9999983369439447],
  atan: [-1.1071487177940904, 0.4636476090008061, 1.4288992721907328],
  softplus: [0.1269280110429725, 0.9740769841801067, 7.000911466453775],
  softsign: [-2 / 3, 1 / 3, 7 / 8],
  silu: [-0.23840584404423512, 0.3112296656009273, 6.993622641639195],
  gelu: [-0.04550026389635842, 0.34573123063700656, 6.999999999991041],
  hardSigmoid: [1 / 6, 7 / 12, 1],
  hardSwish: [-1 / 3, 7 / 24, 7],
  celu: [-0.8646647167633873, 0.5, 7],
  mish: [-0.2525014826957089, 0.37524521130489513, 6.999988379809741],
  geluTanh: [-0.04540230591222498, 0.34571400982514394, 6.999999999999997],
  logSigmoid: [-2.1269280110429727, -0.4740769841801067, -0.0009114664537742447],
  thresholdedRelu: [0, 0, 7],
  hardShrink: [-2, 0, 7],
  softShrink: [-1.5, 0, 6.5],
  clip: [-2, 0.5, 7],
  step: [0, 1, 1],
  exp: [0.1353352832366127, 1.6487212707001282, 1096.6331584284585],
  erf: [-0.9953222650189527, 0.5204998778130465, 1],
  abs: [2, 0.5, 7],
  softmax: [0.00012320936106120819, 0.0015009972970303025, 0.9983757933419085],
  logSoftmax: [-9.001625527111713, -6.501625527111712, -0.001625527111712338],
};

const names = Object.keys(atThreePlaces) as ActivationName[];

describe('the activations', () => {
  it.each(names)('give %s its known values', (name) => {
    expectClose(apply(name, [-2, 0.5, 7]), atThreePlaces[name], 2e-15);
  });

  /** These ask which side of a threshold a number lies on; a NaN lies on none. */
  const asking: readonly ActivationName[] = ['thresholdedRelu', 'hardShrink', 'softShrink', 'step'];

  it.each(names.filter((name) => !asking.includes(name)))('hand a NaN on through %s', (name) => {
    expect(apply(name, [Number.NaN])).toEqual([Number.NaN]);
  });

  it.each(names.filter((name) => name !== 'exp'))('keep %s finite for large numbers', (name) => {
    for (const value of apply(name, [-800, 0, 800])) expect(value).toSatisfy(Number.isFinite);
  });

  it('take the slope of leakyRelu from alpha', () => {
    expect(apply('leakyRelu', [-2, 3], { alpha: 0.5 })).toEqual([-1, 3]);
    expect(apply('leakyRelu', [-2, 3], { alpha: 0 })).toEqual([-0, 3]);
  });

  it.each([
    ['relu', { maxValue: 6 }, [0, 0.5, 6]],
    ['elu', { alpha: 2 }, [-1.7293294335267746, 0.5, 7]],
    ['celu', { alpha: 2 }, [-1.2642411176571153, 0.5, 7]],
    ['hardSigmoid', { alpha: 0.2 }, [0.1, 0.6, 1]],
    ['hardSigmoid', { alpha: 0.5, beta: 0.25 }, [0, 0.5, 1]],
    ['thresholdedRelu', { theta: 0.25 }, [0, 0.5, 7]],
    ['hardShrink', { theta: 3 }, [0, 0, 7]],
    ['softShrink', { theta: 1 }, [-1, 0, 6]],
    ['clip', { minValue: -1, maxValue: 2 }, [-1, 0.5, 2]],
    ['clip', { minValue: 1 }, [1, 1, 7]],
    ['step', { alpha: -0.5 }, [-0.5, 1, 1]],
  ] as const)('take their numbers: %s %j', (name, numbers, expected) => {
    expectClose(apply(name, [-2, 0.5, 7], numbers), expected, 2e-15);
  });

  it('normalize along the last axis only', () => {
    const z = { shape: [1, 2, 2], values: Float64Array.of(0, 0, 5, 5 + Math.log(3)) };
    expectClose(activate('softmax', {}, z).values, [0.5, 0.5, 0.25, 0.75], 1e-15);
  });

  it('keep the small numbers of a logSoftmax', () => {
    expect(apply('logSoftmax', [0, 1000])).toEqual([-1000, 0]);
  });

  it('keep the relative accuracy of the tails', () => {
    expectClose(apply('sigmoid', [-50]), [1.9287498479639178e-22], 1e-15);
    expectClose(apply('softplus', [-50]), [1.9287498479639178e-22], 1e-15);
    expectClose(apply('elu', [-1e-12]), [-9.999999999995e-13], 1e-15);
    expectClose(apply('gelu', [-8]), [-4.976768459417427e-15], 1e-14);
  });
});

describe('the error function', () => {
  // 40 digits of mpmath, rounded to float64; 1 is where the series hands over to the continued fraction.
  it.each([
    [0.1, 0.1124629160182849, 0.8875370839817152],
    [0.5, 0.5204998778130465, 0.4795001221869535],
    [0.99, 0.8385080695553698, 0.1614919304446302],
    [1, 0.8427007929497149, 0.15729920705028513],
    [1.01, 0.8468104962282766, 0.1531895037717233],
    [2, 0.9953222650189527, 0.004677734981047266],
    [5, 0.9999999999984626, 1.537459794428035e-12],
    [10, 1, 2.088487583762545e-45],
    [-0.7, -0.6778011938374184, 1.6778011938374184],
    [-2.5, -0.999593047982555, 1.999593047982555],
  ])('has its known values at %d', (x, erfOfX, erfcOfX) => {
    expectClose([erf(x)], [erfOfX], 4e-16);
    expectClose([erfc(x)], [erfcOfX], 4e-15);
  });

  it('is 0 at 0, 1 at infinity and NaN at NaN', () => {
    expect([erf(0), erf(Number.POSITIVE_INFINITY), erf(Number.NEGATIVE_INFINITY)]).toEqual([0, 1, -1]);
    expect(erf(Number.NaN)).toBeNaN();
  });
});
