/**
 * The picture of the README: the article's page with a number chosen.
 *
 *     npm run study
 */
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const executablePath = [process.env.LONGHAND_CHROMIUM, '/usr/bin/chromium'].find(
  (path) => path !== undefined && existsSync(path),
);

if (executablePath === undefined) console.log('no screenshots: there is no Chromium (apt-get install chromium)');
else {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: 1180, height: 760 } });
  const file = pathToFileURL(fileURLToPath(new URL('../pages/article.html', import.meta.url))).href;
  await page.goto(`${file}#at=W2[1,0]`);
  // The card of the second convolution, beside the panel.
  await page.evaluate(`document.querySelector('#layer-conv2d2').scrollIntoView()`);
  const path = fileURLToPath(new URL('images/study-article.png', import.meta.url));
  await page.screenshot({ path });
  await browser.close();
  console.log('wrote docs/images/study-article.png');
}
