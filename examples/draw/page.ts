import { context, drawOn, find, inkOf, say, squareAround } from '../canvas.ts';

/** What the page needs of the generated module. */
export interface Parts {
  readonly model: { forward(input: ArrayLike<number>): ArrayLike<number> };
  readonly network: { readonly inputShape: readonly [number, number, number] };
}

/** Says after each stroke which digit the drawing is, and how sure the network is of each. */
export function startPage({ model, network }: Parts): void {
  const canvas = find<HTMLCanvasElement>('canvas');
  const [height, width] = network.inputShape;
  const answer = (): void => {
    const square = squareAround(canvas);
    if (square === undefined) {
      say('answer', 'Draw a digit.');
      show(Array.from({ length: 10 }, () => 0));
      return;
    }
    // As in the data, a digit fills its square, whatever its size on the canvas.
    const shares = Array.from(model.forward(inkOf(canvas, height, width, square)));
    const best = shares.indexOf(Math.max(...shares));
    say('answer', `It looks like ${best} (${Math.round(100 * shares[best]!)} %).`);
    show(shares);
  };
  drawOn(canvas, answer);
  find('clear').addEventListener('click', () => {
    context(canvas).clearRect(0, 0, canvas.width, canvas.height);
    answer();
  });
  answer();
}

function show(shares: readonly number[]): void {
  const rows = find('shares').querySelectorAll('meter');
  for (const [digit, share] of shares.entries()) {
    const row = rows[digit]!;
    row.value = share;
    row.textContent = `${Math.round(100 * share)} %`;
    row.title = row.textContent;
  }
}
