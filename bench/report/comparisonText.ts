import { machineText } from '../core/machine.ts';
import type { Comparison, Section } from '../measures/compare.ts';
import { quickNote } from './quickNote.ts';
import { time } from './units.ts';

/** The comparison as Markdown: one table for each network, a contender a line, an exercise a column. */
export function comparisonText(comparison: Comparison): string {
  const { machine, effort, networks, contenders, tiers } = comparison;
  const versions = contenders.filter(({ version }) => version).map(({ name, version }) => `${name} ${version}`);
  const notes = contenders.filter(({ note }) => note).map(({ name, note }) => `- ${name}: ${note}.`);
  return `# Comparison

${machineText(machine)} One thread; medians of ${effort.rounds} interleaved rounds, every implementation in a process of its own.
Time per sample. In brackets: this time divided by that of longhand's fastest form, and divided by that of loop C;
above 1 is slower. A step is forward, backward and the update of all parameters, on the mean gradient of the batch.${quickNote(effort)}

${networks.map(({ name, macs }) => networkText(comparison, name, macs)).join('\n\n')}

## Notes

${notes.map((note) => `${note}\n`).join('')}- longhand's functions in V8's tiers after the rounds:
${Object.entries(tiers)
  .map(([form, text]) => `  - ${form}: ${text}`)
  .join('\n')}
- Versions: ${[...new Set(versions)].join(', ')}.
`;
}

function networkText({ contenders, sections }: Comparison, network: string, macs: number): string {
  const own = sections.filter((section) => section.network === network);
  const reasons: string[] = [];
  const lines = contenders.map(({ id, name }) => {
    const cells = own.map((section) => cell(section, id, reasons));
    return `| ${[name, ...cells].join(' | ')} |`;
  });
  return `## ${network.toUpperCase()} (${macs.toLocaleString('en')} MACs)

| | ${own.map(({ task, batch }) => `${task}, batch ${batch}`).join(' | ')} |
| --- |${' ---: |'.repeat(own.length)}
${lines.join('\n')}
${reasons.map((reason, k) => `\n${k + 1}. ${reason}`).join('')}`;
}

/** A time with its ratios, or a dash with the number of the reason. */
function cell({ rows, excused }: Section, id: string, reasons: string[]): string {
  const row = rows.find((one) => one.id === id);
  if (row) {
    const ratios = [row.toLonghand, row.toLoopC].map((value) => (value === undefined ? '–' : ratio(value)));
    return `${time(row.medianNs)} (${ratios.join('; ')})`;
  }
  const reason = excused[id] ?? 'not measured';
  if (!reasons.includes(reason)) reasons.push(reason);
  return `– [${reasons.indexOf(reason) + 1}]`;
}

function ratio(value: number): string {
  if (value >= 10) return value.toFixed(value >= 99.95 ? 0 : 1);
  return value >= 0.1 ? value.toFixed(2) : value.toPrecision(2);
}
