import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { configSchema } from '../config/config.ts';
import { specJsonSchema } from './json-schema.ts';

// Run once, when the package is built: editors read these files beside it.
const config = z.toJSONSchema(configSchema.meta({ title: 'A longhand configuration' }), { io: 'input' });
for (const [name, schema] of [
  ['schema.json', specJsonSchema()],
  ['config.schema.json', config],
] as const) {
  writeFileSync(new URL(`../${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
