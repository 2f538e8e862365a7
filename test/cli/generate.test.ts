import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { cli } from '../compile.ts';

// A child process takes half a second alone, and far longer on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'longhand-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const argumentsOf = (words: readonly string[]) => [cli, 'generate', ...words];

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

  writeFileSync(join(folder, 'good/deep/b.ts'), `${read('good/deep/b.ts')}// changed by hand`);
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
    'bad.net.json:1:53: layers[0].units: found 0; expected a positive integer',
    expect.stringMatching(
      /^bad\.net\.json:1:65: layers\[1\]\.type: found "dens"; expected one of .*; did you mean "dense"\?$/,
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
      'To mend it, run: npx longhand generate a.net.json b.net.json --out checked\n',
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

test('A file that longhand did not write is not replaced, unless by --force; nothing else is written either', () => {
  mkdirSync(join(folder, 'mine'));
  writeFileSync(join(folder, 'mine/b.ts'), 'export const mine = 1;');
  const { status, stderr } = longhand('a.net.json', 'b.net.json', '--out', 'mine');
  expect(status).toBe(1);
  expect(stderr).toBe(
    'mine/b.ts: found a file that longhand did not write; expected another --out, or --force to replace it\n',
  );
  expect(read('mine/b.ts')).toBe('export const mine = 1;');
  expect(existsSync(join(folder, 'mine/a.ts'))).toBe(false);
  expect(longhand('b.net.json', '--out', 'mine', '--check').stderr).toMatch(/^mine\/b\.ts: not written by longhand\n/);
  expect(longhand('b.net.json', '--out', 'mine', '--force').stdout).toBe('wrote mine/b.ts\n');
});

test('A link stays one, a file keeps its mode, and line ends of another system are no difference', () => {
  mkdirSync(join(folder, 'linked/elsewhere'), { recursive: true });
  longhand('a.net.json', 'b.net.json', '--out', 'linked');
  const right = read('linked/a.ts');
  renameSync(join(folder, 'linked/a.ts'), join(folder, 'linked/elsewhere/a.ts'));
  symlinkSync('elsewhere/a.ts', join(folder, 'linked/a.ts'));
  writeFileSync(join(folder, 'linked/elsewhere/a.ts'), `${right}// changed`);
  chmodSync(join(folder, 'linked/elsewhere/a.ts'), 0o640);
  expect(longhand('a.net.json', '--out', 'linked').stdout).toBe('wrote linked/a.ts\n');
  expect(lstatSync(join(folder, 'linked/a.ts')).isSymbolicLink()).toBe(true);
  expect(statSync(join(folder, 'linked/a.ts')).mode & 0o777).toBe(0o640);
  expect(read('linked/elsewhere/a.ts')).toBe(right);

  writeFileSync(join(folder, 'linked/b.ts'), read('linked/b.ts').replaceAll('\n', '\r\n'));
  expect(longhand('b.net.json', '--out', 'linked', '--check')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(longhand('b.net.json', '--out', 'linked').stdout).toBe('unchanged: 1 file\n');
});

test('--check of a pattern names files that longhand wrote and no spec makes any more', () => {
  longhand('a.net.json', 'b.net.json', '--out', 'orphans', '--source-map');
  writeFileSync(join(folder, 'orphans/own.ts'), 'export {};');
  const { status, stderr } = longhand('[a].net.json', '--out', 'orphans', '--source-map', '--check');
  expect(status).toBe(1);
  const why = 'orphan: longhand wrote it, and no spec makes it any more; delete it';
  expect(stderr).toBe(`orphans/b.ts: ${why}\norphans/b.ts.map: ${why}\n`);
  expect(longhand('a.net.json', '--out', 'orphans', '--source-map', '--check').status).toBe(0);
});

test('A layer that nothing reads is written, with a warning that counts its weights', () => {
  const layers = [
    { type: 'dense', units: 2, name: 'stem' },
    { type: 'dense', units: 5 },
  ];
  writeSpec('idle.net.json', 'idle', { layers: [...layers, { type: 'dense', units: 1, inputs: ['stem'] }] });
  const { status, stdout, stderr } = longhand('idle.net.json', '--out', 'idle');
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'wrote idle/idle.ts\n' });
  expect(stderr).toMatch(
    /^warning: idle\.net\.json:1:\d+: layers\[1\]: found the layer "dense2", which nothing reads: its 15 weights/,
  );
});

