import { z } from 'zod';
import { configSchema } from '../config/config.ts';
import { specJsonSchema } from '../spec/json-schema.ts';

/** The JSON Schemas that editors read beside the package, by file name. */
export function schemas(): Readonly<Record<string, object>> {
  const config = z.toJSONSchema(configSchema.meta({ title: 'A longhand configuration' }), { io: 'input' });
  return { 'schema.json': specJsonSchema(), 'config.schema.json': config };
}
