import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { WriteError } from './write.ts';

/** Milliseconds of quiet before a change counts: editors write a file in several steps. */
const quiet = 60;

/**
 * Runs at once and again whenever something changes in the folders that the last run named, never twice at the same
 * time.
 *
 * It watches folders: most editors replace a file, and a watch on the file itself would follow the old one. The run
 * finds out what has changed, if anything: what an event tells differs between systems.
 *
 * @throws WriteError if not one folder can be watched
 */
export async function watchFolders(run: () => Promise<readonly string[]>): Promise<void> {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(runAndWatch);
    }, quiet);
  };
  const runAndWatch = async (): Promise<void> => {
    const folders = new Set(await run());
    for (const [folder, watcher] of watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    const added = [...folders].filter((folder) => !watchers.has(folder) && watchFolder(folder, watchers, soon));
    // What changed between the run and the watch would be missed.
    if (added.length > 0) soon();
  };
  await runAndWatch();
  if (watchers.size === 0) {
    throw new WriteError('--watch: found a folder that cannot be watched; expected the folders of the specs to exist');
  }
}

function watchFolder(folder: string, watchers: Map<string, FSWatcher>, changed: () => void): boolean {
  try {
    const watcher = watch(folder, (_event, name) => {
      // longhand's own files on their way to their places.
      if (name === null || !name.endsWith('.tmp')) changed();
    });
    // A folder that goes away cannot be watched any longer; that is no reason to end the others.
    watcher.on('error', () => {
      watcher.close();
      watchers.delete(folder);
      changed();
    });
    watchers.set(folder, watcher);
    return true;
  } catch {
    return false;
  }
}

/** The folders in which files stand, or files that fit a pattern might come to stand. */
export function patternFolders(patterns: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const pattern of patterns) {
    const parts = pattern.replaceAll('\\', '/').split('/');
    const first = parts.findIndex((part) => /[*?[\]{}()!]/.test(part));
    const isPlain = first < 0 || statSync(pattern, { throwIfNoEntry: false }) !== undefined;
    if (isPlain) folders.add(dirname(resolve(pattern)));
    else {
      const base = resolve(parts.slice(0, first).join('/') || (pattern.startsWith('/') ? '/' : '.'));
      folders.add(base);
      if (first < parts.length - 1) addFoldersBelow(base, folders);
    }
  }
  return folders;
}

function addFoldersBelow(folder: string, folders: Set<string>): void {
  for (const entry of entriesOf(folder)) {
    if (!entry.isDirectory() || entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    folders.add(join(folder, entry.name));
    addFoldersBelow(join(folder, entry.name), folders);
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
