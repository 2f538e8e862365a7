import type { z } from 'zod';
import { joinOutputs } from '../layers/ends.ts';
import { defaultOptimizer, type Optimizer } from '../layers/optimizers/registry.ts';
import { isKeyOf } from '../lists.ts';
import { type Found, inFileOrder } from './fileOrder.ts';
import { placeInputs } from './inputs.ts';
import type { Network } from './network.ts';
import { checkElements, inputNamesOf, isNamed, parseInput, parseOutputs } from './parseEnds.ts';
import { finish, parseLayers } from './parseLayers.ts';
import { checkLoss, parseLoss } from './parseLoss.ts';
import { parseTyped } from './parseTyped.ts';
import type { Problem } from './problem.ts';
import { check, field, isRecord, type Report, reportUnknownKeys, withGuess } from './report.ts';
import { networkNameSchema, optimizerSchemas, specShape } from './schema.ts';
import { show } from './show.ts';

export type ParseResult =
  | { readonly ok: true; readonly network: Network }
  | { readonly ok: false; readonly problems: Problem[] };

/** Nobody reads more; to find the nearest name for each of ten thousand takes minutes. */
const maxProblems = 100;

/** Thrown where there is one problem more than is told. */
class TooMany extends Error {}

/**
 * Reads a spec: fills defaults in, names the layers, resolves their inputs.
 *
 * Nothing is assumed of the value. Where it is no spec, every problem is returned, in the order of the file; of more
 * than 100 the first that were found.
 */
export function parseSpec(spec: unknown): ParseResult {
  const found: Found[] = [];
  const report: Report = (path, what, expected) => {
    if (found.length === maxProblems) throw new TooMany();
    found.push({ path, found: `found ${what}`, expected });
  };
  try {
    const network = parseNetwork(spec, report);
    if (found.length === 0 && network !== undefined) return { ok: true, network };
    return { ok: false, problems: inFileOrder(spec, found) };
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    return { ok: false, problems: [...inFileOrder(spec, found), andMore] };
  }
}

const andMore: Problem = {
  path: '',
  found: `found ${maxProblems} problems and stopped there`,
  expected: 'expected these to be mended first',
};

function parseNetwork(spec: unknown, report: Report): Network | undefined {
  if (!isRecord(spec)) {
    report([], show(spec), 'expected an object with the keys name, input, layers and perhaps loss and optimizer');
    return undefined;
  }
  const misspelt = reportUnknownKeys(spec, Object.keys(specShape), [], 'a spec', report);
  // A missing key that stands there under a wrong name has been reported already.
  const read = <T>(key: string, schema: z.ZodType<T>): T | undefined =>
    misspelt.has(key) ? undefined : check(schema, field(spec, key), [key], report);
  read('$schema', specShape.$schema);
  const name = read('name', networkNameSchema);
  const input = misspelt.has('input') ? undefined : parseInput(field(spec, 'input'), report);
  const loss = misspelt.has('loss') ? undefined : parseLoss(field(spec, 'loss'), report);
  const optimizer = misspelt.has('optimizer') ? undefined : parseOptimizer(field(spec, 'optimizer'), report);
  const layers = misspelt.has('layers') ? [] : parseLayers(field(spec, 'layers'), inputNamesOf(input), report);
  const outputs = misspelt.has('outputs') ? undefined : parseOutputs(field(spec, 'outputs'), layers, report);
  if (outputs !== undefined && loss !== undefined) {
    report(['loss'], `${show(loss.type)} beside outputs`, 'expected the loss of each output in outputs');
  }
  if (input !== undefined) checkElements(input, report);
  checkLoss(loss, layers.at(-1), layers, ['loss'], report);
  if (name === undefined || input === undefined) return undefined;
  const network: Network = {
    name,
    ...(isNamed(input) ? placeInputs(input) : { input }),
    loss: loss?.type,
    lossOptions: loss?.options ?? {},
    layers: finish(layers),
    optimizer: optimizer ?? defaultOptimizer,
    ...(outputs === undefined ? {} : { outputs }),
  };
  return joinOutputs(network);
}

/** The optimiser with its defaults; undefined where the spec names none, or a wrong one. */
function parseOptimizer(value: unknown, report: Report): Optimizer | undefined {
  if (value === undefined) return undefined;
  const names = Object.keys(optimizerSchemas);
  const typed = isKeyOf(optimizerSchemas, value) ? { type: value } : value;
  if (!isRecord(typed)) {
    const expected = `expected one of ${names.join(', ')}, or an object with one of them as its type`;
    report(['optimizer'], show(value), withGuess(expected, value, names));
    return undefined;
  }
  const parsed = parseTyped(typed, 'optimizer', optimizerSchemas, report);
  // What is wrong has been reported, and then nobody reads it.
  return parsed && ({ type: parsed.type, ...parsed.options } as Optimizer);
}
