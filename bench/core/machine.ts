import { cpus, totalmem } from 'node:os';
import { gccVersion } from '../contenders/c.ts';

/** Where and when figures were taken. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly v8: string;
  readonly gcc: string | null;
  readonly date: string;
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    v8: process.versions.v8,
    gcc: gccVersion() ?? null,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** One line for the head of a report. */
export function machineText({ cpu, cores, memoryGiB, node, v8, gcc, date }: Machine): string {
  return `${date}; ${cpu}, ${cores} cores, ${memoryGiB} GiB; Node ${node} (V8 ${v8}); ${gcc ?? 'no gcc'}.`;
}
