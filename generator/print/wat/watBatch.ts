import type { Program } from '../../equations/equation.ts';
import { sizeOf, type Tensor } from '../../equations/tensor.ts';
import { present } from '../../lists.ts';
import type { Memory } from '../../schedule/loops/memory.ts';

/** Calls of functions, those of each sample further in. */
export type BatchCalls = Readonly<
  Record<'prepareForward' | 'forward' | 'prepare' | 'backward' | 'finish' | 'clear', readonly string[]>
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
  const at = placesIn(memory);
  const forward = [...copyInput(program.input, memory, copiesInput), ...calls.forward];
  return [
    '  (func (export "forwardMany") (param $count i32) (local $sample i32)',
    ...calls.prepareForward,
    ...eachSample([...forward, copyOutput(program.output, memory)]),
    '  )',
    '  (func (export "backwardMany") (param $count i32) (result f64) (local $sample i32) (local $loss f64)',
    ...calls.prepareForward,
    ...calls.prepare,
    ...eachSample([
      ...[...memory.batchMasks].flatMap(([mask, from]) => copySample(at(mask), from, bytesOf(mask))),
      ...forward,
      ...copySample(at(given), memory.batchTargets, bytesOf(given)),
      ...calls.backward,
      ...(program.loss ? [addLoss(at(program.loss))] : []),
      ...(memory.samplesOfRun < memory.batch ? handOn(calls, memory) : []),
    ]),
    ...calls.finish,
    '    (local.get $loss)',
    '  )',
  ];
}

function placesIn({ offsets }: Memory): (tensor: Tensor) => number {
  return (tensor) => present(offsets.get(tensor));
}

function bytesOf(tensor: Tensor): number {
  return sizeOf(tensor) * 4;
}

function copyInput(input: Tensor, memory: Memory, copies: boolean): readonly string[] {
  const { batchInputs } = memory;
  if (copies) return [`      (call $copyInput ${sampleAt(batchInputs, bytesOf(input))})`];
  return copySample(placesIn(memory)(input), batchInputs, bytesOf(input));
}

function copyOutput(output: Tensor, memory: Memory): string {
  const bytes = bytesOf(output);
  const from = placesIn(memory)(output);
  return `      (memory.copy ${sampleAt(memory.batchOutputs, bytes)} (i32.const ${from}) (i32.const ${bytes}))`;
}

function addLoss(at: number): string {
  return `      (local.set $loss (f64.add (local.get $loss) (f64.promote_f32 (f32.load offset=${at} (i32.const 0)))))`;
}

/** Sums over the samples so far go to the gradients, every time that a run of samples is over. */
function handOn({ finish, clear }: BatchCalls, { samplesOfRun }: Memory): string[] {
  const rest = `(i32.and (local.get $sample) (i32.const ${samplesOfRun - 1}))`;
  return [
    `      (if (i32.eq ${rest} (i32.const ${samplesOfRun - 1})) (then`,
    ...[...finish, ...clear].map((call) => `    ${call}`),
    '      ))',
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
