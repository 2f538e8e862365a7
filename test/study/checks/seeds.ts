import { expect, it } from 'vitest';
import type { Pages } from '../chromium.ts';

/** A point of one of the two texts: the page, an address, at most two clicks, and what then stands there. */
interface Point {
  readonly point: string;
  readonly page: string;
  readonly hash?: string;
  /** Calls of the probe. */
  readonly clicks?: readonly string[];
  /** Where it stands: the page as it is, or the panel. */
  readonly where?: 'main' | '#why' | '#line' | '.controls';
  readonly says: readonly string[];
}

const atW2 = `click('W2', 3)`;
const byWeight = `press('#derivative')`;

/** A1–A23 of the article, N1–N19 of the notes, as study.md counts them. */
const points: readonly Point[] = [
  { point: 'A1 4×4 → 3×3 → 2×2 → 1', page: 'article', says: ['4×4 → 3×3', '3×3 → 2×2', 'dense1: 4 → 1'] },
  {
    point: 'A2 not the image is restored',
    page: 'article',
    says: ['Learning does not restore the image: backward computes, for each weight, how much the loss changes'],
  },
  { point: 'A3 the kernel is turned', page: 'article', says: ['the kernel W1, turned by 180°, slides over x'] },
  { point: 'A4 a look at the turned kernel', page: 'article', says: ['W1 turned W1[1,1] W1[1,0] W1[0,1] W1[0,0]'] },
  {
    point: 'A5 a convolution in one line',
    page: 'article',
    says: ['z1_0_0 = W1_1_1 * x_0_0 + W1_1_0 * x_0_1 + W1_0_1 * x_1_0 + W1_0_0 * x_1_1'],
  },
  {
    point: 'A6 out in one line',
    page: 'article',
    clicks: [`set('#depth', '99')`],
    where: '#line',
    says: ['a3 = tanh(W3[0]·atan(W2[1,1]·tanh(W1[1,1]·x[0,0] + W1[1,0]·x[0,1] + W1[0,1]·x[1,0] + W1[0,0]·x[1,1])'],
  },
  {
    point: 'A7 each layer’s inputs are kept',
    page: 'article',
    says: ['Forward keeps what each layer reads, as backward multiplies with it'],
  },
  { point: 'A8 k is Out − Y', page: 'article', hash: '#names=own', says: ['k = out − Y'] },
  { point: 'A9 green: gradient', page: 'article', says: ['dW3[n] = dz3·a2[n]'] },
  {
    point: 'A9 green: update',
    page: 'article',
    clicks: [`click('W3', 0)`],
    where: '#why',
    says: ['W3[0] − rate·dW3[0] = '],
  },
  {
    point: 'A10 red: k·green turned, slid',
    page: 'article',
    says: ['dz2 slides over a1; what comes out is turned by 180°'],
  },
  {
    point: 'A11 why it is turned',
    page: 'article',
    says: ['The first place of the slide gives dW2[1,1], the last dW2[0,0]: that is why it is turned'],
  },
  {
    point: 'A12 the inputs that meet each red weight',
    page: 'article',
    says: [
      'W2[1,1] meets a1[0,0] a1[0,1] a1[1,0] a1[1,1]',
      'W2[1,0] meets a1[0,1]',
      'W2[0,1] meets a1[1,0]',
      'W2[0,0] meets a1[1,1]',
    ],
  },
  {
    point: 'A12 coloured',
    page: 'article',
    clicks: [atW2],
    where: '#why',
    says: ['1 ∂z2[0,0]/∂W2[1,1] = a1[0,0]', '4 ∂z2[1,1]/∂W2[1,1] = a1[1,1]'],
  },
  {
    point: 'A13 red derivatives from the line',
    page: 'article',
    hash: '#names=own&at=W2[1,1]',
    clicks: [byWeight, `set('#depth', '4')`],
    where: '#line',
    says: ['∂L/∂red W(2,2) = ', 'k·(1 − ', 'green W(1)', 'tanh(blue W(2,2)·x(1,1)'],
  },
  {
    point: 'A14 the padded red weights',
    page: 'article',
    clicks: [`click('a1', 0)`],
    where: '#why',
    says: ['pad W2 with zeros, slide dz2, turn what comes out'],
  },
  {
    point: 'A15 why pad',
    page: 'article',
    says: [
      'An element has 1 to 4 terms: as many as there are places of z2 that read it; a1 is read less often at its edge',
    ],
  },
  {
    point: 'A16 blue: slid over the input, turned back',
    page: 'article',
    clicks: [`click('W1', 0)`],
    where: '#why',
    says: ['slide dz1 over x, turn what comes out', '9 terms'],
  },
  {
    point: 'A17 blue derivatives from the line',
    page: 'article',
    clicks: [`click('W1', 0)`, byWeight],
    where: '#line',
    says: ['dW1[0,0] = ', 'dz1[0,0]·x[1,1]'],
  },
  {
    point: 'A18 the activation’s derivative',
    page: 'article',
    says: ['tanh′ = 1 − tanh²', 'atan′ = 1/(1 + z²)', 'dz1[i,j] = da1[i,j]·(1 − a1[i,j]²)'],
  },
  { point: 'A19 tanh or arctan', page: 'article', says: ['a1[i,j] = tanh(z1[i,j])', 'a2[i,j] = atan(z2[i,j])'] },
  { point: 'A20 interactive', page: 'article', clicks: [`press('#run')`], where: '.controls', says: ['in 100 steps'] },
  {
    point: 'A21 sample by sample',
    page: 'article',
    clicks: [`set('#preset', '1')`, `press('#train')`],
    where: '.controls',
    says: ['in 1 step'],
  },
  {
    point: 'A22 credit and link',
    page: 'article',
    says: ['Jae Duk Seo', 'https://towardsdatascience.com/only-numpy-understanding-back-propagation'],
  },
  {
    point: 'A23 the two corrections',
    page: 'article',
    says: ['the two columns that its green arrow shows have to be swapped', 'one coordinate was wrong'],
  },
  { point: 'N1 H×W', page: 'notes', says: ['H×W: z1[i,j] = b1 + Σ_{p,q} W1[p,q]·x[i+p−1,j+q−1]'] },
  {
    point: 'N2 H×W×C, one filter',
    page: 'notes',
    says: ['H×W×C, one filter: z1[i,j] = b1 + Σ_{p,q,c} W1[p,q,c]·x[i+p−1,j+q−1,c]'],
  },
  {
    point: 'N3 n filters',
    page: 'notes',
    says: ['H×W×C, n filters: z1[i,j,o] = b1[o] + Σ_{p,q,c} W1[p,q,c,o]·x[i+p−1,j+q−1,c]'],
  },
  {
    point: 'N4 N images',
    page: 'notes',
    says: [
      'N images of H×W×C, s counts them: z1[s,i,j,o] = b1[o] + Σ_{p,q,c} W1[p,q,c,o]·x[s,i+p−1,j+q−1,c]',
      'for N samples every dW and db is the sum over them',
    ],
  },
  { point: 'N5 one family', page: 'notes', says: ['The same in all ranks: H×W: z1[i,j]'] },
  { point: 'N6 zero padding', page: 'notes', says: ['slides over x padded by 1 (x = 0 outside)'] },
  {
    point: 'N7 max pool in all ranks',
    page: 'notes',
    says: ['H×W: y1[i,j] = max_{p,q} a1[2i+p,2j+q]', 'y1[s,i,j,c] = max_{p,q} a1[s,2i+p,2j+q,c]'],
  },
  { point: 'N8 the 4×4 matrix', page: 'pool', says: ['9 11 12 10', '8 6 1 11 13', '1 1 0 0 1 2 0 1 0 0 3 0 0 1 0'] },
  {
    point: 'N9 g = 1 where Z = a',
    page: 'pool',
    says: ['is 1 at every place equal to the maximum (ties: all), else 0'],
  },
  {
    point: 'N10 relu',
    page: 'notes',
    says: [
      'relu(z) = max(z, 0); relu′ = 1 where z > 0, and a > 0 exactly where z > 0',
      'a1[s,i,j,o] = relu(z1[s,i,j,o])',
    ],
  },
  {
    point: 'N11 flatten in all ranks',
    page: 'notes',
    says: ['n = 4i + 2j + c', 'H×W: n = 2i + j', 'y1[s,n] is y1[s,i,j,c]', 'Its g is 1; backward unflattens'],
  },
  {
    point: 'N12 symbols',
    page: 'notes',
    says: ['W kernel', 'z weighted sum', 'a its activation', 'L loss', '∂L/∂z3', 'many texts call dz δ'],
  },
  {
    point: 'N13 the chain',
    page: 'notes',
    says: [
      'The chain rule: dz2[o] = ∂L/∂a2[o] · ∂a2[o]/∂z2[o]',
      'The chain rule: dW2[n,o] = ∂L/∂z2[o] · ∂z2[o]/∂W2[n,o]',
    ],
  },
  {
    point: 'N14 backproplayer',
    page: 'notes',
    says: ['dW2[n,o] = dz2[o]·y1[n]', 'db2[o] = dz2[o]', 'What the notes call da_l in backproplayer'],
  },
  {
    point: 'N15 softmax: δ',
    page: 'notes',
    says: ['where the targets add up to 1, dl3 is 1 and dz3 is a3 − t: the δ of softmax', 'as ∂l3/∂z3 = a3'],
  },
  { point: 'N16 sigmoid', page: 'notes', says: ['σ′ = σ·(1 − σ)'] },
  {
    point: 'N17 backward convolution',
    page: 'notes',
    says: ['the kernel W1, turned by 180°, slides over dz1 padded by 1', 'dz1 slides over x padded by 1'],
  },
  {
    point: 'N18 not the mathematical one',
    page: 'notes',
    says: ['The “convolution” of most networks does not turn its kernel'],
  },
  {
    point: 'N19 the slips',
    page: 'notes',
    says: [
      'should end in a^(l−1)',
      'should be ∂L/∂a^l alone',
      'a pooled image is H/2×W/2',
      'range(?) in maxpoolHWC is range(C)',
    ],
  },
];

