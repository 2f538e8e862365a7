import { maxElements, shape as shapeSchema } from '../layers/options.ts';
import { elementsOf } from '../shape.ts';
import { type Draft, isName, listNames } from './layerDraft.ts';
import type { NamedOutput, Network, Shape } from './network.ts';
import { checkLoss, parseLoss } from './parseLoss.ts';
import { check, field, isRecord, type Report, reportUnknownKeys, withGuess } from './report.ts';
import { layerNameSchema, outputWeightSchema } from './schema.ts';
import { show } from './show.ts';

/** A shape, or the shapes of several inputs by their names. */
export type ParsedInput = Shape | ReadonlyMap<string, Shape>;

export function isNamed(input: ParsedInput): input is ReadonlyMap<string, Shape> {
  return input instanceof Map;
}

/** Undefined where it is wrong. */
export function parseInput(value: unknown, report: Report): ParsedInput | undefined {
  if (!isRecord(value)) return check(shapeSchema, value, ['input'], report);
  const entries = Object.entries(value);
  if (entries.length === 0) report(['input'], 'no input', 'expected a shape, or the shapes of inputs by their names');
  const shapes = entries.flatMap(([name, shape]): [string, Shape][] => {
    const path = ['input', name];
    if (check(layerNameSchema, name, path, report) === 'input') {
      report(path, '"input"', "expected another name: 'input' is the input that has no name");
    }
    const found = check(shapeSchema, shape, path, report);
    return found === undefined ? [] : [[name, found]];
  });
  return shapes.length === entries.length && entries.length > 0 ? new Map(shapes) : undefined;
}

export function inputNamesOf(input: ParsedInput | undefined): readonly string[] | undefined {
  if (input === undefined) return undefined;
  return isNamed(input) ? [...input.keys()] : ['input'];
}

export function checkElements(input: ParsedInput, report: Report): void {
  const shapes = isNamed(input) ? [...input.values()] : [input];
  const elements = shapes.reduce((sum, shape) => sum + elementsOf(shape), 0);
  if (elements <= maxElements) return;
  report(
    ['input'],
    `${show(isNamed(input) ? Object.fromEntries(input) : input)}, ${elements} elements`,
    `expected at most ${maxElements} (2^24) elements`,
  );
}

/** The outputs by the names of their layers, each with its loss; undefined where the spec has none, or wrong ones. */
export function parseOutputs(value: unknown, layers: readonly Draft[], report: Report): Network['outputs'] {
  if (value === undefined) return undefined;
  const entries = isRecord(value) ? Object.entries(value) : [];
  if (entries.length === 0) {
    const expected = 'expected an object of names of layers, each with { } or { "loss": …, "weight": … }';
    report(['outputs'], isRecord(value) ? 'no output' : show(value), expected);
    return undefined;
  }
  const names = layers.flatMap(({ name }) => (isName(name) ? [name] : []));
  const outputs = entries.map(([name, one]): NamedOutput => {
    const path = ['outputs', name];
    const layer = layers.find((draft) => draft.name === name);
    if (layer === undefined && layers.every((draft) => draft.name !== undefined)) {
      report(path, show(name), withGuess(`expected the name of a layer (${listNames(names)})`, name, names));
    }
    if (!isRecord(one)) {
      report(path, show(one), 'expected { } or { "loss": …, "weight": … }');
      return { name, loss: undefined, lossOptions: {}, weight: 1 };
    }
    reportUnknownKeys(one, ['loss', 'weight'], path, 'an output', report);
    const loss = parseLoss(field(one, 'loss'), report, [...path, 'loss']);
    checkLoss(loss, layer, layers, [...path, 'loss'], report);
    const weight = check(outputWeightSchema, field(one, 'weight'), [...path, 'weight'], report) ?? 1;
    if (loss === undefined && field(one, 'loss') === undefined && field(one, 'weight') !== undefined) {
      report(
        [...path, 'weight'],
        `${show(weight)} without a loss`,
        'expected a loss beside it, which it is the factor of',
      );
    }
    return { name, loss: loss?.type, lossOptions: loss?.options ?? {}, weight };
  });
  return outputs;
}
