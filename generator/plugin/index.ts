import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { createUnplugin, type UnpluginInstance } from 'unplugin';
import type { LonghandConfig } from '../config/config.ts';
import { generateFiles, type PluginProblem, type PluginRun } from './generateFiles.ts';
import { hotModule } from './hotModule.ts';

/** An import of a spec; behind `=` the name of a module that is not the first of its spec. */
const specImport = /\.net\.[cm]?(?:json|[jt]s)\?longhand(?:=[\w.-]+)?$/;

/** The part of Vite's development server that is used here. */
interface Server {
  readonly config: { readonly root: string; readonly logger: { error(message: string): void } };
  readonly watcher: {
    add(paths: readonly string[]): unknown;
    on(event: 'all', listener: (event: string, path: string) => void): unknown;
  };
  readonly ws: { send(payload: object): void; on(event: 'connection', listener: () => void): unknown };
}

/**
 * longhand for Vite, Rollup, webpack, Rspack and esbuild: `longhand.vite()` and so on. It writes the files that
 * `longhand generate` writes, before the bundler reads them, and again when a spec changes; types, tests and Node then
 * need nothing of it.
 *
 * @param config as in `longhand.config.ts`, relative to where the bundler runs; that file's own where absent
 */
export const longhand: UnpluginInstance<LonghandConfig | undefined, false> = createUnplugin((config, { framework }) => {
  let run: PluginRun | undefined;
  let isServing = false;
  const generate = async (folder = process.cwd()): Promise<PluginRun> => {
    run = await generateFiles(config, folder);
    return run;
  };
  return {
    name: 'longhand',
    // Before a bundler makes of it what it makes of files of JSON, or takes its types off.
    enforce: 'pre',
    async buildStart() {
      // A development server has generated them already, and must not stop at a broken spec.
      if (isServing) return;
      const { files, problems } = await generate();
      if (framework !== 'esbuild') for (const file of files) this.addWatchFile(resolve(file));
      if (problems.length > 0) throw Object.assign(new Error(), errorOf(problems));
    },
    resolveId(id, importer) {
      if (!specImport.test(id)) return null;
      const found = run?.imports.get(resolve(dirname(importer ?? '.'), fromRoot(id)));
      if (found !== undefined || (run?.problems.length ?? 0) > 0) return found;
      throw new Error(`${id}: found no such spec in longhand's configuration; expected it among its specs`);
    },
    // esbuild watches what a module names while it is read; Vite's server keeps a page's models through a change.
    transformInclude: (id) =>
      (framework === 'esbuild' || isServing) && (run?.modules.includes(resolve(pathIn(id))) ?? false),
    transform(code) {
      if (isServing) return hotModule(code);
      for (const file of run?.files ?? []) this.addWatchFile(resolve(file));
      return null;
    },
    vite: {
      async configureServer(server) {
        isServing = true;
        await serve(server as unknown as Server, generate);
      },
    },
  };
});

export default longhand;

/** The file of an import. */
function pathIn(id: string): string {
  return id.replace(/\?.*$/, '');
}

/** `/nets/tiny.net.json` is a path from the root of the file system, or else of the project. */
function fromRoot(id: string): string {
  return isAbsolute(id) && !existsSync(pathIn(id)) ? join(process.cwd(), id) : id;
}

function errorOf(problems: readonly PluginProblem[]) {
  const { loc } = problems[0] as PluginProblem;
  return {
    name: 'longhand',
    message: problems.map(({ message }) => message).join('\n'),
    ...(loc && { loc, id: loc.file }),
  };
}

/** Generates at once and after every change; what is wrong stands in the overlay until it is mended. */
async function serve(server: Server, generate: (folder: string) => Promise<PluginRun>): Promise<void> {
  const { root, logger } = server.config;
  let problems: readonly PluginProblem[] = [];
  let running = Promise.resolve();
  let watched: ReadonlySet<string> = new Set();
  let folders: ReadonlySet<string> = new Set();
  const show = (): void => {
    const error = errorOf(problems);
    server.ws.send({ type: 'error', err: { ...error, stack: '', plugin: 'longhand' } });
  };
  const once = async (): Promise<void> => {
    const run = await generate(root);
    const wasWrong = problems.length > 0;
    problems = run.problems;
    watched = new Set(run.files.map((file) => resolve(file)));
    folders = new Set(run.folders);
    server.watcher.add([...watched]);
    if (problems.length > 0) {
      logger.error(problems.map(({ message }) => message).join('\n'));
      show();
    } else if (wasWrong) server.ws.send({ type: 'full-reload' });
  };
  await once();
  server.ws.on('connection', () => {
    if (problems.length > 0) show();
  });
  server.watcher.on('all', (_event, path) => {
    const isSpec = folders.has(dirname(path)) && /\.net\.[cm]?(?:json|[jt]s)$/.test(path);
    if (watched.has(path) || isSpec) running = running.then(once);
  });
}
