import { SingleBar } from 'cli-progress';

export interface Progress {
  /** One more is done. */
  advance(): void;
  end(): void;
}

/** A bar on a terminal, a line for every tenth anywhere else; drawn from within, as the caller never waits. */
export function showProgress(what: string, total: number): Progress {
  return process.stderr.isTTY ? showBar(what, total) : showLines(what, total);
}

function showBar(what: string, total: number): Progress {
  const bar = new SingleBar({ format: `{bar} {value}/{total} ${what}, {eta_formatted} left`, synchronousUpdate: true });
  bar.start(total, 0);
  return { advance: () => bar.increment(), end: () => bar.stop() };
}

function showLines(what: string, total: number): Progress {
  const step = Math.max(1, Math.floor(total / 10));
  let done = 0;
  return {
    advance: () => {
      if (++done % step === 0) console.log(`${done}/${total} ${what}`);
    },
    end: () => {},
  };
}
