import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { configNames } from '../config/readConfig.ts';
import { template } from '../emit/templates.ts';
import { networkNameSchema } from '../spec/schema.ts';

const firstSpec = template<{ readonly name: string }>('first');

/** `longhand init`: what a new user needs, beside what is there already. */
export function initCommand(): Command {
  return new Command('init')
    .description('write a first spec, a configuration and an npm script')
    .option('--yes', 'ask nothing')
    .showHelpAfterError('(longhand init --help lists the options)')
    .action(runInit);
}

async function runInit({ yes }: { readonly yes?: true }): Promise<void> {
  const name = yes || !process.stdin.isTTY ? 'digits' : await ask('Name of the network', 'digits');
  writeNew(`${name}.net.json`, firstSpec({ name }));
  const config = configNames.find((file) => existsSync(file));
  if (config === undefined) writeNew('longhand.config.ts', configText);
  else console.log(`kept ${config}`);
  addScript();
  console.log('Next: npx longhand generate');
}

async function ask(question: string, standard: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    for (;;) {
      const answer = (await terminal.question(`${question} (${standard}): `)).trim() || standard;
      const read = networkNameSchema.safeParse(answer);
      if (read.success) return answer;
      console.log(read.error.issues[0]?.message);
    }
  } finally {
    terminal.close();
  }
}

function writeNew(file: string, text: string): void {
  if (existsSync(file)) console.log(`kept ${file}`);
  else {
    writeFileSync(file, text);
    console.log(`wrote ${file}`);
  }
}

const configText = `import { defineConfig } from 'longhand';

export default defineConfig({
  specs: '*.net.json',
  out: 'generated',
});
`;

/** Adds the script \`generate\` to package.json, in the file's own indentation. */
function addScript(): void {
  if (!existsSync('package.json')) {
    console.log('found no package.json: `npm init` makes one, then add the script "generate": "longhand generate"');
    return;
  }
  const text = readFileSync('package.json', 'utf8');
  const manifest = JSON.parse(text) as { scripts?: Record<string, string> };
  const scripts = manifest.scripts ?? {};
  if (Object.values(scripts).some((script) => script.includes('longhand generate'))) return;
  const name = 'generate' in scripts ? 'generate:networks' : 'generate';
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  const changed = { ...manifest, scripts: { ...scripts, [name]: 'longhand generate' } };
  writeFileSync('package.json', `${JSON.stringify(changed, null, indent)}\n`);
  console.log(`added the script "${name}" to package.json`);
}
