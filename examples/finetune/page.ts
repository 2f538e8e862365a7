import { context, drawOn, find, inkOf, say, wholeOf } from '../canvas.ts';

/** What the page needs of the generated module and its companion. */
export interface Parts {
  readonly model: Model;
  readonly network: { readonly inputShape: readonly [number, number, number] };
  readSafetensors(bytes: ArrayBuffer, network: object): Float64Array;
  readOptimizerState(bytes: ArrayBuffer, state: object): void;
  writeSafetensors(parameters: Float64Array, network: object, state: object): Uint8Array<ArrayBuffer>;
}

interface Model {
  readonly parameters: Float64Array;
  readonly optimizerState: object;
  forward(input: ArrayLike<number>): ArrayLike<number>;
  trainBatch(inputs: ArrayLike<number>, targets: ArrayLike<number>, count: number, rate: number): number;
}

const names = ['A', 'B', 'C'];
const [steps, rate] = [150, 0.02];

/** Lets the visitor draw, label, train, and carry the weights away and back. */
export function startPage({ model, network, ...files }: Parts): void {
  const canvas = find<HTMLCanvasElement>('canvas');
  const [height, width] = network.inputShape;
  const drawings: { readonly input: Float64Array; readonly label: number }[] = [];
  const read = () => inkOf(canvas, height, width, wholeOf(canvas));

  const answer = (): void => {
    const input = read();
    if (input.every((ink) => ink === 0)) {
      say('answer', 'Draw something.');
      return;
    }
    const shares = Array.from(model.forward(input));
    const best = shares.indexOf(Math.max(...shares));
    say(
      'answer',
      `It looks like ${names[best]} (${shares.map((share, n) => `${names[n]} ${Math.round(100 * share)} %`).join(', ')}).`,
    );
  };
  const clear = (): void => {
    context(canvas).clearRect(0, 0, canvas.width, canvas.height);
    answer();
  };

  drawOn(canvas, answer);
  find('clear').addEventListener('click', clear);
  for (const button of document.querySelectorAll<HTMLElement>('[data-label]')) {
    button.addEventListener('click', () => {
      const input = read();
      if (input.every((ink) => ink === 0)) return say('state', 'The drawing is empty.');
      drawings.push({ input, label: Number(button.dataset.label) });
      say(
        'state',
        `Drawings: ${names.map((name, n) => `${name} ${drawings.filter(({ label }) => label === n).length}`).join(', ')}.`,
      );
      clear();
    });
  }
  find('train').addEventListener('click', () => {
    if (drawings.length === 0) return say('state', 'No drawings yet.');
    const inputs = drawings.flatMap(({ input }) => Array.from(input));
    const targets = drawings.flatMap(({ label }) => names.map((_, n) => Number(n === label)));
    let loss = 0;
    for (let step = 0; step < steps; step++) loss = model.trainBatch(inputs, targets, drawings.length, rate);
    say('state', `Trained on ${drawings.length} drawings: loss ${loss.toFixed(4)}.`);
    answer();
  });
  find('download').addEventListener('click', () => {
    const bytes = files.writeSafetensors(model.parameters, network, model.optimizerState);
    save(new Blob([bytes], { type: 'application/octet-stream' }), 'finetune.safetensors');
  });
  find<HTMLInputElement>('upload').addEventListener('change', async ({ target }) => {
    const file = (target as HTMLInputElement).files?.[0];
    if (file === undefined) return;
    try {
      const bytes = await file.arrayBuffer();
      const parameters = files.readSafetensors(bytes, network);
      files.readOptimizerState(bytes, model.optimizerState);
      model.parameters.set(parameters);
      say('state', `Loaded ${file.name}.`);
      answer();
    } catch (error) {
      say('state', `${file.name}: ${error instanceof Error ? error.message : error}`);
    }
  });
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
