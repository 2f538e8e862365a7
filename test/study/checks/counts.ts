import { expect, it } from 'vitest';
import type { Choice, Opened, Pages } from '../chromium.ts';

/** Where an element of an array is read: counted by loops over the layer, not by anything of the page. */
interface Case {
  readonly name: string;
  readonly shape: readonly number[];
  /** How often each element is read, by offset. */
  readonly uses: readonly number[];
}

interface Convolution {
  readonly image: readonly [height: number, width: number, channels: number];
  readonly kernel: readonly [height: number, width: number];
  readonly filters: number;
  readonly stride?: number;
  /** Rows and columns of zeros before and after. */
  readonly padding?: number;
  readonly isTurned?: boolean;
}

/** How many statements read each place of the image, and each weight. */
function countReads(one: Convolution): { readonly image: number[]; readonly kernel: number[] } {
  const {
    image: [H, W, C],
    kernel: [kh, kw],
    filters,
    stride = 1,
    padding = 0,
    isTurned,
  } = one;
  const out = (size: number, k: number): number => Math.floor((size + 2 * padding - k) / stride) + 1;
  const image = new Array<number>(H * W * C).fill(0);
  const kernel = new Array<number>(kh * kw * C * filters).fill(0);
  for (let i = 0; i < out(H, kh); i++)
    for (let j = 0; j < out(W, kw); j++)
      for (let o = 0; o < filters; o++)
        for (let p = 0; p < kh; p++)
          for (let q = 0; q < kw; q++)
            for (let c = 0; c < C; c++) {
              const h = stride * i - padding + (isTurned ? kh - 1 - p : p);
              const w = stride * j - padding + (isTurned ? kw - 1 - q : q);
              if (h < 0 || h >= H || w < 0 || w >= W) continue;
              image[(h * W + w) * C + c]!++;
              kernel[((p * kw + q) * C + c) * filters + o]!++;
            }
  return { image, kernel };
}

const article = (() => {
  const [first, second] = [
    countReads({ image: [4, 4, 1], kernel: [2, 2], filters: 1, isTurned: true }),
    countReads({ image: [3, 3, 1], kernel: [2, 2], filters: 1, isTurned: true }),
  ];
  return [
    { name: 'W1', shape: [2, 2], uses: first.kernel },
    { name: 'W2', shape: [2, 2], uses: second.kernel },
    { name: 'W3', shape: [4], uses: [1, 1, 1, 1] },
    { name: 'x', shape: [4, 4], uses: first.image },
    { name: 'a1', shape: [3, 3], uses: second.image },
  ] satisfies Case[];
})();

/** The code’s words by the number that a use has: what is lit in the colour of that number. */
async function choose(opened: Opened, name: string, offset: number): Promise<Choice> {
  await opened.ask(`click('${name}', ${offset})`);
  return opened.ask<Choice>('choice()');
}

function expectPaired(choice: Choice, name: string, offset: number, uses: number): void {
  const what = `${name} at ${offset}`;
  expect(choice.uses, what).toEqual(Array.from({ length: Math.min(40, uses) }, (_, n) => String(n + 1)));
  expect(choice.products, what).toHaveLength(Math.min(60, uses));
  // Use k and term k carry the same number, and every number is there once.
  expect(new Set(choice.products.map(({ k }) => k)).size, what).toBe(Math.min(60, uses));
  expect(choice.live, what).toContain(`used ${uses} time${uses === 1 ? '' : 's'}`);
}

