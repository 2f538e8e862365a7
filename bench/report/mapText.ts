import { machineText } from '../core/machine.ts';
import { type KernelMap, type Quantity, quantities } from '../measures/map.ts';

export const quantityNames: Readonly<Record<Quantity, string>> = {
  forward: 'forward',
  inputGradient: "the input's gradient",
  kernelGradient: "the kernel's gradient",
};

/** The map as Markdown, a table for each kind of equation. */
export function mapText(map: KernelMap): string {
  return `# Map

${machineText(map.machine)} Multiply-adds per nanosecond of each equation by itself, in WebAssembly, the best of several
rounds; products outside of an image are not counted. Rows are layers, columns numbers of channels, in and out. The best
tile that keeps everything in registers reaches ${map.peak.toFixed(1)} here: what stands far below its neighbours is a fault.

![Multiply-adds per nanosecond](map.svg)

${quantities.map((quantity) => tableText(map, quantity)).join('\n\n')}
`;
}

function tableText({ rows, channels }: KernelMap, quantity: Quantity): string {
  const lines = rows.map(({ name, cells }) => {
    const rates = cells.map((cell) => cell[quantity]?.toFixed(1) ?? '–');
    return `| ${[name, ...rates].join(' | ')} |`;
  });
  return `## ${quantityNames[quantity]}

| | ${channels.join(' | ')} |
| --- |${' ---: |'.repeat(channels.length)}
${lines.join('\n')}`;
}
