import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readWeights, writeWeights } from '../../../generator/exchange/weights/files.ts';
import { fitWeights, splitWeights } from '../../../generator/exchange/weights/fit.ts';
import { readSafetensors, writeSafetensors } from '../../../generator/exchange/weights/safetensors.ts';
import { slotsOf } from '../../../generator/exchange/weights/slots.ts';
import { writeZip } from '../../../generator/exchange/zip.ts';
import { generate } from '../../../generator/index.ts';
import { stages } from '../../../generator/pipeline.ts';
import { readDamaged } from '../mutate.ts';

const slots = [
  { name: 'conv2d1/kernel', shape: [1, 2, 1, 2], offset: 0 },
  { name: 'conv2d1/bias', shape: [2], offset: 4 },
];
// Among them a subnormal, a negative zero, and what is no float32.
const values = Float64Array.from([1, -0, 5e-324, 0.1, Math.PI, -1e300]);
const tensors = splitWeights(slots, values);

describe('files of weights', () => {
  for (const ending of ['safetensors', 'npz', 'json', 'f64']) {
    it(`.${ending} gives the same float64 bits back`, () => {
      const file = `w.${ending}`;
      const read = fitWeights(slots, readWeights(file, writeWeights(file, tensors, 'F64')));
      expect(Buffer.from(read.buffer).equals(Buffer.from(values.buffer))).toBe(true);
    });
  }

  it('float32 is little-endian in the order of the parameters', () => {
    const bytes = writeWeights('w.f32', tensors, 'F32');
    expect(bytes.length).toBe(24);
    expect([...bytes.subarray(0, 4)]).toEqual([0, 0, 0x80, 0x3f]);
    const whole = fitWeights(slots, readWeights('w.f32', bytes));
    expect([...whole]).toEqual([...Float32Array.from(values)]);
  });

  it('a pickle is refused for what it is, and an unknown ending with the known ones', () => {
    expect(() => readWeights('w.pt', new Uint8Array(8))).toThrow(/a \.pt file, which can run code/);
    expect(() => readWeights('w.txt', new Uint8Array(8))).toThrow(/\.safetensors, \.npz, \.f32, \.f64, \.json/);
  });

  it('a safetensors file keeps its metadata, and its numbers begin at a multiple of eight bytes', () => {
    const bytes = writeSafetensors(tensors, 'F32', { a: 'b' });
    expect(readSafetensors(bytes).metadata).toEqual({ a: 'b' });
    expect(bytes[0]! % 8).toBe(0);
  });
});

describe('what does not fit is refused with names and shapes', () => {
  const named = (entries: Record<string, number[]>) => ({
    kind: 'named' as const,
    metadata: {},
    tensors: new Map(
      Object.entries(entries).map(([name, shape]) => {
        const count = shape.reduce((product, size) => product * size, 1);
        return [name, { shape, type: 'F32', values: new Float64Array(count) }];
      }),
    ),
  });

  it('a missing tensor, a wrong shape, a tensor too many: all at once', () => {
    const wrong = named({ 'conv2d1/kernel': [2, 2], 'conv2d1/bais': [2] });
    expect(() => fitWeights(slots, wrong)).toThrow(
      [
        "'conv2d1/kernel': found shape [2, 2]; expected shape [1, 2, 1, 2]",
        "'conv2d1/bias': found no such tensor, but 'conv2d1/bais'; expected shape [2]",
        "'conv2d1/bais': found a tensor of shape [2] that the spec has no parameter for; expected conv2d1/kernel [1, 2, 1, 2], conv2d1/bias [2]",
      ].join('\n'),
    );
  });

  it('a flat array of another length', () => {
    const flat = { kind: 'flat' as const, type: 'F32', values: new Float64Array(5) };
    expect(() => fitWeights(slots, flat)).toThrow('spec: found 5 numbers; expected the 6 of conv2d1/kernel');
  });
});

describe('hostile files', () => {
  const header = (json: string, numbers = 0) => {
    const text = new TextEncoder().encode(json);
    const bytes = new Uint8Array(8 + text.length + numbers);
    new DataView(bytes.buffer).setUint32(0, text.length, true);
    bytes.set(text, 8);
    return bytes;
  };

  it('a header that claims more than the file holds', () => {
    const bytes = new Uint8Array(16).fill(0xff);
    expect(() => readSafetensors(bytes)).toThrow(/found a header of \d+ bytes; expected/);
  });

  it('a tensor that claims more numbers than there are bytes', () => {
    const huge = '{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}';
    expect(() => readSafetensors(header(huge, 4))).toThrow(/'a': found 4 bytes for F32/);
    const beyond = '{"a":{"dtype":"F32","shape":[1000],"data_offsets":[0,4000]}}';
    expect(() => readSafetensors(header(beyond, 4))).toThrow(/found 4 bytes of numbers; expected the 4000 bytes/);
  });

  it('tensors that overlap or leave a hole', () => {
    const two = (begin: number) =>
      `{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[${begin},${begin + 4}]}}`;
    expect(() => readSafetensors(header(two(2), 6))).toThrow(
      /expected them to begin where those before end, at byte 4/,
    );
    expect(() => readSafetensors(header(two(6), 10))).toThrow(/at byte 4/);
  });

  it('an archive whose entry unpacks to more than it claims', () => {
    const packed = deflateRawSync(new Uint8Array(1e6));
    const zip = writeZip([{ name: 'a.npy', bytes: packed }]);
    // Method 8 in both records.
    zip[8] = 8;
    const directory = zip.length - 22 - 46 - 5;
    zip[directory + 10] = 8;
    expect(() => readWeights('w.npz', zip)).toThrow(/does not unpack to the \d+ bytes it claims/);
  });

  const quick = Number(process.env.LONGHAND_FUZZ ?? 300);
  for (const ending of ['safetensors', 'npz', 'json']) {
    it(`damaged .${ending} files are read or refused, never anything else`, () => {
      const whole = writeWeights(`w.${ending}`, tensors, 'F64', { 'longhand.spec': '0123' });
      const tally = readDamaged(whole, (bytes) => readWeights(`w.${ending}`, bytes), quick);
      expect(tally.refused).toBeGreaterThan(quick / 5);
    });
  }
});

it('a parameter has the shape in the file that its module lists', () => {
  const along = { name: 'net', input: [9, 2], layers: [{ type: 'conv1d', filters: 3, kernelSize: 4 }] };
  const shaped = stages.shape(stages.parse(along));
  expect(slotsOf(shaped).map(({ shape }) => shape)).toEqual([[4, 2, 3], [3]]);
  expect(generate(along)[0]!.content).toContain("name: 'conv1d1/kernel', shape: [4, 2, 3]");
});
