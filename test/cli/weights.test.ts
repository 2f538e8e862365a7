import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { weightsCommand } from '../../generator/commands/weights.ts';
import { runCommand } from './runCommand.ts';

const folder = mkdtempSync(join(tmpdir(), 'longhand-weights-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command on files of the folder, and takes the folder out of what it says. */
async function weights(action: string, ...files: string[]) {
  const words = [action, ...files.map((file) => join(folder, file))];
  const { status, stdout, stderr } = await runCommand(weightsCommand(), words);
  const short = (text: string) => text.replaceAll(join(folder, '/'), '');
  return { status, stdout: short(stdout), stderr: short(stderr) };
}

writeFileSync(
  join(folder, 'a.net.json'),
  JSON.stringify({ name: 'a', input: [3], layers: [{ type: 'dense', units: 2 }], loss: 'squaredError' }),
);
const raw = Buffer.from(Float32Array.from([1, 2, 3, 4, 5, 6, 0.5, -0.5]).buffer);
writeFileSync(join(folder, 'raw.f32'), raw);

test('Raw numbers are packed with the names of the parameters, shown, compared, and unpacked to the same bytes', async () => {
  expect(await weights('pack', 'a.net.json', 'raw.f32', 'a.safetensors')).toMatchObject({
    status: 0,
    stdout: 'wrote a.safetensors\n',
  });
  const shown = await weights('show', 'a.safetensors');
  expect(shown.stdout).toMatch(/^dense1\/kernel +F32 +\[3, 2\] +6 +1 +6 +3\.5/m);
  expect(shown.stdout).toMatch(/^longhand\.spec: [0-9a-f]{16}$/m);
  expect((await weights('unpack', 'a.net.json', 'a.safetensors', 'again.f32')).status).toBe(0);
  expect(readFileSync(join(folder, 'again.f32')).equals(raw)).toBe(true);
  expect(await weights('compare', 'raw.f32', 'again.f32')).toMatchObject({ status: 0 });
});

test('Files that differ: a row for each tensor, and exit code 1', async () => {
  const other = Buffer.from(raw);
  other.writeFloatLE(2.25, 4);
  writeFileSync(join(folder, 'other.f32'), other);
  const { status, stdout } = await weights('compare', 'raw.f32', 'other.f32');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^parameters +\[8\] +8 +1 +0\.25$/m);
});

test('What does not fit or is not there is one line with the file, and nothing is written', async () => {
  writeFileSync(join(folder, 'short.f32'), raw.subarray(4));
  expect(await weights('pack', 'a.net.json', 'short.f32', 'no.safetensors')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'short.f32: found 7 numbers; expected the 8 of dense1/kernel [3, 2], dense1/bias [2]\n',
  });
  expect((await weights('pack', 'a.net.json', 'none.f32', 'no.safetensors')).stderr).toBe(
    'none.f32: found no such file; expected a file\n',
  );
  expect(() => readFileSync(join(folder, 'no.safetensors'))).toThrow('ENOENT');
});
