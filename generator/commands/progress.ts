/** A bar that shows how far a piece of work is. */
export interface ProgressBar {
  /** `done` is the share of the work that is done, from 0 to 1. */
  update(done: number): void;
  stop(): void;
}

/** Milliseconds that work may take before a bar appears. */
const patience = 1000;

/** Steps of a bar. */
const total = 100;

/** Makes bars on the error output of a terminal; elsewhere they show nothing. */
export async function progressBars(): Promise<(label: string) => ProgressBar> {
  if (!process.stderr.isTTY) return () => ({ update: () => {}, stop: () => {} });
  // Only a terminal needs the package.
  const { default: cliProgress } = await import('cli-progress');
  return (label) => {
    const bar = new cliProgress.SingleBar({ format: `${label} {bar} {percentage} %`, clearOnComplete: true });
    const begin = performance.now();
    return {
      update(done) {
        if (performance.now() - begin < patience) return;
        if (!bar.isActive) bar.start(total, 0);
        bar.update(Math.floor(done * total));
      },
      stop: () => bar.stop(),
    };
  };
}
