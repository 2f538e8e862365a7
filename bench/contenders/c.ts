import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cProgram } from '../c/cProgram.ts';
import { type LoopOptions, loopC, parameterPlaces } from '../c/loopC.ts';
import { straightLineC } from '../c/straightLineC.ts';
import { isPool } from '../core/network.ts';
import { Absent, type Contender, type Program, type Setup } from '../core/runner.ts';
import { writeSamples } from '../core/samples.ts';

export const C_FLAGS = ['-std=c11', '-O3', '-march=native'];

/** First line of `gcc --version`, or undefined on a machine without gcc. */
export function gccVersion(): string | undefined {
  const { status, stdout } = spawnSync('gcc', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : undefined;
}

const FILTERS_FIRST_NOTE =
  'kernels [filters][height][width][channels]; in the others the filters are last, as in the spec, which gcc can vectorise';
const SPARSE_NOTE = 'its backward pass visits only the winners of a max pool';
const FAST_MATH = ['-ffast-math'];

/** Plain loops in C; the first is the yardstick. */
export const loopCContenders: readonly Contender[] = [
  loopContender('loopC', 'loop C', { kernels: 'filtersLast' }),
  loopContender('loopC-fast-math', 'loop C -ffast-math', { kernels: 'filtersLast' }, FAST_MATH),
  loopContender('loopC-filters-first', 'loop C, filters first', { kernels: 'filtersFirst' }, [], FILTERS_FIRST_NOTE),
  loopContender('loopC-sparse', 'loop C, winner-sparse', { kernels: 'filtersLast', sparse: true }, [], SPARSE_NOTE),
  loopContender(
    'loopC-sparse-fast-math',
    'loop C, winner-sparse, -ffast-math',
    { kernels: 'filtersLast', sparse: true },
    FAST_MATH,
  ),
];

function loopContender(id: string, name: string, options: LoopOptions, flags: string[] = [], note?: string): Contender {
  return {
    id,
    name,
    tolerance: 2e-6,
    ...(note ? { note } : {}),
    prepare(setup) {
      if (options.sparse && !setup.stages.some(isPool)) throw new Absent('there is no pool');
      const places = parameterPlaces(setup.spec, options.kernels);
      return { ...compiled(setup, loopC(setup.spec, options), flags, places), parameterPlaces: places };
    },
  };
}

/** The least that generated code could do; only for the networks that it is written for. */
export const straightLineCContender: Contender = {
  id: 'straightLineC',
  name: 'straight-line C',
  tolerance: 2e-6,
  note: 'its step updates each weight at once, without a buffer of gradients',
  cannot: ({ task, batch }) => (task === 'step' && batch > 1 ? 'it updates each weight at once' : undefined),
  prepare(setup) {
    if (setup.stages.some((stage) => isPool(stage) || stage.pad > 0)) {
      throw new Absent('written only for networks without padding and pools');
    }
    const places = setup.samples.parameters.map((_, k) => k);
    return compiled(setup, straightLineC(setup.spec), [], places);
  },
};

/** Compiles the C text of a network. Throws Absent on a machine without gcc. */
function compiled(
  { directory, samples }: Setup,
  source: string,
  flags: readonly string[],
  places: readonly number[],
): Program {
  if (gccVersion() === undefined) throw new Absent('there is no gcc');
  const [program, data] = [join(directory, 'program'), join(directory, 'program.samples')];
  writeFileSync(`${program}.c`, cProgram(source));
  writeSamples(data, { ...samples, parameters: places.map((place) => samples.parameters[place]!) });
  execFileSync('gcc', [...C_FLAGS, ...flags, '-o', program, `${program}.c`, '-lm'], { stdio: ['ignore', 2, 2] });
  return { command: program, args: [data] };
}
