import { machineText } from '../core/machine.ts';
import type { StartRow, Starts } from '../measures/start.ts';
import { bytes, time } from './units.ts';

/** The starts as Markdown. */
export function startsText({ machine, processes, networks }: Starts): string {
  return `# Start and memory

${machineText(machine)} Medians of ${processes} fresh processes.
First result: from the first import to the first output, without the start of Node. Full speed: how long it ran until
it stayed within 15 % of its last speed. Memory: what came on top since before the first import, after training (after
predicting where there is no training): the heap with array buffers after garbage collection, and the whole process.
Plain loops allocate next to nothing, so that their row shows what the measuring takes. One more model: heap and
buffers of a second model in the same process, where it is simply made.

${networks.map(networkText).join('\n\n')}
`;
}

function networkText({ name, rows, absent }: Starts['networks'][number]): string {
  return `## ${name.toUpperCase()}

| | first result | full speed, forward | full speed, step | heap and buffers | process | one more model |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.map(rowText).join('\n')}
${absent.map(({ name: who, reason }) => `\n- ${who}: ${reason}`).join('')}`;
}

function rowText({ name, firstMs, fullSpeedMs, heapBytes, processBytes, modelBytes }: StartRow): string {
  const ms = (value: number | undefined) => (value === undefined ? '–' : time(value * 1e6));
  const cells = [
    name,
    ms(firstMs),
    ms(fullSpeedMs.forward),
    ms(fullSpeedMs.step),
    bytes(heapBytes),
    bytes(processBytes),
    modelBytes === undefined ? '–' : bytes(modelBytes),
  ];
  return `| ${cells.join(' | ')} |`;
}
