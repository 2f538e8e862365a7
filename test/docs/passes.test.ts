import { expect, it } from 'vitest';
import { passesPage } from './passesPage.ts';

it('docs/passes.md is what the passes print', async () => {
  await expect(passesPage()).toMatchFileSnapshot('../../docs/passes.md');
});
