import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { compiledTemplates } from './templates.ts';

/** What stays a package of its own: it is large, or its users bring it, and each is loaded only where it is needed. */
const external = ['diff', 'jiti', 'onnxruntime-node', 'ts-morph', 'unplugin'];

/**
 * Bundles the command line, the functions and the plugin into files of one folder, with the small packages that they
 * need at once: a process that reads three files starts in half the time of one that reads three hundred.
 *
 * Names stay as they are, for whoever reports an error.
 */
export async function bundle(folder: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: {
      cli: 'generator/cli.ts',
      index: 'generator/index.ts',
      plugin: 'generator/plugin/index.ts',
    },
    outdir: folder,
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    // Packages in CommonJS ask for Node's modules by a function that files of this kind have not.
    banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
    external,
    plugins: [templatesCompiled, zodInParts],
    metafile: true,
  });
  return metafile;
}

/** Puts the compiled templates in the place of what compiles them. */
const templatesCompiled: Plugin = {
  name: 'templates compiled',
  setup: ({ onLoad }) => {
    onLoad({ filter: /generator[\\/]emit[\\/]renderers\.ts$/ }, () => ({
      contents: compiledTemplates(),
      resolveDir: resolve('.'),
    }));
  },
};

/** Of zod as one object nothing can be left out, and it has the messages of fifty languages. */
const zodInParts: Plugin = {
  name: 'zod in parts',
  setup: ({ onLoad }) => {
    onLoad({ filter: /generator[\\/].*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace("import { z } from 'zod';", "import * as z from 'zod';"),
      loader: 'ts',
    }));
  },
};
