import { expect, test } from 'vitest';
import { assemble } from '../../../generator/assembler/assemble.ts';
import { proveText } from '../../../generator/prove/index.ts';
import { decodeModule } from '../../../generator/prove/wasm/decode.ts';
import { isFusedTwin } from '../../../generator/prove/wasm/fusedTwin.ts';
import { wasmOf } from './subjects.ts';

const locals = '(local $a v128) (local $b v128) (local $c v128) (local $i i32)';
const [a, b, c] = ['(local.get $a)', '(local.get $b)', '(local.get $c)'];

/** Whether one body is the other but for relaxed multiply-adds. */
function areTwins(fused: string, plain: string): boolean {
  const [left, right] = [fused, plain].map((body) =>
    decodeModule(assemble(`(module (memory 1 1) (func (export "f") ${locals} ${body}))`)),
  );
  return isFusedTwin(left!, right!);
}

test.each([
  [`(local.set $c (f32x4.relaxed_madd ${a} ${b} ${c}))`, `(local.set $c (f32x4.add ${c} (f32x4.mul ${a} ${b})))`],
  [`(local.set $c (f32x4.relaxed_nmadd ${a} ${b} ${c}))`, `(local.set $c (f32x4.sub ${c} (f32x4.mul ${a} ${b})))`],
  [
    `(local.set $c (f32x4.relaxed_madd ${a} (v128.load32_splat (i32.const 8)) (v128.load (i32.const 16))))`,
    `(local.set $c (f32x4.add (v128.load (i32.const 16)) (f32x4.mul ${a} (v128.load32_splat (i32.const 8)))))`,
  ],
  [
    `(loop $l (local.set $c (f32x4.relaxed_madd ${a} ${b} ${c})) (br_if $l (local.get $i)))`,
    `(loop $l (local.set $c (f32x4.add ${c} (f32x4.mul ${a} ${b}))) (br_if $l (local.get $i)))`,
  ],
  [
    `(local.set $c (f32x4.relaxed_madd (v128.const f32x4 -1 -1 -1 -1) ${b} ${c}))`,
    `(local.set $c (f32x4.add ${c} (f32x4.neg ${b})))`,
  ],
])('%s is %s', (fused, plain) => {
  expect(areTwins(fused, plain)).toBe(true);
});

const sum = `(local.set $c (f32x4.add ${c} (f32x4.mul ${a} ${b})))`;
test.each([
  ['another factor', `(local.set $c (f32x4.relaxed_madd ${a} ${a} ${c}))`, sum],
  ['another term', `(local.set $c (f32x4.relaxed_madd ${a} ${b} ${b}))`, sum],
  ['another sign', `(local.set $c (f32x4.relaxed_nmadd ${a} ${b} ${c}))`, sum],
  ['another target', `(local.set $b (f32x4.relaxed_madd ${a} ${b} ${c}))`, sum],
  ['a statement too few', '', sum],
  [
    'another address',
    '(v128.store (i32.const 0) (f32x4.relaxed_madd (local.get $a) (local.get $b) (v128.load offset=4 (i32.const 0))))',
    '(v128.store (i32.const 0) (f32x4.add (v128.load offset=8 (i32.const 0)) (f32x4.mul (local.get $a) (local.get $b))))',
  ],
  // The term is read before or after it is changed.
  [
    'a term that a factor changes',
    `(local.set $b (f32x4.relaxed_madd (local.tee $c ${b}) ${b} ${c}))`,
    `(local.set $b (f32x4.add ${c} (f32x4.mul (local.tee $c ${b}) ${b})))`,
  ],
])('What has %s is another code', (_, fused, plain) => {
  expect(areTwins(fused, plain)).toBe(false);
});

const spec = {
  name: 'twin',
  input: [2, 4, 1],
  layers: [{ type: 'conv2d', filters: 4, kernelSize: 2 }, { type: 'flatten' }, { type: 'dense', units: 4 }],
  loss: 'squaredError',
};

test('A fault of the relaxed code alone is found, as that is followed by itself then', () => {
  const { text, network, map } = wasmOf(spec, {
    change: (wat) => (wat.includes('relaxed_madd') ? wat.replace('f32x4.relaxed_madd', 'f32x4.relaxed_nmadd') : wat),
  });
  const { failures, hasTwin } = proveText(text, network, { map, rounds: 9 });
  expect(failures.map(({ variant }) => variant)).toContain('relaxed');
  expect(failures.map(({ variant }) => variant)).not.toContain('plain');
  expect(hasTwin).toBeUndefined();
});
