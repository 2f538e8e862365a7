import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { trainArticle } from '../../examples/article.ts';
import { trainNotes } from '../../examples/notes.ts';
import { trainResidual } from '../../examples/residual.ts';

describe('the article example', () => {
  const { costs, results } = trainArticle();

  it('starts with the cost before training and goes on for 200 epochs', () => {
    expect(costs).toHaveLength(201);
  });

  it('ends with a small part of the cost that it started with', () => {
    expect(costs.at(-1)).toBeLessThan(costs[0]! / 20);
  });

  it('comes close to every target', () => {
    for (const { target, output } of results) expect(Math.abs(output - target)).toBeLessThan(0.25);
  });

  it('gives the same numbers on every call', () => {
    expect(trainArticle()).toEqual({ costs, results });
  });
});

describe('the notes example', () => {
  const { losses, results } = trainNotes();

  it('lowers the loss to a small part', () => {
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 20);
  });

  it('tells rows, columns and diagonals apart', () => {
    for (const { label, answer } of results) expect(answer).toBe(label);
  });

  it('gives the same numbers on every call', () => {
    expect(trainNotes()).toEqual({ losses, results });
  });
});

describe('the residual example', () => {
  const reported: number[] = [];
  const run = trainResidual(({ epoch }) => reported.push(epoch));

  it('reports every epoch as it ends', () => {
    expect(reported).toEqual(run.epochs.map(({ epoch }) => epoch));
    expect(reported).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('lowers the loss to a small part', () => {
    expect(run.epochs.at(-1)!.loss).toBeLessThan(run.epochs[0]!.loss / 20);
  });

  it('recognises digits that it never saw', () => {
    expect(run.accuracy).toBeGreaterThanOrEqual(0.92);
  });

  it('gives the same numbers on every call', () => {
    expect(trainResidual()).toEqual(run);
  });
});

describe('npm start', () => {
  const program = fileURLToPath(new URL('../../examples/digits.ts', import.meta.url));
  // A temporary folder of the test's own shows what is left behind.
  const temporary = mkdtempSync(join(tmpdir(), 'longhand-test-'));
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  const run = async (): Promise<string> => {
    const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], { env });
    return stdout;
  };

  it('learns the digits, the same way on every run, and leaves no file behind', async () => {
    const output = await run();
    expect(await run()).toBe(output);
    expect(readdirSync(temporary).filter((name) => name.startsWith('longhand'))).toEqual([]);

    const accuracy = /\ntest accuracy (\d\.\d{3})\n$/.exec(output)?.[1];
    expect(Number(accuracy)).toBeGreaterThanOrEqual(0.95);
    // Not a terminal: no escape codes, and an epoch on every line.
    expect(output).not.toContain('\u001b');
    expect(output).toMatch(/^epoch {2}1\/30 {3}loss \d/);
  }, 120_000);
});