export function checkCounts(pages: Pages): void {
  it('each of the article’s weights, and each place that a layer reads, is used as often as plain loops count', async () => {
    const opened = await pages.open('article');
    for (const { name, uses } of article) {
      for (const [offset, count] of uses.entries()) {
        const choice = await choose(opened, name, offset);
        expectPaired(choice, name, offset, count);
        const word = [name, ...coordinates(article.find((one) => one.name === name)!.shape, offset)].join('_');
        const statements = choice.lit.filter(({ text }) => text === word).map(({ statement }) => statement);
        expect(new Set(statements).size, `${word} in code`).toBe(count);
        expect(choice.used, `${word} in pictures`).toHaveLength(count);
        expect(choice.terms.map(({ k }) => k).sort(), `${word} terms`).toEqual(choice.used.map(({ k }) => k).sort());
        // In its gradient's statement the factor that a use causes has the colour of that use.
        const gradient = `const d${word} = `;
        const factors = choice.lit.filter(
          ({ name: colour, statement }) => colour !== 'gradient' && statement.startsWith(gradient),
        );
        expect(factors, `${word}: factors in ${gradient}`).toHaveLength(count);
      }
    }
  });

  it('a place of z1 reads four places of x, one of z2 four of a1 and, all the way, nine of x', async () => {
    const opened = await pages.open('article');
    for (const [name, side, direct, far] of [
      ['z1', 3, 'x', 4],
      ['z2', 2, 'a1', 9],
    ] as const) {
      for (let offset = 0; offset < side * side; offset++) {
        const { read, field } = await choose(opened, name, offset);
        const places = read.filter((one) => one.name === direct).map((one) => one.offset);
        const [i, j, width] = [Math.floor(offset / side), offset % side, side + 1];
        expect(places.sort((a, b) => a - b)).toEqual([
          ...[i * width + j, i * width + j + 1, (i + 1) * width + j, (i + 1) * width + j + 1],
        ]);
        expect(field).toHaveLength(far);
        expect(await opened.ask('text("#why")')).toContain(`${far} places of x`);
      }
    }
  });
}

/** The same on larger networks. */
export function checkLargeCounts(pages: Pages): void {
  it('padding, strides, channels and filters count as plain loops do, in notes, digits and residual', async () => {
    const cases: readonly (readonly [page: string, name: string, uses: readonly number[]])[] = [
      ...named('notes', ['W1', 'x'], countReads({ image: [4, 4, 2], kernel: [3, 3], filters: 2, padding: 1 })),
      ...named('digits', ['W1', 'x'], countReads({ image: [8, 8, 1], kernel: [3, 3], filters: 4, padding: 1 })),
      ...named('digits', ['W2', 'y1'], countReads({ image: [4, 4, 4], kernel: [3, 3], filters: 8, padding: 1 })),
      ...named('residual', ['W1', 'x'], countReads({ image: [8, 8, 1], kernel: [4, 4], filters: 8, stride: 2 })),
    ];
    for (const [page, name, uses] of cases) {
      const opened = await pages.open(page);
      // Some at the edges, some within: every third of an odd step.
      const offsets = [0, ...[29, 61].map((n) => n % uses.length)];
      for (const offset of new Set(offsets)) {
        const element = `${name}[${coordinates(shapeOf(page, name), offset).join(',')}]`;
        await opened.ask(`show('#at=${element}')`);
        expectPaired(await opened.ask<Choice>('choice()'), `${page}: ${element}`, offset, uses[offset]!);
      }
    }
  });
}

function named(
  page: string,
  [kernel, image]: readonly [string, string],
  counts: { readonly image: number[]; readonly kernel: number[] },
): (readonly [string, string, readonly number[]])[] {
  return [
    [page, kernel, counts.kernel],
    [page, image, counts.image],
  ];
}

const shapes: { readonly [page: string]: { readonly [name: string]: readonly number[] } } = {
  notes: { W1: [3, 3, 2, 2], x: [4, 4, 2] },
  digits: { W1: [3, 3, 4], x: [8, 8], W2: [3, 3, 4, 8], y1: [4, 4, 4] },
  residual: { W1: [4, 4, 8], x: [8, 8] },
};

function shapeOf(page: string, name: string): readonly number[] {
  return shapes[page]![name]!;
}

export function coordinates(shape: readonly number[], offset: number): readonly number[] {
  return shape.map((size, axis) => {
    const step = shape.slice(axis + 1).reduce((all, next) => all * next, 1);
    return Math.floor(offset / step) % size;
  });
}
