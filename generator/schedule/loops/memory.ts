import { meansOf, type Program } from '../../equations/equation.ts';
import { sizeOf, type Tensor } from '../../equations/tensor.ts';
import { samplesOfRun } from '../rules/vector/samplesOfRun.ts';
import type { LoopPlan } from './loopPlan.ts';
import { vectorPolicy } from './vectorPolicy.ts';

/** Where every array lies in one memory, in bytes. */
export interface Memory {
  readonly offsets: ReadonlyMap<Tensor, number>;
  /** Lengths of the arrays that are cleared, in bytes. */
  readonly lengths: ReadonlyMap<Tensor, number>;
  /** Samples that one call takes at most. */
  readonly batch: number;
  /** After so many of them sums over samples go to the gradients and begin anew. */
  readonly samplesOfRun: number;
  readonly batchInputs: number;
  readonly batchOutputs: number;
  readonly batchTargets: number;
  /** By mask, those of the samples of one call. */
  readonly batchMasks: ReadonlyMap<Tensor, number>;
  readonly bytes: number;
}

/** Loops whose arrays have their places in one memory. */
export interface PlacedPlan extends LoopPlan {
  readonly memory: Memory;
}

const bytesPerNumber = 4;
const alignment = 16;

/** Lays out parameters, gradients, the optimiser's state and all buffers, once. */
export function layOutMemory(plan: LoopPlan): Memory {
  const { program } = plan;
  const { step } = program;
  const layout = new MemoryLayout();
  layout.place(step.parameters, sizeOf(step.parameters));
  layout.place(step.gradients, sizeOf(step.gradients));
  layout.placeParts(program);
  for (const tensor of step.state) layout.place(tensor, sizeOf(tensor));
  const lengthOf = (tensor: Tensor): number => plan.layouts.get(tensor)?.length ?? sizeOf(tensor);
  for (const tensor of [...endsOf(program), ...plan.stored]) layout.place(tensor, lengthOf(tensor));
  // An input without a border is where the caller puts it.
  if (lengthOf(program.input) === sizeOf(program.input)) layout.placeAt(plan.input, layout.at(program.input));
  else layout.place(plan.input, sizeOf(plan.input));
  const samples = layOutSamples(program, (numbers) => layout.reserve(numbers));
  const { offsets, lengths, bytes } = layout;
  return {
    offsets,
    lengths,
    ...samples,
    samplesOfRun: plan.finish.length > 0 ? samplesOfRun(plan) : samples.batch,
    bytes,
  };
}

/** What a caller gives and gets, masks and means included. */
function endsOf(program: Program): readonly Tensor[] {
  const { input, output, target, loss, outputGradient, inputGradient } = program;
  const ends = [input, output, target, loss, outputGradient, inputGradient, ...masksOf(program), ...meansOf(program)];
  return ends.filter((one) => one !== undefined);
}

function masksOf({ masks }: Program): readonly Tensor[] {
  return masks.map(({ tensor }) => tensor);
}

/** Where a caller puts the samples of a batch side by side, and how many at a time. */
function layOutSamples(program: Program, reserve: (numbers: number) => number) {
  const masks = masksOf(program);
  const [input, output] = [sizeOf(program.input), sizeOf(program.output)];
  const drawn = masks.reduce((sum, mask) => sum + sizeOf(mask), 0);
  const perSample = (input + 2 * output + drawn) * bytesPerNumber;
  const batch = Math.max(1, Math.min(vectorPolicy.samplesAtOnce, Math.floor(vectorPolicy.bytesOfBatch / perSample)));
  return {
    batch,
    batchInputs: reserve(batch * input),
    batchOutputs: reserve(batch * output),
    batchTargets: reserve(batch * output),
    batchMasks: new Map(masks.map((mask) => [mask, reserve(batch * sizeOf(mask))])),
  };
}

/** Arrays one after the other. */
class MemoryLayout {
  readonly offsets = new Map<Tensor, number>();
  readonly lengths = new Map<Tensor, number>();
  #end = 0;

  get bytes(): number {
    return this.#end;
  }

  /** The place of so many numbers. */
  reserve(numbers: number): number {
    const start = this.#end;
    this.#end = Math.ceil((start + numbers * bytesPerNumber) / alignment) * alignment;
    return start;
  }

  place(tensor: Tensor, numbers: number): void {
    if (this.offsets.has(tensor)) return;
    this.lengths.set(tensor, numbers * bytesPerNumber);
    this.offsets.set(tensor, this.reserve(numbers));
  }

  placeAt(tensor: Tensor, offset: number): void {
    this.offsets.set(tensor, offset);
  }

  at(tensor: Tensor): number {
    const offset = this.offsets.get(tensor);
    if (offset === undefined) throw new Error(`${tensor.name} has no place in memory`);
    return offset;
  }

  /** Parameters and their gradients are parts of the flat arrays. */
  placeParts({ step, parameters, gradients }: Program): void {
    let next = 0;
    for (const { tensor } of parameters) {
      this.placeAt(tensor, this.at(step.parameters) + next);
      const gradient = gradients.get(tensor);
      if (gradient !== undefined) this.placeAt(gradient, this.at(step.gradients) + next);
      next += sizeOf(tensor) * bytesPerNumber;
    }
  }
}
