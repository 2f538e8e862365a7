import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type StudyOptions, study } from '../../generator/study/index.ts';
import { arbitrarySpec } from '../execution/arbitrarySpec.ts';
import { seed } from '../runs.ts';
import { exampleOf } from './chromium.ts';

const hasLatex = spawnSync('pdflatex', ['--version']).status === 0;

if (!hasLatex)
  it.skip('handouts by LaTeX: skipped: there is no pdflatex (apt-get install texlive-latex-base)', () => {});

describe.skipIf(!hasLatex)('a LaTeX handout', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhand-latex-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Compiles without an error or a sign that is missing; gives the lines that run over the side. */
  function compile(name: string, spec: unknown, options: StudyOptions = {}): readonly string[] {
    writeFileSync(join(folder, 'it.tex'), study(spec, { ...options, format: 'latex' }).content);
    const run = spawnSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', '-no-shell-escape', 'it.tex'], {
      cwd: folder,
      encoding: 'latin1',
      timeout: 60_000,
    });
    expect(run.status, `${name}: ${/^!.*$(?:\n.*){4}/m.exec(run.stdout)?.[0]}`).toBe(0);
    expect(run.stdout.match(/Missing character.*|Undefined control.*/g), name).toBeNull();
    const over = [...run.stdout.matchAll(/Overfull \\hbox \(([\d.]+)pt too wide\).*/g)];
    return over.filter(([, points]) => Number(points) > 12).map(([line]) => line);
  }

  it('of each example compiles, and no line runs over the side', () => {
    for (const name of ['article', 'notes', 'pool', 'digits', 'residual']) {
      const { spec, options } = exampleOf(name);
      expect(compile(name, spec, options), name).toEqual([]);
    }
  });

  it('of random networks compiles, and at most one in ten has a fraction that no line holds', () => {
    const specs = fc.sample(arbitrarySpec, { numRuns: 25, seed });
    expect(specs.filter((spec) => compile(JSON.stringify(spec), spec).length > 0).length).toBeLessThanOrEqual(2);
  });

  it('takes what a reader brings for text, whatever it says and in whatever letters', () => {
    const text = String.raw`\input{/etc/passwd} 100 % $ & # _ ^ ~ { } — “é” ŵ Ω 猫 🐈`;
    const about = [{ text, link: 'https://example.org/a_b%20c#d~e^f' }];
    const { spec } = exampleOf('pool');
    expect(compile('hostile', spec, { values: { about } })).toEqual([]);
    expect(study(spec, { format: 'latex', values: { about } }).content).not.toContain('\\input');
  });
});
