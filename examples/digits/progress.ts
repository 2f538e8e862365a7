import { SingleBar } from 'cli-progress';
import type { Epoch } from './train.ts';

/** Shows how the training goes. */
export interface Progress {
  report(epoch: Epoch): void;
  /** Leaves the last state standing. */
  end(): void;
}

/** A bar that is redrawn in place on a terminal; lines, one an epoch, anywhere else. */
export function showProgress(epochs: number, stream: NodeJS.WriteStream): Progress {
  return stream.isTTY && process.env.TERM !== 'dumb' ? showBar(epochs, stream) : showLines(epochs, stream);
}

function showBar(epochs: number, stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar({
    stream,
    format: 'epoch {value}/{total} {bar} loss {loss}  accuracy {accuracy}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    // The training never returns to the event loop, so the bar has to draw itself from within `update`.
    synchronousUpdate: true,
    fps: 30,
  });
  bar.start(epochs, 0, { loss: '–', accuracy: '–' });
  return {
    report: ({ epoch, loss, accuracy }) => bar.update(epoch, { loss: loss.toFixed(4), accuracy: accuracy.toFixed(3) }),
    end: () => bar.stop(),
  };
}

function showLines(epochs: number, stream: NodeJS.WriteStream): Progress {
  return {
    report: (epoch) => void stream.write(`${formatEpoch(epoch, epochs)}\n`),
    end: () => {},
  };
}

/** An epoch as a line of text. */
export function formatEpoch({ epoch, loss, accuracy }: Epoch, epochs: number): string {
  const number = String(epoch).padStart(String(epochs).length);
  return `epoch ${number}/${epochs}   loss ${loss.toFixed(4)}   accuracy ${accuracy.toFixed(3)}`;
}
