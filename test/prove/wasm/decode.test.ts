import binaryen from 'binaryen';
import { expect, test } from 'vitest';
import { decodeModule, type Instruction } from '../../../generator/prove/wasm/decode.ts';
import { opcodes } from '../../../generator/prove/wasm/opcodes.ts';
import { operationOf } from '../../../generator/prove/wasm/operations.ts';

/** As it stands: nothing that has no effect is left out. */
function assembled(wat: string): Uint8Array {
  const module = binaryen.parseText(wat);
  module.setFeatures(binaryen.Features.All);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

function bodyOf(code: string, head = ''): readonly Instruction[] {
  return decodeModule(assembled(`(module (memory 1 1) (func (export "f") ${head} ${code}))`)).functions[0]!.body;
}

const values = { i32: '(local.get $i)', f32: '(local.get $f)', f64: '(local.get $d)', v128: '(local.get $v)' };
const locals = '(local $i i32) (local $f f32) (local $d f64) (local $v v128)';
const names = [...opcodes.values()].flatMap((table) => [...table.values()].map(({ name }) => name));

test.each(names.filter((name) => operationOf(name) !== undefined))(
  '%s has the opcode that an assembler gives it',
  (name) => {
    const { operands } = operationOf(name)!;
    const code = `(drop (${name} ${operands.map((type) => values[type]).join(' ')}))`;
    expect(bodyOf(code, locals).map((one) => one.name)).toContain(name);
  },
);

test.each([
  ['(drop (i32.load offset=8 (local.get $i)))', 'i32.load', [8]],
  ['(drop (f32.load offset=300 (local.get $i)))', 'f32.load', [300]],
  ['(drop (v128.load offset=16 (local.get $i)))', 'v128.load', [16]],
  ['(drop (v128.load32_splat offset=4 (local.get $i)))', 'v128.load32_splat', [4]],
  ['(drop (v128.load64_splat offset=8 (local.get $i)))', 'v128.load64_splat', [8]],
  ['(drop (v128.load32_zero (local.get $i)))', 'v128.load32_zero', [0]],
  ['(drop (v128.load64_zero offset=24 (local.get $i)))', 'v128.load64_zero', [24]],
  ['(drop (v128.load32_lane offset=4 3 (local.get $i) (local.get $v)))', 'v128.load32_lane', [4, 3]],
  ['(drop (v128.load64_lane 1 (local.get $i) (local.get $v)))', 'v128.load64_lane', [0, 1]],
  ['(i32.store offset=8 (local.get $i) (local.get $i))', 'i32.store', [8]],
  ['(f32.store (local.get $i) (local.get $f))', 'f32.store', [0]],
  ['(v128.store offset=5 (local.get $i) (local.get $v))', 'v128.store', [5]],
  ['(v128.store32_lane 2 (local.get $i) (local.get $v))', 'v128.store32_lane', [0, 2]],
  ['(v128.store64_lane offset=8 1 (local.get $i) (local.get $v))', 'v128.store64_lane', [8, 1]],
  ['(drop (i32.const -5))', 'i32.const', [-5]],
  ['(drop (i32.const 1000000))', 'i32.const', [1000000]],
  ['(drop (i32.const -2147483648))', 'i32.const', [-2147483648]],
  ['(drop (f32.const 1))', 'f32.const', [0x3f800000]],
  ['(drop (v128.const i32x4 1 -1 7 0x80000000))', 'v128.const', [1, -1, 7, -2147483648]],
  ['(drop (f32x4.extract_lane 3 (local.get $v)))', 'f32x4.extract_lane', [3]],
  ['(drop (i32x4.replace_lane 2 (local.get $v) (local.get $i)))', 'i32x4.replace_lane', [2]],
  ['(memory.fill (local.get $i) (local.get $i) (local.get $i))', 'memory.fill', [0]],
  ['(memory.copy (local.get $i) (local.get $i) (local.get $i))', 'memory.copy', [0, 0]],
] as const)('%s is read with what follows its opcode', (code, name, numbers) => {
  expect(bodyOf(code, locals).find((one) => one.name === name)?.numbers).toEqual(numbers);
});

test('Blocks, loops and both arms of an if hold their instructions', () => {
  const code = [
    ...[0x02, 0x40, 0x03, 0x40, 0x20, 0, 0x0d, 0, 0x20, 0, 0x04, 0x40, 0x0c, 2, 0x05, 0x0c, 1, 0x0b],
    ...[0x0b, 0x0b, 0x0b],
  ];
  const body = [1, 1, 0x7f, ...code];
  const head = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0];
  const module = Uint8Array.from([...head, 10, body.length + 2, 1, body.length, ...body]);
  const shapeOf = ({ name, numbers, body, otherwise }: Instruction): unknown =>
    body ? [name, body.map(shapeOf), ...(otherwise ? [otherwise.map(shapeOf)] : [])] : [name, ...numbers];
  expect(decodeModule(module).functions[0]!.body.map(shapeOf)).toEqual([
    [
      'block',
      [
        [
          'loop',
          [
            ['local.get', 0],
            ['br_if', 0],
            ['local.get', 0],
            ['if', [['br', 2]], [['br', 1]]],
          ],
        ],
      ],
    ],
  ]);
});

test.each([
  ['(drop (f64.sqrt (f64.const 1)))', /^byte \d+ of the module: found the opcode 0x9f/],
  ['(drop (i64x2.add (local.get $v) (local.get $v)))', /^byte \d+ of the module: found the opcode 0xfd 0xce/],
  ['(drop (memory.grow (local.get $i)))', /^byte \d+ of the module: found the opcode 0x40, which exact arithmetic/],
])('%s is refused where it stands', (code, message) => {
  expect(() => bodyOf(code, locals)).toThrow(message);
});

test('What is cut short, or no module at all, is refused', () => {
  const bytes = assembled('(module (memory 1 1) (func (export "f") (drop (i32.const 70000))))');
  for (let length = 8; length < bytes.length; length++) {
    expect(() => {
      const { functions, exports } = decodeModule(bytes.subarray(0, length));
      if (functions.length === 0 || exports.size === 0) throw new Error('found no function');
    }).toThrow(/found/);
  }
  expect(() => decodeModule(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))).toThrow('found no WebAssembly module of version 1');
});

test('Sections that longhand never writes are refused', () => {
  expect(() => decodeModule(assembled('(module (import "a" "b" (func)))'))).toThrow(/a section of the kind 2/);
  expect(() => decodeModule(assembled('(module (global (mut i32) (i32.const 0)))'))).toThrow(/of the kind 6/);
});
