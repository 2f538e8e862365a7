import fc from 'fast-check';
import type { GenerateOptions, NetworkSpec } from '../../generator/index.ts';
import { runsOf } from '../runs.ts';
import { arbitrarySpec } from './arbitrarySpec.ts';
import { type AnyModule, load } from './load.ts';
import { type Sample, sampleOf } from './sample.ts';

/** How many networks. All properties of one run see the same ones, so that each is generated and loaded once. */
export const runs = runsOf(120);

export const isLong = runs >= 500;

/** What a test of a property over that many networks may take, in milliseconds. */
export const timeout = isLong ? runs * 1000 : 60_000;

const cases = fc.tuple(arbitrarySpec, fc.nat(1e6)).map(([spec, numbers]) => ({ spec, numbers }));

/** Requires a property of random networks with random numbers; on failure the smallest network is shown. */
export function forRandomNetworks(
  property: (spec: NetworkSpec, sample: Sample) => void | Promise<void>,
): Promise<void> {
  const limit = isLong ? {} : { interruptAfterTimeLimit: 50_000, markInterruptAsFailure: true };
  return fc.assert(
    fc.asyncProperty(cases, async ({ spec, numbers }) => property(spec, sampleOf(spec, numbers))),
    { numRuns: runs, ...limit },
  );
}

const loaded = new Map<string, Promise<AnyModule>>();

/** The module of a spec, generated and loaded the first time that it is asked for. */
export function loadOnce(spec: NetworkSpec, options: GenerateOptions): Promise<AnyModule> {
  const key = JSON.stringify([spec, options]);
  const module = loaded.get(key) ?? load(spec, options);
  loaded.set(key, module);
  return module;
}
