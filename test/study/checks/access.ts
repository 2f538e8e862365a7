import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { type Choice, exampleOf, type Opened, type Pages } from '../chromium.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function expectAccessible({ page }: Opened, what: string): Promise<void> {
  if (!(await page.evaluate<boolean>(`'axe' in globalThis`))) await page.evaluate(axe);
  const found = await page.evaluate<string[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, any }) => html.slice(0, 120) + ' ' + any.map(({ message }) => message).join(';')).join(' | ')))`,
  );
  expect(found, what).toEqual([]);
}

export function checkAccess(pages: Pages): void {
  it('Tab reaches each picture once, arrows move in it, Enter chooses, Esc clears, [ and ] step', async () => {
    const opened = await pages.open('article');
    const { page } = opened;
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('main table[role=grid]')].map((one) => one.querySelectorAll('td[tabindex="0"]').length).every((n) => n === 1)`,
      ),
    ).toBe(true);
    await page.evaluate(`probe.cell('W2', 0).focus()`);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const choice = await opened.ask<Choice>('choice()');
    expect(choice.hash).toBe('#at=W2[1,0]');
    const [value, gradient] = [
      (await opened.ask<number[]>(`numbers('W2')`))[2]!,
      (await opened.ask<number[]>(`numbers('dW2')`))[2]!,
    ];
    const short = (one: number): string => String(Number(one.toPrecision(3))).replace('-', '−');
    expect(choice.live).toBe(`W2[1,0], ${short(value)}, used 4 times, gradient ${short(gradient)}`);
    expect(await page.evaluate(`document.querySelector('#live').getAttribute('aria-live')`)).toBe('polite');
    const selected = `[...document.querySelectorAll('[aria-selected]')].map((one) => one.dataset.o)`;
    expect(await page.evaluate(selected)).toEqual(['2']);
    await page.keyboard.press('w');
    expect(await page.evaluate('document.activeElement.id')).toBe('why');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(`document.querySelector('#why').contains(document.activeElement)`)).toBe(true);
    await page.keyboard.press('w');
    expect(await page.evaluate('document.activeElement.classList.contains("chosen")')).toBe(true);
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate('document.activeElement.dataset.o')).toBe('3');
    await page.keyboard.press('[');
    expect(await opened.ask('text("#step")')).toMatch(/^\d+ of \d+: /);
    await page.keyboard.press(']');
    await page.keyboard.press('Escape');
    expect((await opened.ask<Choice>('choice()')).chosen).toEqual([]);
    expect(await page.evaluate('location.hash')).toBe('');
    expect(await page.evaluate(`document.querySelector('#editor').hidden`)).toBe(true);
    // A switch pressed by the keyboard is clicked at (0, 0): what stands in that corner is not chosen.
    for (const n of [0, 1, 2, 3, 4, 5]) {
      await page.evaluate(
        `scrollTo(0, document.querySelectorAll('main pre')[${n}].getBoundingClientRect().top + scrollY + 20)`,
      );
      await opened.ask(`press('#derivative')`);
      expect(await page.evaluate('location.hash')).toBe('');
    }
    await page.evaluate(`probe.cell('x', 1).focus()`);
    await page.keyboard.press('7');
    expect((await opened.ask<number[]>(`numbers('x')`))[1]).toBe(7);
    await page.evaluate(`probe.cell('W1', 1).focus()`);
    await page.keyboard.press('7');
    expect((await opened.ask<number[]>(`numbers('W1')`))[1]).not.toBe(7);
  });

  it('axe finds nothing serious where a number is chosen', async () => {
    const opened = await pages.open('pool', '#at=x[1,0]');
    await expectAccessible(opened, 'pool');
  });

  it('on a phone nothing runs over the side, what is touched is large enough, and touch draws what the mouse draws', async () => {
    await expectDrawing(pages, 'article', [1, 2, 6, 10]);
    await expectNarrow(pages, ['notes', 'pool']);
  });
}

