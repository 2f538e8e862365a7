import { type Cell, type Paint, printTable } from '../check/table.ts';
import { adviceOn } from './advice.ts';
import type { FormBench, NetworkBench, Timing } from './bench.ts';
import { formatMicroseconds, formatSeconds } from './units.ts';

const plain: Paint = (_, text) => text;

/** The timings of one network as text: a table of its forms, and under it the advice that follows. */
export function printBench(bench: NetworkBench): string {
  const { name, node, rounds, forms, refused } = bench;
  const trains = forms.some(({ training }) => training !== null);
  const head = ['', 'forward', 'ratio', ...(trains ? ['training step', 'ratio'] : []), 'warm-up', 'bytes', 'functions'];
  const rows = forms.map((form) => cellsOf(form, trains));
  const lines = [
    `${name}: time for one sample on one thread of Node ${node}, medians of ${rounds} rounds`,
    '',
    // The empty last column lets the one before it stand to the right.
    ...printTable([...head, ''], rows, plain),
    ...refused.flatMap(({ form, problems }) =>
      problems.map(({ found, expected }) => `${form}: not timed: ${found}; ${expected}`),
    ),
    '',
    ...adviceOn(bench),
  ];
  return `${lines.join('\n')}\n`;
}

function cellsOf({ form, precision, forward, training, warmUp, bytes, functions }: FormBench, trains: boolean): Cell[] {
  return [
    { text: `${form}, ${precision}` },
    ...timingCells(forward),
    ...(trains ? timingCells(training) : []),
    { text: `${warmUp.settled ? '' : '> '}${formatSeconds(warmUp.milliseconds)}` },
    { text: bytes.toLocaleString('en-US') },
    { text: String(functions) },
    { text: '' },
  ];
}

function timingCells(timing: Timing | null): Cell[] {
  if (timing === null) return [{ text: '–' }, { text: '–' }];
  const { microseconds, ratio } = timing;
  return [{ text: formatMicroseconds(microseconds) }, { text: ratio.toFixed(2) }];
}
