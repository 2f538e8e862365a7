import { readFileSync, writeFileSync } from 'node:fs';
import { digestsOf } from './digest.ts';
import { frozenNetworks } from './networks.ts';

/**
 * Digests of every text that longhand emits, WebAssembly text included, for many networks in every form: what makes
 * "byte for byte" a fact. Nothing is executed.
 *
 *   npm run freeze                       writes them
 *   npm run freeze -- --check            exits with 1 and the cases that changed
 *   npm run freeze -- --check random-0   the same for the networks whose names begin so
 */
const file = new URL('digests.txt', import.meta.url);
const [mode, prefix = ''] = process.argv.slice(2);

if (mode === '--check') check();
else {
  const lines = frozenNetworks().flatMap(digestsOf);
  writeFileSync(file, `${lines.join('\n')}\n`);
  console.log(`${lines.length} digests written`);
}

function check(): void {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const frozen = new Set(lines.filter((line) => line.startsWith(prefix)));
  const chosen = frozenNetworks().filter(({ label }) => label.startsWith(prefix));
  const changed = chosen.flatMap(digestsOf).filter((line) => !frozen.delete(line));
  const names = new Set([...changed, ...frozen].map((line) => line.split(' ', 2).join(' ')));
  for (const name of names) console.error(`not as frozen: ${name}`);
  if (names.size > 0) {
    console.error('If these texts should differ, run: npm run freeze');
    process.exitCode = 1;
  } else console.log('every text is as frozen');
}
