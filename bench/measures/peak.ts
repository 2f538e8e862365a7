import { assemble } from '../../generator/assembler/assemble.ts';
import { startModule } from '../core/webAssembly.ts';

/** Accumulators, and turns of one call. */
const chains = 8;
const turns = 100_000;

/**
 * How many multiply-adds a nanosecond this machine does in 128 bits, in WebAssembly: 8 sums of vectors that stay in
 * registers, 2 places × 4 vectors, without a load.
 */
export function measurePeak(isRelaxed = false): number {
  const vectors = Array.from({ length: chains }, (_, n) => `$s${n}`);
  const factor = (n: number): string => `(local.get $${'wxyz'[n % 4]})`;
  const other = (n: number): string => `(local.get $${'ab'[n >> 2]})`;
  const added = (name: string, n: number): string =>
    isRelaxed
      ? `(f32x4.relaxed_madd ${factor(n)} ${other(n)} (local.get ${name}))`
      : `(f32x4.add (local.get ${name}) (f32x4.mul ${factor(n)} ${other(n)}))`;
  const text = `(module (memory (export "memory") 1 1) (func $run (export "run") (local $n i32)
    ${[...vectors, '$w', '$x', '$y', '$z', '$a', '$b'].map((name) => `(local ${name} v128)`).join(' ')}
    ${['$w', '$x', '$y', '$z', '$a', '$b'].map((name, n) => `(local.set ${name} (v128.load offset=${16 * n} (i32.const 0)))`).join(' ')}
    (loop $each
      ${vectors.map((name, n) => `(local.set ${name} ${added(name, n)})`).join('\n      ')}
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $each (i32.lt_s (local.get $n) (i32.const ${turns}))))
    ${vectors.map((name, n) => `(v128.store offset=${128 + 16 * n} (i32.const 0) (local.get ${name}))`).join(' ')}))`;
  const { run } = startModule<{ run(): void }>(assemble(text));
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 40; round++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return (turns * chains * 4) / (best * 1e6);
}

/** The same with two roundings and, where this engine has relaxed multiply-adds, with one. */
export function measurePeaks(): { readonly plain: number; readonly relaxed?: number } {
  const plain = measurePeak();
  try {
    return { plain, relaxed: measurePeak(true) };
  } catch {
    return { plain };
  }
}
