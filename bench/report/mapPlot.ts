import { type KernelMap, quantities } from '../measures/map.ts';
import { quantityNames } from './mapText.ts';

/** Middle tones: legible on white and on black. */
const TEXT = '#808080';
const CELL = { width: 34, height: 18 };
const NAMES = 210;
const HEAD = 44;

/** Each equation's rate as a colour, a panel for each of the three: red is slow, green is near the peak. */
export function mapPlot({ rows, channels, peak }: KernelMap): string {
  const panel = channels.length * CELL.width + 24;
  const width = NAMES + quantities.length * panel;
  const height = HEAD + rows.length * CELL.height + 12;
  const names = rows.map(
    ({ name }, row) => `<text x="${NAMES - 8}" y="${HEAD + row * CELL.height + 13}" text-anchor="end">${name}</text>`,
  );
  const panels = quantities.map((quantity, n) => {
    const left = NAMES + n * panel;
    const title = `<text x="${left}" y="16" font-size="14">${quantityNames[quantity]}: MACs per nanosecond</text>`;
    const heads = channels.map(
      (count, column) =>
        `<text x="${left + (column + 0.5) * CELL.width}" y="${HEAD - 8}" text-anchor="middle">${count}</text>`,
    );
    const cells = rows.flatMap(({ cells }, row) =>
      cells.map((cell, column) => cellOf(cell[quantity], left + column * CELL.width, HEAD + row * CELL.height, peak)),
    );
    return [title, ...heads, ...cells].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" fill="${TEXT}">
${[...names, ...panels].join('\n')}
</svg>
`;
}

function cellOf(rate: number | undefined, x: number, y: number, peak: number): string {
  if (rate === undefined) return '';
  const hue = Math.round(120 * Math.min(1, rate / peak));
  return `<rect x="${x}" y="${y}" width="${CELL.width - 1}" height="${CELL.height - 1}" fill="hsl(${hue} 60% 45%)"/><text x="${
    x + CELL.width / 2
  }" y="${y + 13}" text-anchor="middle" fill="#fff">${rate.toFixed(1)}</text>`;
}
