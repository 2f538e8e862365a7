import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { arbitrarySpec } from '../execution/arbitrarySpec.ts';
import { arbitraryWide } from '../wasm/arbitraryWide.ts';

/**
 * Draws the random networks of the freeze anew: `npx tsx test/freeze/sample.ts`. To be run when layers or options have
 * come that the old ones lack; `npm run freeze` then writes digests that say nothing about the change before.
 */
const small = fc.sample(arbitrarySpec, { numRuns: 200, seed: 1 });
const wide = fc.sample(arbitraryWide, { numRuns: 100, seed: 2 });
const lines = [...small, ...wide].map((spec) => `${JSON.stringify(spec)}\n`);
writeFileSync(new URL('random.jsonl', import.meta.url), lines.join(''));
