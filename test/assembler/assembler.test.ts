import { readFileSync } from 'node:fs';
import binaryen from 'binaryen';
import { describe, expect, test } from 'vitest';
import { assemble } from '../../generator/assembler/assemble.ts';
import { opcodes } from '../../generator/assembler/opcodes.ts';
import { assembleHelpers } from '../../generator/emit/wasmHelpers.ts';
import { dump } from '../../generator/index.ts';
import { helperNames, printHelpers } from '../../generator/print/wasmMath.ts';
import { decodeModule } from '../../generator/prove/wasm/decode.ts';
import { webAssembly } from '../wasm/webAssembly.ts';

/** binaryen's bytes: an assembler that knows nothing of this one. */
function binaryenBytes(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(binaryen.Features.All);
    if (!module.validate()) throw new Error('the module is not valid');
    module.runPasses(['reorder-locals']);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}.net.json`, import.meta.url), 'utf8'));

test.each(['examples/article', 'examples/digits', 'examples/residual', 'bench/networks/n3'])(
  '%s has the bytes that binaryen gives it',
  (name) => {
    const text = dump(read(name), 'wat', { inputGradient: true });
    expect(Buffer.compare(assemble(text), binaryenBytes(text))).toBe(0);
  },
);

test('so have all scalar functions', () => {
  const exports = helperNames.map((name) => `(export "${name}" (func $${name}))`);
  const text = `(module ${printHelpers(helperNames).join('\n')} ${exports.join('\n')})`;
  expect(Buffer.compare(assembleHelpers(), binaryenBytes(text))).toBe(0);
});

describe('every instruction', () => {
  const params = '(param $i i32) (param $l i64) (param $f f32) (param $d f64) (param $v v128)';
  const operands: Record<string, string> = { i: '$i', l: '$l', f: '$f', d: '$d', v: '$v' };
  const letters = Object.keys(operands);
  const lists = ['', ...letters, ...letters.flatMap((a) => letters.map((b) => a + b)), 'vvv', 'iii'];
  const special = ['br', 'br_if', 'call', 'return', 'unreachable', 'nop', 'select', 'drop'];
  const immediatesOf = (name: string): string => {
    const { immediates } = opcodes.get(name)!;
    if (immediates === 'constant') return name.startsWith('v128') ? 'f32x4 1.5 -0 inf 3e-41' : '-77';
    if (immediates === 'lanes') return '0 1 2 3 4 5 6 7 8 9 10 11 12 13 31 16';
    if (immediates === 'local') return '$i';
    if (immediates === 'lane') return /load|store/.test(name) ? 'offset=1000 1' : '1';
    return immediates === 'memory' ? 'offset=1000' : '';
  };

  test.each([...opcodes.keys()].filter((name) => !special.includes(name)))('%s is encoded as binaryen does', (name) => {
    // Whatever operands the engine takes, or that binaryen knows: relaxed instructions are not in every engine.
    const texts = lists.map((list) => {
      const instruction = `(${name} ${immediatesOf(name)} ${[...list].map((one) => `(local.get ${operands[one]})`).join(' ')})`;
      const whole = /set$|store|memory/.test(name) ? instruction : `(drop ${instruction})`;
      return `(module (memory 1 1) (func ${params} ${whole}))`;
    });
    const valid = texts.filter((text) => isValidForBinaryen(text));
    expect(valid.length).toBeGreaterThan(0);
    for (const text of valid) expect(Buffer.from(assemble(text))).toEqual(Buffer.from(binaryenBytes(text)));
  });

  function isValidForBinaryen(text: string): boolean {
    if (!text.includes('relaxed')) return webAssembly.validate(assemble(text));
    return /\$v[^$]*\$v[^$]*\$v/.test(text.split('v128)')[1]!) && text.includes('(drop');
  }
});

test('numbers beyond a byte, blocks and labels are encoded as binaryen does', () => {
  const locals = Array.from({ length: 300 }, (_, n) => `(local $n${n} ${n % 3 === 0 ? 'f32' : 'i32'})`).join(' ');
  const sets = Array.from(
    { length: 300 },
    (_, n) => `(local.set $n${n} (${n % 3 === 0 ? 'f32' : 'i32'}.const ${n * 7919}))`,
  );
  const text = `(module (memory (export "memory") 3 3)
    (func $other (export "other \\"2\\"") (param $x f32) (result f32) (local.get $x))
    (func $f (export "f") (param $i i32) (result i32) ${locals} ${sets.join('\n')}
      (block $out
        (loop $again ;; (( a remark
          (br_if $out (i32.eqz (local.get $i)))
          (local.set $i (i32.sub (local.get $i) (i32.const -2147483648)))
          (br_if $again (local.get $i))))
      (local.set $n0 (call $other (f32.const 0.1)))
      (if (i32.lt_u (local.get $i) (i32.const 4294967295)) (then (local.set $n1 (i32.const 1))) (else (nop)))
      (select (local.get $n1) (local.get $n2) (i32.const 64))))`;
  expect(Buffer.from(assemble(text))).toEqual(Buffer.from(binaryenBytes(text)));
  expect(decodeModule(assemble(text)).functions).toHaveLength(2);
});

test.each([
  ['(module (func (nop))', /ends within parentheses/],
  ['(module))', /without "\("/],
  ['(module (table 1 funcref))', /unknown field/],
  ['(module (func (f32.sine (f32.const 1))))', /unknown instruction, f32\.sine/],
  ['(module (func (drop (local.get $x))))', /unknown name, \$x/],
  ['(module (func (br $far)))', /unknown label, \$far/],
  ['(module (func (drop (f32.const one))))', /found one, expected a decimal number/],
  ['(module (func (drop (i32.const 1.5))))', /found 1\.5, expected an integer/],
])('%s is refused', (text, message) => expect(() => assemble(text)).toThrow(message));
