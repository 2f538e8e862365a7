import { expect, test } from 'vitest';
import { parseSpec } from '../../generator/spec/parse.ts';

const problemOf = (type: string): string => {
  const result = parseSpec({ name: 'scope', input: [4, 4, 1], layers: [{ type }] });
  return result.ok ? '' : result.problems[0]!.expected;
};

test.each(['conv3d', 'Conv3D', 'maxPooling3d', 'averagePooling3d', 'conv3dTranspose'])(
  '%s is said to be out of scope',
  (type) => {
    expect(problemOf(type)).toMatch(/^expected one of conv2d, .*; three-dimensional layers are out of scope$/);
  },
);

test.each(['lstm', 'LSTM', 'gru', 'simpleRNN', 'bidirectional', 'convLstm2d'])(
  '%s is said to be out of scope',
  (type) => {
    expect(problemOf(type)).toMatch(/^expected one of conv2d, .*; recurrent layers are out of scope$/);
  },
);

test('An unknown layer is only unknown', () => {
  expect(problemOf('conv2')).toContain('did you mean "conv2d"?');
  expect(problemOf('groupings')).not.toContain('scope');
});
