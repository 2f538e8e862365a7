import { expect, it } from 'vitest';
import { readPage, withTable } from './layerTable.ts';

it('the table of docs/layers.md says what the registry says: npm run docs prints it', () => {
  expect(readPage()).toBe(withTable(readPage()));
});
