/**
 * The lecture notes' network: convolution, relu, a max pool that gives its gradient to every place equal to the
 * maximum, a sigmoid layer, softmax. It learns to tell rows, columns and diagonals of a 4×4 image apart.
 *
 *     npx tsx examples/notes.ts
 */
import { createModel } from '../generated/notes.ts';
import { isMain } from './isMain.ts';

/** The classes, in the order of the network's outputs. */
const classes = ['row', 'column', 'diagonal'] as const;

// '#' is ink and '.' is paper; each pattern's lines follow one another.
const patterns: readonly { readonly lines: string; readonly label: (typeof classes)[number] }[] = [
  { label: 'row', lines: '#### .... .... ....' },
  { label: 'row', lines: '.... #### .... ....' },
  { label: 'row', lines: '.... .... #### ....' },
  { label: 'row', lines: '.... .... .... ####' },
  { label: 'column', lines: '#... #... #... #...' },
  { label: 'column', lines: '.#.. .#.. .#.. .#..' },
  { label: 'column', lines: '..#. ..#. ..#. ..#.' },
  { label: 'column', lines: '...# ...# ...# ...#' },
  { label: 'diagonal', lines: '#... .#.. ..#. ...#' },
  { label: 'diagonal', lines: '...# ..#. .#.. #...' },
  { label: 'diagonal', lines: '.#.. ..#. ...# ....' },
  { label: 'diagonal', lines: '.... ...# ..#. .#..' },
];

/** How the training went. */
export interface NotesRun {
  /** The mean loss over the patterns, of each epoch. */
  readonly losses: readonly number[];
  readonly results: readonly {
    readonly lines: string;
    readonly label: string;
    readonly answer: string;
    readonly probability: number;
  }[];
}

const epochs = 400;
const learningRate = 0.1;
const seed = 1;

/** Trains a fresh model, one pattern at a time; the same numbers on every call. */
export function trainNotes(): NotesRun {
  const model = createModel();
  model.initialize(seed);
  const samples = patterns.map(({ lines, label }) => ({ input: toInput(lines), target: oneHot(label) }));

  const losses: number[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    let loss = 0;
    for (const { input, target } of samples) {
      model.forward(input);
      loss += model.backward(target);
      model.step(learningRate);
    }
    losses.push(loss / samples.length);
  }
  const results = patterns.map(({ lines, label }) => {
    const output = Array.from(model.forward(toInput(lines)));
    const probability = Math.max(...output);
    return { lines, label, answer: classes[output.indexOf(probability)]!, probability };
  });
  return { losses, results };
}

/** Two channels a pixel, channels last: how much ink, how much paper. */
function toInput(lines: string): number[] {
  return [...lines.replaceAll(' ', '')].flatMap((pixel) => (pixel === '#' ? [1, 0] : [0, 1]));
}

/** The target of a class: 1 at its output, 0 elsewhere. */
function oneHot(label: string): number[] {
  return classes.map((name) => (name === label ? 1 : 0));
}

/** The loss at every fortieth epoch, then the answer to each pattern. */
function printRun({ losses, results }: NotesRun): void {
  for (let epoch = 40; epoch <= epochs; epoch += 40) {
    console.log(`epoch ${String(epoch).padStart(3)}   loss ${losses[epoch - 1]!.toFixed(6)}`);
  }
  console.log();
  for (const { lines, label, answer, probability } of results) {
    console.log(
      `${lines}   truth ${label.padEnd(8)}   answer ${answer.padEnd(8)}   probability ${probability.toFixed(3)}`,
    );
  }
}

if (isMain(import.meta.url)) printRun(trainNotes());
