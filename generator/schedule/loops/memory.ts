import { meansOf } from '../../equations/equation.ts';
import { sizeOf, type Tensor } from '../../equations/tensor.ts';
import type { LoopPlan } from './loopPlan.ts';
import { vectorPolicy } from './vectorPolicy.ts';

/** Where every array lies in one memory, in bytes. */
export interface Memory {
  readonly offsets: ReadonlyMap<Tensor, number>;
  /** Lengths of the arrays that are cleared, in bytes. */
  readonly lengths: ReadonlyMap<Tensor, number>;
  /** Samples that one call takes at most. */
  readonly batch: number;
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
  const offsets = new Map<Tensor, number>();
  const lengths = new Map<Tensor, number>();
  let end = 0;
  const reserve = (bytes: number): number => {
    const start = end;
    end = Math.ceil((end + bytes) / alignment) * alignment;
    return start;
  };
  const place = (tensor: Tensor, numbers: number): void => {
    if (offsets.has(tensor)) return;
    lengths.set(tensor, numbers * bytesPerNumber);
    offsets.set(tensor, reserve(numbers * bytesPerNumber));
  };
  place(step.parameters, sizeOf(step.parameters));
  place(step.gradients, sizeOf(step.gradients));
  let next = 0;
  for (const { tensor } of program.parameters) {
    offsets.set(tensor, (offsets.get(step.parameters) as number) + next);
    const gradient = program.gradients.get(tensor);
    if (gradient !== undefined) offsets.set(gradient, (offsets.get(step.gradients) as number) + next);
    next += sizeOf(tensor) * bytesPerNumber;
  }
  for (const tensor of step.state) place(tensor, sizeOf(tensor));
  const { input, output, target, loss, outputGradient, inputGradient } = program;
  const masks = program.masks.map(({ tensor }) => tensor);
  const ends = [input, output, target, loss, outputGradient, inputGradient, ...masks, ...meansOf(program)];
  const seen = ends.filter((one) => one !== undefined);
  for (const tensor of [...seen, ...plan.stored]) {
    place(tensor, plan.layouts.get(tensor)?.length ?? sizeOf(tensor));
  }
  // An input without a border is where the caller puts it.
  const isBordered = (plan.layouts.get(input)?.length ?? sizeOf(input)) !== sizeOf(input);
  if (isBordered) place(plan.input, sizeOf(plan.input));
  else offsets.set(plan.input, offsets.get(input) as number);
  const drawn = masks.reduce((sum, mask) => sum + sizeOf(mask), 0);
  const perSample = (sizeOf(input) + 2 * sizeOf(output) + drawn) * bytesPerNumber;
  const batch = Math.max(1, Math.min(vectorPolicy.samplesAtOnce, Math.floor(vectorPolicy.bytesOfBatch / perSample)));
  const batchInputs = reserve(batch * sizeOf(input) * bytesPerNumber);
  const batchOutputs = reserve(batch * sizeOf(output) * bytesPerNumber);
  const batchTargets = reserve(batch * sizeOf(output) * bytesPerNumber);
  const batchMasks = new Map(masks.map((mask) => [mask, reserve(batch * sizeOf(mask) * bytesPerNumber)]));
  return { offsets, lengths, batch, batchInputs, batchOutputs, batchTargets, batchMasks, bytes: end };
}
