/** A square of a canvas, in its pixels. */
export interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** The drawing in a network's size: the share of ink in each cell of a square. */
export function inkOf(canvas: HTMLCanvasElement, height: number, width: number, square: Square): Float64Array {
  const { data } = context(canvas).getImageData(0, 0, canvas.width, canvas.height);
  const cell = square.side / width;
  const ink = new Float64Array(height * width);
  for (let n = 0; n < data.length / 4; n++) {
    const row = Math.floor((Math.floor(n / canvas.width) - square.top) / cell);
    const column = Math.floor(((n % canvas.width) - square.left) / cell);
    if (row >= 0 && row < height && column >= 0 && column < width)
      ink[row * width + column]! += data[4 * n + 3]! / 255 / cell ** 2;
  }
  return ink;
}

/** The whole of a canvas. */
export function wholeOf({ width }: HTMLCanvasElement): Square {
  return { left: 0, top: 0, side: width };
}

/** The smallest square around the ink, or undefined where there is none. */
export function squareAround(canvas: HTMLCanvasElement): Square | undefined {
  const { data } = context(canvas).getImageData(0, 0, canvas.width, canvas.height);
  let [left, right, top, bottom] = [canvas.width, -1, canvas.height, -1];
  for (let n = 0; n < data.length / 4; n++) {
    if (data[4 * n + 3]! < 128) continue;
    const [x, y] = [n % canvas.width, Math.floor(n / canvas.width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  if (right < 0) return undefined;
  const side = Math.max(right - left, bottom - top) + 1;
  return { left: (left + right + 1 - side) / 2, top: (top + bottom + 1 - side) / 2, side };
}

/** Lets a pointer draw; `done` is called when it is lifted. */
export function drawOn(canvas: HTMLCanvasElement, done: () => void): void {
  const pen = context(canvas);
  pen.lineWidth = 18;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  const at = (event: PointerEvent) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [((event.clientX - left) / width) * canvas.width, ((event.clientY - top) / height) * canvas.height] as const;
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (event.buttons === 0) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener('pointerup', done);
}

/** Where a canvas is drawn on and read. */
export function context(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  return canvas.getContext('2d', { willReadFrequently: true })!;
}

/** The element of the page with an id. */
export function find<Found extends HTMLElement = HTMLElement>(id: string): Found {
  return document.getElementById(id) as Found;
}

/** Writes into an element of the page. */
export function say(id: string, text: string): void {
  find(id).textContent = text;
}
