import type { Program } from '../../equations/equation.ts';
import { sizeOf, type Tensor } from '../../equations/tensor.ts';
import type { Memory } from '../../schedule/loops/memory.ts';

/** Calls of functions, those of each sample further in. */
export type BatchCalls = Readonly<
  Record<'prepareForward' | 'forward' | 'prepare' | 'backward' | 'finish', readonly string[]>
>;

/** What is copied by loads and stores: memory.copy calls into the engine. */
const fewBytes = 128;

/** Vectors, then numbers. */
function piecesOf(bytes: number): { readonly offset: number; readonly type: 'v128' | 'i32' }[] {
  const vectors = Math.floor(bytes / 16);
  const numbers = (bytes - 16 * vectors) / 4;
  return [
    ...Array.from({ length: vectors }, (_, n) => ({ offset: 16 * n, type: 'v128' as const })),
    ...Array.from({ length: numbers }, (_, n) => ({ offset: 16 * vectors + 4 * n, type: 'i32' as const })),
  ];
}

/** Many samples in one call: what the caller has put side by side goes through the network sample by sample. */
export function batchFunctions(
  program: Program,
  given: Tensor,
  memory: Memory,
  copiesInput: boolean,
  calls: BatchCalls,
): string[] {
  const { input, output, loss } = program;
  const at = (tensor: Tensor): number => memory.offsets.get(tensor) as number;
  const [inputBytes, outputBytes] = [sizeOf(input) * 4, sizeOf(output) * 4];
  const copyIn = (to: Tensor, from: number, bytes: number): string[] => copySample(at(to), from, bytes);
  const forward = [
    ...(copiesInput
      ? [`      (call $copyInput ${sampleAt(memory.batchInputs, inputBytes)})`]
      : copyIn(input, memory.batchInputs, inputBytes)),
    ...calls.forward,
  ];
  return [
    '  (func (export "forwardMany") (param $count i32) (local $sample i32)',
    ...calls.prepareForward,
    ...eachSample([
      ...forward,
      `      (memory.copy ${sampleAt(memory.batchOutputs, outputBytes)} (i32.const ${at(output)}) (i32.const ${outputBytes}))`,
    ]),
    '  )',
    '  (func (export "backwardMany") (param $count i32) (result f64) (local $sample i32) (local $loss f64)',
    ...calls.prepareForward,
    ...calls.prepare,
    ...eachSample([
      ...[...memory.batchMasks].flatMap(([mask, from]) => copyIn(mask, from, sizeOf(mask) * 4)),
      ...forward,
      ...copyIn(given, memory.batchTargets, sizeOf(given) * 4),
      ...calls.backward,
      ...(loss === undefined
        ? []
        : [
            `      (local.set $loss (f64.add (local.get $loss) (f64.promote_f32 (f32.load offset=${at(loss)} (i32.const 0)))))`,
          ]),
    ]),
    ...calls.finish,
    '    (local.get $loss)',
    '  )',
  ];
}

function sampleAt(start: number, bytes: number): string {
  return `(i32.add (i32.const ${start}) (i32.mul (local.get $sample) (i32.const ${bytes})))`;
}

/** Copies what lies at `from` for one of the samples to a fixed place. */
function copySample(to: number, from: number, bytes: number): string[] {
  if (bytes > fewBytes) return [`      (memory.copy (i32.const ${to}) ${sampleAt(from, bytes)} (i32.const ${bytes}))`];
  return piecesOf(bytes).map(({ offset, type }) => {
    const sample = `(i32.mul (local.get $sample) (i32.const ${bytes}))`;
    const value = `(${type}.load offset=${from + offset} ${sample})`;
    return `      (${type}.store offset=${to + offset} (i32.const 0) ${value})`;
  });
}

/** The body for every sample, of which there is at least one. */
function eachSample(body: readonly string[]): string[] {
  return [
    '    (loop $each',
    ...body,
    '      (local.set $sample (i32.add (local.get $sample) (i32.const 1)))',
    '      (br_if $each (i32.lt_s (local.get $sample) (local.get $count)))',
    '    )',
  ];
}
