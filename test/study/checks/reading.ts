import { expect, it } from 'vitest';
import { stages } from '../../../generator/pipeline.ts';
import { printEquation } from '../../../generator/print/equation.ts';
import { type Choice, exampleOf, type Opened, type Pages } from '../chromium.ts';

/** Where in a text each of some phrases begins, one after the other. */
function expectInOrder(text: string, phrases: readonly string[]): void {
  let from = 0;
  for (const phrase of phrases) {
    const at = text.indexOf(phrase, from);
    expect(at, `${phrase} after ${text.slice(Math.max(0, from - 60), from)}`).toBeGreaterThanOrEqual(0);
    from = at + phrase.length;
  }
}

const plain = (text: string): string => text.replace(/\s+/g, ' ');

export function checkReading(pages: Pages): void {
  it('a derivation goes from the forward equation over the chain rule and the solved indices to the equation', async () => {
    const opened = await pages.open('article');
    const program = stages.textbook(stages.shape(stages.parse(exampleOf('article').spec)), {
      inputGradient: true,
    });
    const final = (name: string): string => {
      const equation = program.backward.find(({ target }) => target.name === name)!;
      return printEquation(equation)
        .replace(/_\{([^}]*)\}/g, '$1')
        .replaceAll(' ', '');
    };
    const derivation = async (name: string): Promise<string> => {
      const text = await opened.page.evaluate<string>(
        `document.querySelector('[data-derivation="${name}"]').textContent`,
      );
      return plain(text).replaceAll(' ', '');
    };
    expectInOrder(await derivation('dW2'), [
      'z2[i,j]=Σp,qW2[p,q]·a1[i−p+1,j−q+1]',
      '∂L/∂z2[i,j]·∂z2[i,j]/∂W2[p,q]',
      final('dW2'),
      'W2[1,1]meetsa1[0,0]a1[0,1]a1[1,0]a1[1,1]',
      'turnedby180°',
    ]);
    expectInOrder(await derivation('da1'), [
      'z2[i,j]=Σp,qW2[p,q]·a1[i−p+1,j−q+1]',
      '∂L/∂z2[i,j]·∂z2[i,j]/∂a1[h,w]',
      'h=i−p+1,w=j−q+1',
      'i=h+p−1,j=w+q−1',
      final('da1'),
    ]);
  });

  it('a cell, a word of code and a factor of an equation choose the same number; a second page shows the same', async () => {
    const opened = await pages.open('article');
    const { page } = opened;
    await opened.ask(`click('W2', 2)`);
    const byCell = await opened.ask<Choice>('choice()');
    expect(byCell.hash).toBe('#at=W2[1,0]');
    expect(byCell.title).toMatch(/^Why: W2\[1,0\] = −?0\.\d+/);
    await opened.ask('show("")');
    await clickWord(opened, 'W2_1_0');
    expect(await opened.ask('choice()')).toEqual(byCell);
    await opened.ask(`click('z2', 0)`);
    await page.evaluate(
      `[...document.querySelectorAll('#why .formula .e')].find((one) => one.textContent === 'W2[1,0]').click()`,
    );
    expect(await opened.ask('choice()')).toEqual(byCell);
    await opened.ask(`set('#preset', '2')`);
    await opened.ask(`set('#value', '0.25')`);
    await opened.ask(`press('#train')`);
    await opened.ask(`press('#run')`);
    await opened.ask(`click('x', 3)`);
    await opened.ask(`set('#value', '0.5')`);
    await opened.ask(`press('#back')`);
    await opened.ask(`press('#back')`);
    await opened.ask(`set('#names', 'leibniz')`);
    const all = async (one: Opened): Promise<unknown> => [
      await one.ask('choice()'),
      await one.ask('shown()'),
      await one.ask('text(".controls")'),
      await Promise.all(['x', 't', 'W1', 'W2', 'W3'].map((name) => one.ask(`numbers('${name}')`))),
    ];
    const before = await all(opened);
    expect(((await opened.ask('choice()')) as Choice).hash).toContain('train:0.1*101');
    const address = await page.evaluate<string>('location.href');
    const second = await pages.another('article', {}, address.slice(address.indexOf('#')));
    expect(await all(second)).toEqual(before);
    await second.page.reload();
    expect(await all(second)).toEqual(before);
    await second.page.context().close();
  });

  it('the strip and the links to uses keep what was edited and chosen', async () => {
    const opened = await pages.open('article');
    await opened.ask(`click('x', 0)`);
    await opened.ask(`set('#value', '0.5')`);
    await opened.page.click('.strip a >> nth=2');
    expect((await opened.ask<Choice>('choice()')).hash).toBe('#at=x[0,0]&set=x[0,0]:0.5');
    expect((await opened.ask<number[]>(`numbers('x')`))[0]).toBe(0.5);
    await opened.page.click('#why .use a >> nth=0');
    expect((await opened.ask<Choice>('choice()')).title).toMatch(/^Why: z1\[/);
    expect((await opened.ask<number[]>(`numbers('x')`))[0]).toBe(0.5);
  });

  it('a step computes one equation, in order, and nothing after it shows a number', async () => {
    const opened = await pages.open('article');
    const program = stages.textbook(stages.shape(stages.parse(exampleOf('article').spec)), { inputGradient: true });
    const order = [...program.forward, ...program.backward].map(({ target }) => (target.viewOf ?? target).name);
    await opened.ask(`click('W2', 0)`);
    for (const [n, name] of order.slice(0, -1).entries()) {
      await opened.ask(`press('#forth')`);
      expect(await opened.ask('text("#step")')).toBe(`${n + 1} of ${order.length}: ${name}`);
      const later = new Set(order.slice(n + 1));
      for (const cell of await opened.ask<{ name: string; text: string }[]>('shown()'))
        expect(cell.text === '–', `${cell.name} at step ${n + 1}`).toBe(later.has(cell.name));
      const why = await opened.ask<string>('text("#why")');
      if (later.has('dW2')) expect(why).not.toMatch(/−?\d\.\d{4,}/);
      if (later.has('L')) expect(await opened.ask('text("#loss")')).toBe('L = –');
    }
    expect(await opened.ask('text("#agreement")')).toBe('');
    await opened.ask(`press('#forth')`);
    expect(await opened.ask('text("#agreement")')).toMatch(/same to 1[56] digits/);
  });

  it('names of the article, of Leibniz and of δ take the place of longhand’s in equations, notes and pictures', async () => {
    const opened = await pages.open('article', '#at=W2[1,0]&names=own');
    const read = `[...document.querySelectorAll('main .formula, main .note, main .derivation, main figcaption, #why')].map((one) => one.textContent).join(' ')`;
    const own = await opened.page.evaluate<string>(read);
    for (const name of ['k', 'out', 'red W(2,1)', 'blue W', 'green W']) expect(own).toContain(name);
    expect(own).not.toMatch(/\bda3\b|\ba3\b|\bW[123]\b/);
    await opened.ask(`set('#names', 'delta')`);
    expect(await opened.page.evaluate<string>(read)).toMatch(/δ1.*δ2.*δ3/s);
    await opened.ask(`set('#names', 'leibniz')`);
    expect(await opened.page.evaluate<string>(read)).toContain('∂L/∂z2');
    await opened.ask(`set('#names', 'longhand')`);
    expect(await opened.page.evaluate<string>(read)).toMatch(/\bdz2\b/);
    const notes = await pages.open('notes', '#names=own');
    expect(await notes.page.evaluate<string>(read)).toMatch(/δ.*g/s);
    const pool = await pages.open('pool', '#names=own');
    expect(await pool.page.evaluate<string>(read)).toContain('g[2i+p,2j+q]');
  });

  it('a gradient is explained by the number whose gradient it is: the same uses, terms and marks', async () => {
    const opened = await pages.open('article');
    for (const [name, offset] of [
      ['W1', 1],
      ['W2', 3],
      ['W3', 0],
      ['a1', 4],
      ['x', 5],
    ] as const) {
      await opened.ask(`click('${name}', ${offset})`);
      const ofNumber = await opened.ask<Choice>('choice()');
      await opened.ask(`click('d${name}', ${offset})`);
      const ofGradient = await opened.ask<Choice>('choice()');
      for (const what of ['uses', 'products', 'sum', 'used', 'terms', 'lit'] as const)
        expect(ofGradient[what], `${what} of d${name}`).toEqual(ofNumber[what]);
      const [gradient] = ofGradient.chosen;
      expect(gradient).toMatchObject({ name: `d${name}`, offset });
      expect(ofGradient.partner).toMatchObject([{ name, offset }]);
      expect(ofNumber.partner).toMatchObject([{ name: `d${name}`, offset }]);
      expect(ofGradient.live).toContain(`gradient of ${ofNumber.live.split(', ')[0]}`);
      expect(await opened.ask('text("#why")')).toMatch(/how much the loss L rises when .+ rises a little/);
    }
  });

  it('a term is guessed before it is shown: a wrong cell gets a hint, the right one the next term, and nothing gives it away', async () => {
    const opened = await pages.open('article', '#at=W2[1,0]');
    const before = await opened.ask<Choice>('choice()');
    await opened.ask(`press('#guess')`);
    const asked = await opened.ask<Choice>('choice()');
    expect(asked).toMatchObject({ products: [], terms: [], read: [], used: before.used });
    expect(asked.sum).toBeNaN();
    expect(asked.lit).toEqual(before.lit.filter(({ statement }) => statement.startsWith('const z2')));
    const question = (): Promise<string> => opened.ask('text("#question")');
    expect(await question()).toMatch(/^1\s+\?·a1\[0,1\]$/);
    // W2[1,0] meets a1[0,1], a1[0,2], a1[1,1] and a1[1,2]: the kernel is turned.
    await opened.ask(`click('dz2', 3)`);
    expect(await opened.ask('text("#message")')).toBe(
      'dz2[1,1] is not it, it stands in term 4: this term comes from z2[0,0].',
    );
    expect((await opened.ask<Choice>('choice()')).hash).toBe('#at=W2[1,0]');
    for (const [n, [name, offset]] of (
      [
        ['dz2', 0],
        ['a1', 2],
        ['dz2', 2],
        ['a1', 5],
      ] as const
    ).entries()) {
      expect((await opened.ask<Choice>('choice()')).products).toHaveLength(n);
      // By keyboard as by mouse.
      await opened.page.evaluate(`probe.cell('${name}', ${offset}).focus()`);
      await opened.page.keyboard.press('Enter');
    }
    expect(await opened.ask('text("#message")')).toBe('Right: a1[1,2]. Every term is found, 1 guess was not it.');
    expect(await opened.ask('choice()')).toEqual(before);
    await opened.ask(`click('W3', 2)`);
    expect(await question()).toMatch(/^1\s+\?·a2\[1,0\]$/);
    await opened.ask(`press('#show-term')`);
    expect((await opened.ask<Choice>('choice()')).products).toHaveLength(1);
    await opened.page.keyboard.press('Escape');
    await opened.ask(`click('W3', 2)`);
    expect(await opened.page.evaluate(`document.querySelector('#question')`)).toBeNull();
  });

  it('training lowers the loss, stops at a rate that is too large with the name of a weight, and goes back', async () => {
    const opened = await pages.open('article');
    const [first] = await opened.ask<[number]>(`numbers('L')`);
    await opened.ask(`press('#run')`);
    const [trained] = await opened.ask<[number]>(`numbers('L')`);
    expect(trained).toBeLessThan(first / 10);
    expect(await opened.ask('text("#curve-text")')).toMatch(/^loss .* → .* in 100 steps$/);
    await opened.ask(`press('#reset')`);
    expect(await opened.ask(`numbers('L')`)).toEqual([first]);
    const layers = [{ type: 'dense', units: 2 }];
    pages.content('line', { name: 'line', input: [2], layers, loss: 'squaredError' }, {});
    const line = await pages.open('line');
    for (const [rate, what] of [
      ['1e200', 'the loss'],
      ['1e308', '[Wb]1\\[[\\d,]+\\]'],
    ]) {
      await line.ask(`press('#reset')`);
      await line.ask(`set('#preset', '0')`);
      await line.ask(`click('x', 0)`);
      await line.ask(`set('#value', '1000')`);
      await line.ask(`set('#rate', '${rate}')`);
      await line.ask(`press('#run')`);
      expect(await line.ask('text("#message")')).toMatch(
        new RegExp(`^Stopped after \\d+ steps?: ${what} is no number any more`),
      );
      for (const name of ['W1', 'b1', 'L'])
        expect((await line.ask<number[]>(`numbers('${name}')`)).every(Number.isFinite), name).toBe(true);
    }
  });
}

/** Clicks a word where it first stands in code, with the mouse. */
async function clickWord({ page }: Opened, word: string): Promise<void> {
  const at = await page.evaluate<{ x: number; y: number }>(`(() => {
    for (const pre of document.querySelectorAll('main pre')) {
      const text = pre.firstChild;
      const start = text.data.indexOf('${word} ');
      if (start < 0) continue;
      pre.scrollIntoView({ block: 'center' });
      const range = document.createRange();
      range.setStart(text, start + 1);
      range.setEnd(text, start + 2);
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    }
  })()`);
  await page.mouse.click(at.x, at.y);
}
