import { writeFileSync } from 'node:fs';
import { page, readPage, withTable } from './layerTable.ts';

writeFileSync(page, withTable(readPage()));
