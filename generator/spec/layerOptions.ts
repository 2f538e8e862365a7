import { activationNames, activationOf, activationParameters, notZero } from '../layers/options.ts';
import type { LayerKind } from '../layers/registry.ts';
import { check, type Fields, field, type Report } from './report.ts';
import { definitionOf } from './schema.ts';
import { type Path, show } from './show.ts';

/** The options of a layer with their defaults, or undefined where one is wrong. */
export function readOptions(
  type: LayerKind,
  layer: Fields,
  misspelt: ReadonlySet<string>,
  path: Path,
  report: Report,
): Fields | undefined {
  const { shape } = definitionOf(type).options;
  let good = true;
  const values: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(shape)) {
    const value = field(layer, key);
    // What a layer with the weights of another does not state, it has from there.
    if (value === undefined && (misspelt.has(key) || field(layer, 'weightsOf') !== undefined)) continue;
    const parsed = check(option, value, [...path, key], (...problem) => {
      good = false;
      report(...problem);
    });
    if (parsed !== undefined) values[key] = parsed;
  }
  reportStrayNumbers(values, path, report);
  return good && misspelt.size === 0 ? values : undefined;
}

/** A number beside an activation that cannot take it. A rule across options would cost a schema its shape. */
export function reportStrayNumbers(options: Fields, path: Path, report: Report): void {
  const activation = activationOf(options);
  if (activation === undefined) return;
  for (const [key, why] of Object.entries(notZero[activation] ?? {})) {
    if (field(options, key) === 0) report([...path, key], '0', `expected another number: ${why}`);
  }
  for (const key of parametersOfActivations) {
    if (field(options, key) === undefined || activationParameters[activation]?.includes(key)) continue;
    const takers = activationNames.filter((name) => activationParameters[name]?.includes(key));
    const found = `${show(field(options, key))} beside activation ${show(activation)}`;
    report([...path, key], found, `expected no ${key} here: it belongs to activation ${takers.join(', ')}`);
  }
}

const parametersOfActivations = [...new Set(Object.values(activationParameters).flat())];
