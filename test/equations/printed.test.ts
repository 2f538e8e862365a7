import { describe, expect, it } from 'vitest';
import { dump } from '../../generator/index.ts';

/** The lines of the equations of one layer on a 5×5 image of two channels. */
function equationsOf(layer: object, input: readonly number[] = [5, 5, 2], loss?: string): string[] {
  const spec = { name: 'printed', input, layers: [layer], ...(loss === undefined ? {} : { loss }) };
  return dump(spec, 'equations', { inputGradient: true }).trimEnd().split('\n');
}

/** The equation of one tensor, with the notes under it. */
function equationOf(tensor: string, lines: readonly string[]): string[] {
  const start = lines.findIndex((line) => line.replace(/^\w+: /, '').startsWith(tensor));
  expect(start, `no equation of ${tensor}`).toBeGreaterThanOrEqual(0);
  const end = lines.findIndex((line, n) => n > start && !line.startsWith(' '));
  const [first, ...notes] = lines.slice(start, end < 0 ? undefined : end);
  return [first!.replace(/^\w+: /, ''), ...notes.map((note) => note.trim())];
}

const conv = { type: 'conv2d', filters: 3, kernelSize: 3, padding: 'same' };

describe('a 3×3 convolution at stride 1', () => {
  const lines = equationsOf(conv);

  it('slides its kernel over the padded image', () => {
    expect(equationOf('z1', lines)).toEqual([
      'z1[i,j,o] = b1[o] + Σ_{p,q,c} W1[p,q,c,o]·x[i+p−1,j+q−1,c]',
      'the kernel W1 slides over x padded by 1 (x = 0 outside)',
    ]);
  });

  it('has a bias gradient without a window', () => {
    expect(equationOf('db1', lines)).toEqual(['db1[o] = Σ_{i,j} dz1[i,j,o]']);
  });

  it('has the convolution of its input with dz as kernel gradient', () => {
    expect(equationOf('dW1', lines)).toEqual([
      'dW1[p,q,c,o] = Σ_{i,j} dz1[i,j,o]·x[i+p−1,j+q−1,c]',
      'dz1 slides over x padded by 1 (x = 0 outside)',
    ]);
  });

  it('has the convolution of dz with the turned kernel as input gradient', () => {
    expect(equationOf('dx', lines)).toEqual([
      'dx[h,w,c] = Σ_{o,p,q} dz1[h−p+1,w−q+1,o]·W1[p,q,c,o]',
      '= Σ_{o,p,q} dz1[h+p−1,w+q−1,o]·W1[2−p,2−q,c,o]',
      'the kernel W1, turned by 180°, slides over dz1 padded by 1 (dz1 = 0 outside)',
    ]);
  });
});

describe('a convolution at stride 2', () => {
  const lines = equationsOf({ ...conv, strides: 2 });

  it('steps by 2', () => {
    expect(equationOf('z1', lines)[0]).toBe('z1[i,j,o] = b1[o] + Σ_{p,q,c} W1[p,q,c,o]·x[2i+p−1,2j+q−1,c]');
    expect(equationOf('dW1', lines)[0]).toBe('dW1[p,q,c,o] = Σ_{i,j} dz1[i,j,o]·x[2i+p−1,2j+q−1,c]');
  });

  it('sums over the outputs whose window holds the place, for the input gradient', () => {
    expect(equationOf('dx', lines)).toEqual(['dx[h,w,c] = Σ_{i,j,o} dz1[i,j,o]·W1[h−2i+1,w−2j+1,c,o]']);
  });
});

describe('a max pool', () => {
  it('gives the gradient to the place that won', () => {
    const lines = equationsOf({ type: 'maxPooling2d' }, [6, 6, 2]);
    expect(equationOf('y1', lines)).toEqual(['y1[i,j,c] = max_{p,q} x[2i+p,2j+q,c]   where p,q < 2']);
    expect(equationOf('dx', lines)).toEqual([
      'dx[2i+p,2j+q,c] = dy1[i,j,c]·[k1[i,j,c] = (p,q)]   where p,q < 2',
      'only the winner of each window gets its gradient',
    ]);
  });

  it("gives it to all places that won with ties 'all'", () => {
    const lines = equationsOf({ type: 'maxPooling2d', ties: 'all' }, [6, 6, 2]);
    expect(equationOf('dx', lines)).toEqual([
      'dx[2i+p,2j+q,c] = dy1[i,j,c]·[x[2i+p,2j+q,c] = y1[i,j,c]]   where p,q < 2',
      '[…] is 1 at every place equal to the maximum (ties: all), else 0: each of them gets the whole gradient',
    ]);
  });
});

describe('softmax with cross-entropy', () => {
  const lines = equationsOf({ type: 'dense', units: 3, activation: 'softmax' }, [4], 'categoricalCrossentropy');

  it('takes no logarithm of an exponential', () => {
    expect(equationOf('L', lines)).toEqual(['L = −Σ_o t[o]·(z1[o] − m1 − l1)·[t[o] ≠ 0]']);
  });

  it('never adds the maximum again that it subtracted', () => {
    const forward = lines.filter((line) => / [mSrl]1 =/.test(line)).map((line) => line.replace(/^\w+: /, ''));
    expect(forward).toEqual([
      'm1 = max_o z1[o]',
      'S1 = Σ_o e1[o]',
      'r1 = Σ_o [z1[o] = m1] − 1 + Σ_o′ e1[o′]·[z1[o′] ≠ m1]',
      'l1 = log(1 + r1)',
    ]);
  });

  it('has dz = a·Σt − t', () => {
    const parts = lines.filter((line) => /: dz1|: dl1/.test(line)).map((line) => line.replace(/^\w+: /, ''));
    expect(parts).toEqual(['dl1 = Σ_o t[o]', 'dz1[o] = dl1·a1[o] − t[o]']);
  });
});
