import { z } from 'zod';
import { specShape } from './schema.ts';

/** The JSON Schema of a `*.net.json` file, for editors: name it in the file's `$schema`. */
export function specJsonSchema(): z.core.JSONSchema.BaseSchema {
  const schema = z.strictObject(specShape).meta({ title: 'A longhand network' });
  // The schema of what a user writes (defaults may be left out), not of what the parser returns.
  return z.toJSONSchema(schema, { io: 'input' });
}
