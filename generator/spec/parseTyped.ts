import type { z } from 'zod';
import { isKeyOf, keysOf } from '../lists.ts';
import { check, type Fields, field, type Report, reportUnknownKeys, withGuess } from './report.ts';
import { type Path, show } from './show.ts';

/** What has a type, with the options of that type, their defaults filled in. */
interface Typed<Type extends string> {
  readonly type: Type;
  readonly options: Fields;
}

export function parseTyped<Type extends string>(
  value: Fields,
  what: 'optimizer' | 'loss',
  schemas: { readonly [T in Type]: z.ZodObject },
  report: Report,
  path: Path = [what],
): Typed<Type> | undefined {
  const names = keysOf(schemas);
  const type = field(value, 'type');
  if (!isKeyOf(schemas, type)) {
    report([...path, 'type'], show(type), withGuess(`expected one of ${names.join(', ')}`, type, names));
    return undefined;
  }
  const { shape } = schemas[type];
  const misspelt = reportUnknownKeys(value, Object.keys(shape), path, `the ${what} ${type}`, report);
  const options: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(shape)) {
    if (key === 'type' || misspelt.has(key)) continue;
    const parsed = check(schema, field(value, key), [...path, key], report);
    if (parsed !== undefined) options[key] = parsed;
  }
  return { type, options };
}
