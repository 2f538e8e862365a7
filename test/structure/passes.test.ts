import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const passes = new URL('../../generator/passes/', import.meta.url);
const tests = new URL('../passes/', import.meta.url);

/** The files that hold a pass: all but what passes are, and what holds after them. */
const files = readdirSync(passes).filter((name) => /: Pass</.test(readFileSync(new URL(name, passes), 'utf8')));

describe('Every pass', () => {
  it.each(files.filter((name) => name !== 'pass.ts'))('%s has a test of the same name that names it', (name) => {
    const test = new URL(name.replace('.ts', '.test.ts'), tests);
    expect(existsSync(test)).toBe(true);
    expect(readFileSync(test, 'utf8')).toContain(name.replace('.ts', ''));
  });

  it('is looked at here', () => expect(files.length).toBeGreaterThan(30));
});
