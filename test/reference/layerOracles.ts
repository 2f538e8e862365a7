import { readFileSync } from 'node:fs';
import type { OracleCase } from './oracleCases.ts';

/** What PyTorch computes for each layer, loss and option: test/oracles/layers.py says how. */
export const layerOracles = (
  JSON.parse(readFileSync(new URL('../oracles/layers.json', import.meta.url), 'utf8')) as readonly (OracleCase & {
    readonly what: string;
  })[]
).map((one) => [one.what, one] as const);
