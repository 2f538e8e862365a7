import cliProgress from 'cli-progress';

/** A bar on a terminal; elsewhere one line for each label. */
export interface Progress {
  /** What is going on now. */
  label(text: string): void;
  step(): void;
  stop(): void;
}

/** Starts a bar of so many steps on standard error. */
export function startProgress(total: number): Progress {
  if (!process.stderr.isTTY) {
    return { label: (text) => console.error(text), step() {}, stop() {} };
  }
  const bar = new cliProgress.SingleBar({
    format: '{bar} {percentage} % | {duration_formatted} | {label}',
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  bar.start(total, 0, { label: '' });
  return {
    label: (text) => bar.update({ label: text }),
    step: () => bar.increment(),
    stop: () => bar.stop(),
  };
}