/** Pages that do not run over the side of a phone, with a choice and without. */
export async function expectNarrow(pages: Pages, names: readonly string[]): Promise<void> {
  const viewport = { width: 360, height: 640 };
  for (const name of names) {
    const { page } = await pages.another(name, { viewport, hasTouch: true, isMobile: true });
    for (const hash of ['', '#at=x[0,0]', '#at=x[1,1,1]']) {
      await page.evaluate(`probe.show('${hash}')`);
      expect(await page.evaluate('document.documentElement.scrollWidth'), `${name} ${hash}`).toBe(360);
    }
    await page.context().close();
  }
}

/** Draws the same stroke by touch on a phone and by mouse on a desk. */
export async function expectDrawing(pages: Pages, name: string, offsets: readonly number[]): Promise<void> {
  const drawn: number[][] = [];
  for (const context of [
    { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true, reducedMotion: 'reduce' } as const,
    { viewport: { width: 1280, height: 900 } },
  ]) {
    const opened = await pages.another(name, context);
    const { page } = opened;
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(context.viewport.width);
    if ('isMobile' in context) await expectPhone(opened);
    await page.check('#draw');
    await page.evaluate(`probe.cell('x', 0).scrollIntoView({ block: 'center' })`);
    const stroke = await Promise.all(offsets.map((offset) => middleOf(opened, offset)));
    if ('isMobile' in context) await touch(opened, stroke);
    else {
      await page.mouse.move(stroke[0]!.x, stroke[0]!.y);
      await page.mouse.down();
      for (const { x, y } of stroke) await page.mouse.move(x, y);
      await page.mouse.up();
    }
    drawn.push(await opened.ask(`numbers('x')`));
    await page.context().close();
  }
  const before = await (await pages.open(name)).ask<number[]>(`numbers('x')`);
  expect(drawn[0]).toEqual(drawn[1]);
  expect(drawn[0]).toEqual(before.map((value, n) => (offsets.includes(n) ? 1 : value)));
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function middleOf({ page }: Opened, offset: number): Promise<Point> {
  return page.evaluate(
    `(() => { const { x, y, width, height } = probe.cell('x', ${offset}).getBoundingClientRect(); return { x: x + width / 2, y: y + height / 2 }; })()`,
  );
}

async function expectPhone(opened: Opened): Promise<void> {
  const { page } = opened;
  await opened.ask(`click('W1', 0)`);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  // The panel is on the screen without scrolling, and can be closed by touch.
  expect(
    await page.evaluate(
      `(() => { const { top, bottom } = document.querySelector('#why').getBoundingClientRect(); return top < innerHeight && bottom <= innerHeight + 1 && top > 0; })()`,
    ),
  ).toBe(true);
  const small = await page.evaluate<string[]>(
    `[...document.querySelectorAll('button, select, input, [role=grid] td, .strip a, summary')].filter((one) => one.checkVisibility()).map((one) => [one, one.getBoundingClientRect()]).filter(([, { width, height }]) => width < 24 || height < 24).map(([one, { width, height }]) => one.outerHTML.slice(0, 60) + ' ' + width + '×' + height)`,
  );
  expect(small.slice(0, 5)).toEqual([]);
  expect(await page.evaluate(`getComputedStyle(probe.cell('W1', 0)).transitionDuration`)).toBe('0s');
  expect(await page.evaluate('document.getAnimations().length')).toBe(0);
  await page.tap('#close');
  expect((await opened.ask<Choice>('choice()')).chosen).toEqual([]);
}

async function touch({ page }: Opened, stroke: readonly Point[]): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const send = (type: string, touchPoints: readonly object[]): Promise<unknown> =>
    client.send('Input.dispatchTouchEvent', { type, touchPoints } as never);
  await send('touchStart', [stroke[0]!]);
  for (const point of stroke) await send('touchMove', [point]);
  await send('touchEnd', []);
}

