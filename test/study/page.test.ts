import { afterAll, describe, it } from 'vitest';
import { checkAccess, checkClosed } from './checks/access.ts';
import { checkCounts } from './checks/counts.ts';
import { checkNumbers } from './checks/numbers.ts';
import { checkReading } from './checks/reading.ts';
import { checkSeeds } from './checks/seeds.ts';
import { executablePath, Pages, withoutChromium } from './chromium.ts';

if (executablePath === undefined) it.skip(`study pages in a browser: ${withoutChromium}`, () => {});

describe.skipIf(executablePath === undefined)('a study page in Chromium', () => {
  const pages = new Pages();
  afterAll(() => pages.close());
  checkCounts(pages);
  checkNumbers(pages);
  checkReading(pages);
  checkSeeds(pages);
  checkAccess(pages);
  checkClosed(pages);
});
