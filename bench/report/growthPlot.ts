import type { Curve, Growth } from '../measures/growth.ts';

/** Middle tones: legible on white and on black. */
const COLOURS = ['#d9534f', '#3a87d8', '#2e9e5b', '#b07d1a', '#8a63d2', '#808080'];
const TEXT = '#808080';
const GRID = '#80808040';
const PANEL = { width: 420, height: 300, left: 56, top: 40, between: 270 };

/** Time per MAC over MACs, both logarithmic: forward on the left, step on the right. Where lines cross, the better form changes. */
export function growthPlot({ curves }: Growth): string {
  const points = [...curves.forward, ...curves.step].flatMap((curve) => curve.points);
  const x = logScale(points.map(({ macs }) => macs));
  const y = logScale(points.map(({ macs, ns }) => ns / macs));
  const ids = [...new Set([...curves.forward, ...curves.step].map(({ id }) => id))];
  const colour = (id: string): string => COLOURS[ids.indexOf(id) % COLOURS.length]!;
  const width = 2 * (PANEL.width + PANEL.between) + PANEL.left;
  const height = PANEL.height + PANEL.top + 56;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="${TEXT}">
${panel('forward: nanoseconds per MAC', curves.forward, x, y, PANEL.left, colour)}
${panel('training step: nanoseconds per MAC', curves.step, x, y, PANEL.left + PANEL.width + PANEL.between, colour)}
</svg>
`;
}

/** From a value to a part of the axis, 0 … 1, and the powers of ten on it. */
interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

function logScale(values: readonly number[]): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)].map(Math.log10) as [number, number];
  const [first, last] = [Math.floor(low), Math.max(Math.ceil(high), Math.floor(low) + 1)];
  return {
    at: (value) => (Math.log10(value) - first) / (last - first),
    ticks: Array.from({ length: last - first + 1 }, (_, k) => 10 ** (first + k)),
  };
}

function panel(
  title: string,
  curves: readonly Curve[],
  x: Scale,
  y: Scale,
  left: number,
  colour: (id: string) => string,
): string {
  const { width, height, top } = PANEL;
  const px = (macs: number): number => round(left + x.at(macs) * width);
  const py = (cost: number): number => round(top + (1 - y.at(cost)) * height);
  const vertical = x.ticks.map(
    (tick) =>
      `<path d="M${px(tick)} ${top}v${height}" stroke="${GRID}"/><text x="${px(tick)}" y="${top + height + 18}" text-anchor="middle">${short(tick)}</text>`,
  );
  const horizontal = y.ticks.map(
    (tick) =>
      `<path d="M${left} ${py(tick)}h${width}" stroke="${GRID}"/><text x="${left - 6}" y="${py(tick) + 4}" text-anchor="end">${tick}</text>`,
  );
  const lines = curves.map(({ id, points }) =>
    lineOf(
      points.map(({ macs, ns }) => [px(macs), py(ns / macs)]),
      colour(id),
    ),
  );
  const labels = spread(curves.map(({ points }) => py(points.at(-1)!.ns / points.at(-1)!.macs))).map((at, k) => {
    const { id, name } = curves[k]!;
    const end = curves[k]!.points.at(-1)!;
    const stop = left + width + 8;
    return `<path d="M${px(end.macs)} ${py(end.ns / end.macs)}L${stop - 2} ${at}" stroke="${colour(id)}" stroke-dasharray="2 3"/><text x="${stop}" y="${round(at + 4)}" fill="${colour(id)}">${name}</text>`;
  });
  return `<text x="${left}" y="${top - 16}" font-size="14">${title}</text>
${[...vertical, ...horizontal, ...lines, ...labels].join('\n')}
<text x="${left + width / 2}" y="${top + height + 40}" text-anchor="middle">MACs of one forward pass</text>`;
}

function lineOf(places: readonly (readonly number[])[], colour: string): string {
  const dots = places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>`).join('');
  return `<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}`;
}

/** Moves labels apart so that none covers another, in the order of their places. */
function spread(places: readonly number[]): number[] {
  const moved = [...places];
  let last = Number.NEGATIVE_INFINITY;
  for (const k of places.map((_, n) => n).sort((a, b) => places[a]! - places[b]!)) {
    moved[k] = Math.max(places[k]!, last + 15);
    last = moved[k]!;
  }
  return moved;
}

function short(value: number): string {
  const [size, unit] = value >= 1e6 ? [1e6, 'M'] : value >= 1e3 ? [1e3, 'k'] : [1, ''];
  return `${value / size}${unit}`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