export function checkClosed(pages: Pages): void {
  it('a page without scripts, and on paper, holds the legend, every equation, derivation and statement', async () => {
    const opened = await pages.another('article', { javaScriptEnabled: false });
    const text = (await opened.page.innerText('body')).replace(/\s+/g, ' ');
    for (const phrase of [
      'How to read it',
      'z1[i,j] = Σp,q W1[p,q]·x[i−p+1,j−q+1]',
      'dW1[p,q] = Σi,j dz1[i,j]·x[i−p+1,j−q+1]',
      'The chain rule: da1[h,w]',
      'const z1_2_2 = W1_1_1 * x_2_2',
      'const dW1_1_1 = dz1_0_0 * x_0_0',
      'const dx_3_3 = ',
    ])
      expect(text).toContain(phrase);
    expect(text).not.toContain('train one step');
    const pdf = await opened.page.pdf();
    expect(pdf.length).toBeGreaterThan(20_000);
    await opened.page.context().close();
    const live = await pages.open('article', '#at=W2[0,0]');
    await live.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await live.page.innerText('main')).toContain('const dx_3_3 = ');
    expect(await live.page.evaluate(`getComputedStyle(document.querySelector('aside')).display`)).toBe('none');
    expect(await live.page.evaluate(`getComputedStyle(document.body).color`)).toBe('rgb(0, 0, 0)');
    await live.page.emulateMedia({ media: null, colorScheme: 'light' });
  });

  it('a page asks for nothing, says nothing in the console, and takes hostile texts for texts', async () => {
    const { spec, options } = exampleOf('article');
    const evil = '</script><img src=x onerror=alert(1)>';
    pages.content('hostile', spec, {
      ...options,
      names: { W1: evil, a3: '"><b>' },
      values: {
        about: [{ text: evil, link: 'https://example.org/?"><script>alert(1)</script>' }],
        presets: [{ caption: evil, input: new Array(16).fill(0.5) }],
      },
    });
    const opened = await pages.open(
      'hostile',
      `#at=${encodeURIComponent(evil)}&names=own&set=${encodeURIComponent(evil)}`,
    );
    expect(await opened.page.evaluate('document.images.length')).toBe(0);
    expect(await opened.page.evaluate(`document.querySelector('#preset option').textContent`)).toBe(evil);
    expect(await opened.page.evaluate(`document.querySelector('main figcaption .n').textContent`)).toContain(evil);
    expect(opened.said).toEqual([]);
    for (const name of ['article', 'notes', 'pool']) {
      const { said } = await pages.open(name);
      expect(said, name).toEqual([]);
      const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(pages.content(name))![1]!;
      expect(policy).toMatch(
        /^default-src 'none'; script-src( 'sha256-[\w+/=]+')+; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'$/,
      );
      expect(pages.content(name)).not.toMatch(/<[^>]* style="|<(img|link|iframe)\b| on\w+="/);
    }
  });

  it('pages are as small as promised', async () => {
    const sizes = { article: 160, notes: 220, digits: 320 };
    for (const [name, most] of Object.entries(sizes))
      expect(Buffer.byteLength(pages.content(name)) / 1000, name).toBeLessThanOrEqual(most);
  });
}

export function checkDigits(pages: Pages): void {
  it('a click on digits updates the highlights once; no example says a word in the console', async () => {
    const opened = await pages.open('digits');
    expect(await opened.page.evaluate(`document.querySelectorAll('*').length`)).toBeLessThan(5000);
    const updates = await opened.page.evaluate<number>(`(() => {
      let updates = 0;
      const { clear } = CSS.highlights;
      CSS.highlights.clear = function () { updates++; clear.call(this); };
      probe.click('W1', 5);
      delete CSS.highlights.clear;
      return updates;
    })()`);
    expect(updates).toBe(1);
    for (const name of ['digits', 'residual']) expect((await pages.open(name)).said, name).toEqual([]);
  });
}
