import type { z } from 'zod';
import { check, type Fields, field, type Report, reportUnknownKeys, withGuess } from './report.ts';
import { type Path, show } from './show.ts';

/** An object with a type and the options of that type, their defaults filled in. */
export function parseTyped(
  value: Fields,
  what: 'optimizer' | 'loss',
  schemas: Readonly<Record<string, z.ZodObject>>,
  report: Report,
  path: Path = [what],
): Fields | undefined {
  const names = Object.keys(schemas);
  const type = field(value, 'type');
  if (typeof type !== 'string' || !Object.hasOwn(schemas, type)) {
    report([...path, 'type'], show(type), withGuess(`expected one of ${names.join(', ')}`, type, names));
    return undefined;
  }
  const { shape } = schemas[type] as z.ZodObject;
  const misspelt = reportUnknownKeys(value, Object.keys(shape), path, `the ${what} ${type}`, report);
  const options: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(shape)) {
    if (misspelt.has(key)) continue;
    const parsed = check(schema as z.ZodType, field(value, key), [...path, key], report);
    if (parsed !== undefined) options[key] = parsed;
  }
  return options;
}