/** Words as they are read: subscripts as in plain text, spaces where cells end. */
const read = (selector: string): string => `(() => {
  const text = (node) => node.nodeType === 3 ? node.data
    : node.tagName === 'SUB' ? '_{' + node.textContent + '}'
    : [...node.childNodes].map(text).join('') + (/^(TD|TH|LI|P|TR|CAPTION|H2|H3|DIV|PRE)$/.test(node.tagName) ? ' ' : '');
  return text(document.querySelector('${selector}')).replace(/\\s+/g, ' ');
})()`;

export function checkSeeds(pages: Pages): void {
  it('every point of both texts is found, at most two clicks away', async () => {
    const names = points.map(({ point }) => point.split(' ')[0]);
    for (let n = 1; n <= 23; n++) expect(names).toContain(`A${n}`);
    for (let n = 1; n <= 19; n++) expect(names).toContain(`N${n}`);
    const missing: string[] = [];
    for (const { point, page, hash = '', clicks = [], where = 'main', says } of points) {
      expect(clicks.length).toBeLessThanOrEqual(2);
      const opened = await pages.open(page, hash);
      await opened.page.evaluate(`if (document.querySelector('#derivative').checked) probe.press('#derivative')`);
      await opened.ask(`set('#depth', '1')`);
      for (const click of clicks) await opened.ask(click);
      const text = (await opened.page.evaluate<string>(read(where))).replace(/_\{(\w)\}/g, '_$1');
      for (const one of says) if (!text.includes(one.replace(/_\{(\w)\}/g, '_$1'))) missing.push(`${point}: ${one}`);
    }
    expect(missing).toEqual([]);
  });
}
