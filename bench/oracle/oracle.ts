import fc from 'fast-check';
import type { NetworkSpec } from '../../generator/index.ts';
import { parameterShapes } from '../../generator/reference/interpreter.ts';
import { arbitrarySpec } from '../../test/execution/arbitrarySpec.ts';
import { hasTies } from '../../test/execution/gradientsAgree.ts';
import { load } from '../../test/execution/load.ts';
import { type Sample, sampleOf } from '../../test/execution/sample.ts';
import { startProgress } from '../core/progress.ts';
import { startTensorFlow } from '../engines/tfjs.ts';
import type { TensorFlow } from '../engines/tfjsTypes.ts';
import { evaluate } from './evaluate.ts';
import { featuresOf, required } from './features.ts';

/** Largest error of float32, relative to the largest number of a tensor, after ten layers. */
const TOLERANCE = 1e-4;
/** Sums of numbers around 1 that cancel to nothing leave 1e-7 in float32; relative to that nothing they would be large. */
const FLOOR = 1e-2;
/** Beside a kink float32 may take the other side. A fault does so for any numbers, a kink only for some. */
const ATTEMPTS = 4;
/** Seeds close to each other give numbers close to each other. */
const SEED_STEP = 1_000_003;

/** The forms that are compared. */
export const oracleForms = ['unrolled', 'fast'] as const;

type OracleForm = (typeof oracleForms)[number];

/** What was seen of one feature. */
export interface FeatureRow {
  readonly feature: string;
  readonly networks: number;
  readonly worstOutput: number;
  readonly worstGradient: number;
}

export interface OracleResult {
  readonly networks: number;
  readonly seed: number;
  readonly rows: readonly FeatureRow[];
  /** How many needed other numbers than the first, and had no gradient compared, since `ties: 'all'` met a tie. */
  readonly repeated: number;
  readonly tied: number;
  /** The smallest network that disagrees. */
  readonly failure: { readonly spec: NetworkSpec; readonly message: string } | undefined;
  /** What must be seen and was not. */
  readonly unseen: readonly string[];
}

interface Errors {
  readonly output: number;
  readonly gradient: number;
}

/** Compares generated modules of random networks with TensorFlow.js on its cpu backend: output and all gradients. */
export async function runOracle(count: number, seed: number, forms: readonly OracleForm[]): Promise<OracleResult> {
  const tf = await startTensorFlow('cpu');
  const seen = new Map<string, FeatureRow>();
  let [repeated, tied, networks] = [0, 0, 0];
  let isShrinking = false;
  const progress = startProgress(count);
  const property = fc.asyncProperty(arbitrarySpec, fc.nat(1e6), async (spec, numbers) => {
    const outcome = await outcomeOf(tf, spec, numbers, forms).catch((error: Error) => error);
    if (outcome instanceof Error) {
      isShrinking = true;
      throw outcome;
    }
    if (isShrinking) return;
    networks++;
    if (outcome.attempts > 1) repeated++;
    if (outcome.isTied) tied++;
    for (const feature of outcome.features) seen.set(feature, enlarged(seen.get(feature), feature, outcome.errors));
    progress.step();
  });
  const details = await fc.check(property, { numRuns: count, seed });
  progress.stop();
  const [spec] = details.counterexample ?? [];
  return {
    networks,
    seed,
    rows: [...seen.values()].toSorted((a, b) => (a.feature < b.feature ? -1 : 1)),
    repeated,
    tied,
    failure: details.failed && spec ? { spec, message: String((details.errorInstance as Error).message) } : undefined,
    unseen: required.filter((feature) => !seen.has(feature)),
  };
}

interface Outcome {
  readonly features: ReadonlySet<string>;
  readonly errors: Errors;
  readonly attempts: number;
  readonly isTied: boolean;
}

/** Compares one network, with other numbers if need be. Throws if it disagrees with all. */
async function outcomeOf(
  tf: TensorFlow,
  spec: NetworkSpec,
  numbers: number,
  forms: readonly OracleForm[],
): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const sample = sampleOf(spec, numbers + SEED_STEP * (attempt - 1));
    const isTied = hasTies(sample);
    const { errors, worstForm } = await errorsOf(tf, spec, sample, forms, isTied);
    if (errors.output <= TOLERANCE && errors.gradient <= TOLERANCE) {
      return { features: featuresOf(sample.network), errors, attempts: attempt, isTied };
    }
    if (attempt === ATTEMPTS) {
      const [output, gradient] = [errors.output, errors.gradient].map((error) => error.toExponential(1));
      throw new Error(`form ${worstForm}: relative error of the output ${output}, of the gradients ${gradient}`);
    }
  }
}

/** The errors of the worst form. */
async function errorsOf(
  tf: TensorFlow,
  spec: NetworkSpec,
  sample: Sample,
  forms: readonly OracleForm[],
  isTied: boolean,
): Promise<{ readonly errors: Errors; readonly worstForm: OracleForm | undefined }> {
  const expected = evaluate(tf, sample);
  const frozen = frozenSlots(sample);
  const gradients = expected.gradients.map((value, slot) => (frozen.has(slot) ? 0 : value));
  let errors: Errors = { output: 0, gradient: 0 };
  let worstForm: OracleForm | undefined;
  for (const form of forms) {
    const { createModel } = await load(spec, { inputGradient: true, form });
    const model = createModel(sample.parameters);
    const output = relativeError(model.forward(sample.input), expected.output);
    if (!isTied) model.backward(sample.given);
    const gradient = isTied
      ? 0
      : worse(relativeError(model.gradients, gradients), relativeError(model.inputGradient, expected.inputGradient));
    if (worse(output, gradient) > worse(errors.output, errors.gradient)) worstForm = form;
    errors = { output: worse(errors.output, output), gradient: worse(errors.gradient, gradient) };
  }
  return { errors, worstForm };
}

/** Statistics are parameters without a gradient. */
function frozenSlots({ network }: Sample): ReadonlySet<number> {
  return new Set(
    parameterShapes(network)
      .filter(({ name }) => name.includes('/moving'))
      .flatMap(({ shape, offset }) => Array.from({ length: shape[0]! }, (_, n) => offset + n)),
  );
}

/** Relative to the largest expected number, or to FLOOR where all are smaller. */
function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  const [a, b] = [Array.from(found), Array.from(expected)];
  const scale = Math.max(FLOOR, ...b.map(Math.abs));
  const error = Math.max(0, ...b.map((value, k) => Math.abs(a[k]! - value)));
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error / scale;
}

const worse = (a: number, b: number): number => Math.max(a, b);

function enlarged(row: FeatureRow | undefined, feature: string, { output, gradient }: Errors): FeatureRow {
  return {
    feature,
    networks: (row?.networks ?? 0) + 1,
    worstOutput: worse(row?.worstOutput ?? 0, output),
    worstGradient: worse(row?.worstGradient ?? 0, gradient),
  };
}
