import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/** Milliseconds of quiet before a change counts: editors write a file in several steps. */
const quiet = 60;

/**
 * Runs at once and again whenever one of the files changes, never twice at the same time.
 *
 * It watches the folders: most editors replace a file, and a watch on the file itself would follow the old one.
 */
export function watchFiles(files: readonly string[], run: () => Promise<void>): readonly FSWatcher[] {
  const namesByFolder = new Map<string, Set<string>>();
  for (const file of files) {
    const folder = dirname(resolve(file));
    namesByFolder.set(folder, (namesByFolder.get(folder) ?? new Set()).add(basename(file)));
  }
  const runs = queue(run);
  // The watch stands before the first run, so that no change is missed meanwhile.
  const watchers = [...namesByFolder].map(([folder, names]) => {
    const watcher = watch(folder, (_event, name) => {
      if (name === null || names.has(name)) runs.soon();
    });
    // A folder that goes away cannot be watched any longer; that is no reason to end the others.
    return watcher.on('error', () => watcher.close());
  });
  runs.now();
  return watchers;
}

/** Runs one after the other; a burst of `soon` is one run. */
function queue(run: () => Promise<void>): { now(): void; soon(): void } {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const now = () => {
    running = running.then(run);
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(now, quiet);
  };
  return { now, soon };
}
