import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

// A child process takes half a second alone, and far longer on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const cli = resolve('generator/cli.ts');
// The specs lie outside the project, where `--import tsx` would not be found.
const tsx = pathToFileURL(resolve('node_modules/tsx/dist/loader.mjs')).href;
const folder = mkdtempSync(join(tmpdir(), 'longhand-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const argumentsOf = (words: readonly string[]) => ['--import', tsx, cli, 'generate', ...words];

/** Runs the command line in the folder; no run may ever show a stack. */
function longhand(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, argumentsOf(words), { cwd: folder, encoding: 'utf8' });
  expect(stderr).not.toMatch(/^\s+at /m);
  return { status, stdout, stderr };
}

function writeSpec(file: string, name: string, changes: object = {}): void {
  const layers = [{ type: 'dense', units: 2 }];
  writeFileSync(join(folder, file), JSON.stringify({ name, input: [3], layers, loss: 'squaredError', ...changes }));
}

const read = (file: string) => readFileSync(join(folder, file), 'utf8');

beforeAll(() => {
  writeSpec('a.net.json', 'a');
  writeSpec('b.net.json', 'b');
  writeSpec('bad.net.json', 'bad', {
    layers: [
      { type: 'dense', units: 0 },
      { type: 'dens', units: 1 },
    ],
  });
  writeFileSync(join(folder, 'file'), 'in the way');
});

test('Good specs are written, a pattern among them is expanded, and identical files stay untouched', () => {
  const first = longhand('./a.net.json', '[ab].net.json', '--out', 'good/deep');
  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(first.stdout.split('\n')).toEqual(['wrote good/deep/a.ts', 'wrote good/deep/b.ts', '']);
  expect(readdirSync(join(folder, 'good/deep')).sort()).toEqual(['a.ts', 'b.ts']);

  writeFileSync(join(folder, 'good/deep/b.ts'), 'changed by hand');
  const { mtimeMs, ino } = statSync(join(folder, 'good/deep/a.ts'));
  expect(longhand('a.net.json', 'b.net.json', '--out', 'good/deep').stdout).toBe('wrote good/deep/b.ts\n');
  expect(statSync(join(folder, 'good/deep/a.ts'))).toMatchObject({ mtimeMs, ino });
});

test('One bad spec among good ones: exit code 1, every problem with its file, and nothing is written', () => {
  const { status, stdout, stderr } = longhand(
    'a.net.json',
    'bad.net.json',
    'absent.net.json',
    'no*.net.json',
    '--out',
    'none',
  );
  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr.split('\n').sort()).toEqual([
    '',
    'absent.net.json: found no such file; expected a network spec',
    'bad.net.json: layers[0].units: found 0; expected a positive integer',
    expect.stringMatching(
      /^bad\.net\.json: layers\[1\]\.type: found "dens"; expected one of .*; did you mean "dense"\?$/,
    ),
    'no*.net.json: found no file that matches; expected *.net.json or *.net.ts',
  ]);
  expect(existsSync(join(folder, 'none'))).toBe(false);
});

test('Two specs of one name are refused', () => {
  writeSpec('again.net.json', 'A');
  const { status, stderr } = longhand('a.net.json', 'again.net.json', '--out', 'none');
  expect(status).toBe(1);
  expect(stderr).toBe(
    'again.net.json: name: found a name whose file, A.ts, is also that of a.net.json; expected a name of its own\n',
  );
  expect(existsSync(join(folder, 'none'))).toBe(false);
});

test('An --out that is a file is refused', () => {
  const { status, stderr } = longhand('a.net.json', '--out', 'file');
  expect(status).toBe(1);
  expect(stderr).toBe('file: found a file; expected a folder\n');
  expect(read('file')).toBe('in the way');
});

test('--check tells missing and stale files apart, shows a diff and the command that mends it, and writes nothing', () => {
  longhand('a.net.json', '--out', 'checked');
  const right = read('checked/a.ts');
  writeFileSync(join(folder, 'checked/a.ts'), `// stale\n${right}`);
  const { status, stdout, stderr } = longhand('a.net.json', 'b.net.json', '--out', 'checked', '--check');
  expect(status).toBe(1);
  expect(stdout).toContain('--- checked/a.ts\n+++ checked/a.ts (regenerated)\n');
  expect(stdout).toContain('\n-// stale\n');
  expect(stderr).toBe(
    'checked/a.ts: stale\nchecked/b.ts: missing\n' +
      'To mend it, run: npx tsx generator/cli.ts generate a.net.json b.net.json --out checked\n',
  );
  expect(read('checked/a.ts')).toBe(`// stale\n${right}`);
  expect(readdirSync(join(folder, 'checked'))).toEqual(['a.ts']);

  writeFileSync(join(folder, 'checked/a.ts'), right);
  expect(longhand('a.net.json', '--out', 'checked', '--check')).toEqual({ status: 0, stdout: '', stderr: '' });
});

test.each([
  [['a.net.json', '--max-terms', '-3'], 'Expected a positive integer, such as --max-terms 20000.'],
  [['a.net.json', '--inferense'], '(Did you mean --inference?)'],
  [['a.net.json', '--form', 'slow'], 'Allowed choices are auto, unrolled, fast, wasm.'],
])('A wrong command line is refused with a suggestion: %j', (words, advice) => {
  const { status, stdout, stderr } = longhand(...words, '--out', 'none');
  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(advice);
  expect(existsSync(join(folder, 'none'))).toBe(false);
});

test('An error that no sentence was written for is one line, without its stack', () => {
  writeFileSync(join(folder, 'odd.net.mjs'), "export default { get name() { throw new TypeError('odd\\nat b'); } };");
  const { status, stderr } = longhand('odd.net.mjs', '--out', 'none');
  expect(status).toBe(1);
  expect(stderr).toBe('longhand: this is a fault in longhand, please report it: odd\n');
});

test('--dump prints a stage and writes nothing', () => {
  const { status, stdout } = longhand('a.net.json', '--dump', 'network', '--out', 'none');
  expect(status).toBe(0);
  expect(stdout).toContain('dense1');
  expect(existsSync(join(folder, 'none'))).toBe(false);
});

test('--watch generates anew after a change and outlives a bad spec', async () => {
  mkdirSync(join(folder, 'watched'));
  writeSpec('watched/w.net.json', 'w');
  const child = spawn(process.execPath, argumentsOf(['watched/w.net.json', '--out', 'watched', '--watch']), {
    cwd: folder,
  });
  try {
    const lines = linesOf(child);
    expect(await lines()).toBe('wrote watched/w.ts');
    writeFileSync(join(folder, 'watched/w.net.json'), '{');
    expect(await lines()).toMatch(/^watched\/w\.net\.json: line 1, column 2: found the end of the file/);
    writeSpec('watched/w.net.json', 'w', { input: [5] });
    expect(await lines()).toBe('wrote watched/w.ts');
  } finally {
    child.kill();
    await once(child, 'exit');
  }
});

/** The lines of both outputs, one at each call. */
function linesOf({ stdout, stderr }: ChildProcess): () => Promise<string> {
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  for (const stream of [stdout!, stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      const next = waiting.shift();
      if (next === undefined) lines.push(line);
      else next(line);
    });
  }
  return () => new Promise((done) => (lines.length > 0 ? done(lines.shift()!) : waiting.push(done)));
}
