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
above 1 is slower. The last lines compare longhand's fastest form with the best of all others, and with the multiply-adds
that must be done (none outside of images, none for places that lost a pool) at the peak of 128 bits, which was measured
here: ${peakText(comparison.peak)}. Native code has vectors of 256 or 512 bits and is not bound by it. A step is forward, backward and the update of all parameters, on the mean gradient of the batch.${quickNote(effort)}

${networks.map(({ name, macs }) => networkText(comparison, name, macs)).join('\n\n')}

## Notes

${notes.map((note) => `${note}\n`).join('')}- longhand's functions in V8's tiers after the rounds:
${Object.entries(tiers)
  .map(([form, text]) => `  - ${form}: ${text}`)
  .join('\n')}
- Versions: ${[...new Set(versions)].join(', ')}.
`;
}

function networkText({ contenders, sections, peak }: Comparison, network: string, macs: number): string {
  const own = sections.filter((section) => section.network === network);
  const reasons: string[] = [];
  const lines = contenders.map(({ id, name }) => {
    const cells = own.map((section) => cell(section, id, reasons));
    return `| ${[name, ...cells].join(' | ')} |`;
  });
  return `## ${network.toUpperCase()} (${macs.toLocaleString('en')} MACs)

| | ${own.map(({ task, batch }) => `${task}, batch ${batch}`).join(' | ')} |
| --- |${' ---: |'.repeat(own.length)}
${[...lines, ...standing(own, peak)].join('\n')}
${reasons.map((reason, k) => `\n${k + 1}. ${reason}`).join('')}`;
}

function peakText({ plain, relaxed }: Comparison['peak']): string {
  const fused = relaxed === undefined ? 'this engine has no relaxed multiply-adds' : `${relaxed.toFixed(1)} relaxed`;
  return `${plain.toFixed(1)} MACs per nanosecond with mul and add, ${fused}`;
}

/** Where longhand stands, and where it cannot go. */
function standing(sections: readonly Section[], peak: Comparison['peak']): readonly string[] {
  const peers = sections.map(({ toBestPeer: best }) => (best ? `${ratio(best.ratio)} (${best.peer})` : '–'));
  const limits = sections.map(({ rows, neededMacs }) => {
    const ours = Math.min(...rows.filter(({ id }) => id.startsWith('longhand-')).map(({ medianNs }) => medianNs));
    const limit = neededMacs / peak.plain;
    return `${time(limit)} (${Number.isFinite(ours) ? ratio(ours / limit) : '–'})`;
  });
  return [
    `| **longhand ÷ best peer** | ${peers.join(' | ')} |`,
    `| **limit, mul and add (longhand ÷ limit)** | ${limits.join(' | ')} |`,
  ];
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
