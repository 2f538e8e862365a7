import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { bundle } from './bundle.ts';
import { writeDeclarations } from './declarations.ts';
import { licencesOf } from './licences.ts';
import { schemas } from './schemas.ts';

// Everything of `dist` that is not in the sources: run once, before the package is packed.
const folder = 'dist';
rmSync(folder, { recursive: true, force: true });
const metafile = await bundle(folder);
chmodSync(`${folder}/cli.js`, 0o755);
writeFileSync(`${folder}/LICENSES.txt`, licencesOf(metafile));
for (const [name, schema] of Object.entries(schemas())) {
  writeFileSync(`${folder}/${name}`, `${JSON.stringify(schema, null, 2)}\n`);
}
writeDeclarations(folder);