test('A pattern may be written with backslashes', () => {
  expect(longhand('.\\[ab].net.json', '--out', 'backslashes').stdout).toBe(
    'wrote backslashes/a.ts\nwrote backslashes/b.ts\n',
  );
});

test('--json says what was written, and what is wrong, as data', () => {
  expect(JSON.parse(longhand('a.net.json', '--out', 'json', '--json').stdout)).toEqual({
    written: ['json/a.ts'],
    unchanged: 0,
    warnings: [],
  });
  const { status, stdout, stderr } = longhand('bad.net.json', '--out', 'json', '--json');
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  const first = { file: 'bad.net.json', line: 1, column: 53, path: 'layers[0].units', found: 'found 0' };
  expect(JSON.parse(stdout).problems[0]).toEqual({ ...first, expected: 'expected a positive integer' });
});

test('--language js writes JavaScript and a file of its types', () => {
  expect(longhand('a.net.json', '--out', 'js', '--language', 'js').stdout).toBe('wrote js/a.js\nwrote js/a.d.ts\n');
  expect(read('js/a.js')).not.toMatch(/: number|interface|Float64Array \{/);
  expect(read('js/a.d.ts')).toMatch(/^export declare function createModel</m);
});

test('Without a spec, a configuration says what to write, for every command line below it', () => {
  mkdirSync(join(folder, 'configured/below'), { recursive: true });
  writeSpec('configured/one.net.json', 'one');
  const config =
    "import { defineConfig } from 'longhand';\nexport default defineConfig({ specs: ['*.net.json', { spec: 'one.net.json', inference: true, fileName: '[name].inference' }], out: 'gen' });";
  writeFileSync(join(folder, 'configured/longhand.config.ts'), config);
  const run = (words: readonly string[], cwd: string) =>
    spawnSync(process.execPath, argumentsOf(words), { cwd: join(folder, cwd), encoding: 'utf8' });
  expect(run([], 'configured').stdout).toBe('wrote gen/one.ts\nwrote gen/one.inference.ts\n');
  expect(run(['--check'], 'configured/below')).toMatchObject({ status: 0, stdout: '', stderr: '' });
  writeFileSync(join(folder, 'configured/longhand.config.ts'), config.replace('out:', 'outt:'));
  expect(run([], 'configured').stderr).toBe(
    'longhand.config.ts:2:127: outt: found a key that a configuration does not have; did you mean out?\n',
  );
  expect(run([], '.').stderr).toMatch(/^longhand\.config\.ts: found no such file; expected specs/);
});

test('--watch sees what a spec imports, new specs and those that go, and a broken one holds nobody up', async () => {
  mkdirSync(join(folder, 'many'));
  writeFileSync(join(folder, 'many/common.ts'), 'export const units = 1;');
  const spec = "{ name: 't', input: [4], layers: [{ type: 'dense', units }], loss: 'squaredError' }";
  writeFileSync(join(folder, 'many/t.net.ts'), `import { units } from './common.ts';\nexport default ${spec};`);
  writeFileSync(join(folder, 'many/broken.net.json'), '{');
  const child = spawn(process.execPath, argumentsOf(['many/*.net.*', '--out', 'many', '--watch']), { cwd: folder });
  try {
    const lines = linesOf(child);
    expect(await lines()).toMatch(/^many\/broken\.net\.json:1:2: /);
    expect(await lines()).toBe('wrote many/t.ts');
    expect(await lines()).toBe('watching 2 specs; Ctrl+C ends it');
    writeFileSync(join(folder, 'many/common.ts'), 'export const units = 2;');
    expect(await lines()).toBe('wrote many/t.ts');
    expect(read('many/t.ts')).toContain('outputShape: [2]');
    writeSpec('many/new.net.json', 'new');
    expect(await lines()).toBe('wrote many/new.ts');
    rmSync(join(folder, 'many/new.net.json'));
    expect(await lines()).toBe('removed many/new.ts');
    expect(readdirSync(join(folder, 'many')).sort()).toEqual(['broken.net.json', 'common.ts', 't.net.ts', 't.ts']);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
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
    expect(await lines()).toBe('watching 1 spec; Ctrl+C ends it');
    writeFileSync(join(folder, 'watched/w.net.json'), '{');
    expect(await lines()).toMatch(/^watched\/w\.net\.json:1:2: found the end of the file/);
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
