import { machineText } from '../core/machine.ts';
import type { Task } from '../core/runner.ts';
import type { Growth } from '../measures/growth.ts';
import { quickNote } from './quickNote.ts';
import { time } from './units.ts';

/** The growth as Markdown, with a link to the plot. */
export function growthText(growth: Growth): string {
  return `# Growth

${machineText(growth.machine)} Medians of ${growth.effort.rounds} interleaved rounds. Time per sample, batch 1, one architecture in growing
sizes: two convolutions 3×3 with relu and max pool, a dense layer of 10. Reasons for dashes are at the end.${quickNote(growth.effort)}

![Time per multiply-accumulate over the size of the network](growth.svg)

${(['forward', 'step'] as const).map((task) => tableText(growth, task)).join('\n\n')}

${growth.excused.map(({ name, task, macs, reason }) => `- ${name}, ${task}, ${macs.toLocaleString('en')} MACs: ${reason}`).join('\n')}
`;
}

function tableText({ networks, curves }: Growth, task: Task): string {
  const all = curves[task];
  const lines = networks.map(({ macs }) => {
    const cells = all.map(({ points }) => points.find((point) => point.macs === macs)?.ns);
    return `| ${[macs.toLocaleString('en'), ...cells.map((ns) => (ns === undefined ? '–' : time(ns)))].join(' | ')} |`;
  });
  return `## ${task}

| MACs | ${all.map(({ name }) => name).join(' | ')} |
| ---: |${' ---: |'.repeat(all.length)}
${lines.join('\n')}`;
}
