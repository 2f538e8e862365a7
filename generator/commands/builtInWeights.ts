import type { WeightPrecision } from '../exchange/weights/pack.ts';
import type { GenerateOptions } from '../index.ts';
import { stages } from '../pipeline.ts';
import { SpecError } from '../spec/problem.ts';
import { readBytes } from './files.ts';

/** A spec's own share of `generate --weights`: options for `generate`, and a line that says what rounding costs. */
export interface BuiltIn {
  readonly options: Pick<GenerateOptions, 'weights' | 'precision'>;
  readonly note: string;
}

/**
 * Reads a file of weights for one spec and measures what is lost in this precision.
 *
 * @throws SpecError with the file in front of every problem
 */
export async function builtInWeights(spec: unknown, file: string, precision: WeightPrecision): Promise<BuiltIn> {
  const [{ readWeights }, { fitWeights }, { slotsOf }, { packWeights, unpackWeights }, { measureLoss }] =
    await Promise.all([
      import('../exchange/weights/files.ts'),
      import('../exchange/weights/fit.ts'),
      import('../exchange/weights/slots.ts'),
      import('../exchange/weights/pack.ts'),
      import('../exchange/weights/measureLoss.ts'),
    ]);
  const network = stages.shape(stages.parse(spec));
  const slots = slotsOf(network);
  try {
    const weights = fitWeights(slots, readWeights(file, readBytes(file)));
    const packed = packWeights(slots, weights, precision);
    const rounded = unpackWeights(packed);
    const size = `${file}: ${packed.bytes.length} bytes of ${precision} built in`;
    if (rounded.every((value, n) => value === weights[n]))
      return { options: { weights, precision }, note: `${size}, exact` };
    const { samples, largest, sameWinner } = measureLoss(network, weights, rounded);
    const winner = `the largest output stays the same in ${sameWinner} of ${samples} random inputs`;
    const note = `${size}; outputs change by at most ${largest.toExponential(1)} of the largest, ${winner}`;
    return { options: { weights, precision }, note };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new SpecError(error.problems.map((one) => ({ ...one, path: one.path ? `${file}: ${one.path}` : file })));
  }
}
