import { type Machine, thisMachine } from '../core/machine.ts';
import { type NestEffort, type NestTime, timeNests } from './nestTimes.ts';
import { measurePeak } from './peak.ts';

/** One layer with its options, to be measured with several numbers of channels. */
export interface MapRow {
  readonly name: string;
  /** Side of the square image, and the layer for so many channels in and out. */
  readonly side: number;
  readonly layers: (channels: number) => readonly object[];
}

/** What is measured of each layer. */
export const quantities = ['forward', 'inputGradient', 'kernelGradient'] as const;

export type Quantity = (typeof quantities)[number];

/** Multiply-adds a nanosecond of the equations of one layer; absent where there is no such equation. */
export type MapCell = { readonly [Q in Quantity]?: number };

export interface KernelMap {
  readonly machine: Machine;
  /** Multiply-adds a nanosecond in registers alone. */
  readonly peak: number;
  readonly channels: readonly number[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly MapCell[] }[];
}

const channelCounts = [1, 2, 3, 4, 6, 8, 10, 12, 16, 24, 32, 64];

const conv = (kernelSize: number, options: object = {}) => {
  return (filters: number) => [
    { type: 'conv2d', filters, kernelSize, padding: 'same', activation: 'relu', ...options },
  ];
};

const depthwise = (kernelSize: number, options: object = {}) => {
  return () => [{ type: 'depthwiseConv2d', kernelSize, padding: 'same', activation: 'relu', ...options }];
};

const pooled = (kernelSize: number) => (filters: number) => [
  { type: 'conv2d', filters, kernelSize, padding: 'same', activation: 'relu' },
  { type: 'maxPooling2d' },
];

/** Every layer that multiplies, with the options that change its loops. */
export const mapRows: readonly MapRow[] = [
  ...[1, 2, 3, 4, 5, 6, 7].map((size) => ({ name: `conv2d ${size}×${size}`, side: 12, layers: conv(size) })),
  { name: 'conv2d 3×3, valid', side: 12, layers: conv(3, { padding: 'valid' }) },
  { name: 'conv2d 5×5, valid', side: 12, layers: conv(5, { padding: 'valid' }) },
  { name: 'conv2d 1×1, stride 2', side: 12, layers: conv(1, { strides: 2 }) },
  { name: 'conv2d 3×3, stride 2', side: 12, layers: conv(3, { strides: 2 }) },
  { name: 'conv2d 5×5, stride 2', side: 12, layers: conv(5, { strides: 2 }) },
  { name: 'conv2d 3×3, dilation 2', side: 12, layers: conv(3, { dilationRate: 2 }) },
  { name: 'conv2d 3×3 and max pool', side: 12, layers: pooled(3) },
  { name: 'conv2d 5×5 and max pool', side: 12, layers: pooled(5) },
  {
    name: 'conv2dTranspose 3×3, stride 2',
    side: 6,
    layers: (filters) => [
      { type: 'conv2dTranspose', filters, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' },
    ],
  },
  { name: 'depthwiseConv2d 3×3', side: 12, layers: depthwise(3) },
  { name: 'depthwiseConv2d 5×5', side: 12, layers: depthwise(5) },
  { name: 'depthwiseConv2d 7×7', side: 12, layers: depthwise(7) },
  { name: 'depthwiseConv2d 3×3, stride 2', side: 12, layers: depthwise(3, { strides: 2 }) },
  { name: 'depthwiseConv2d 3×3, dilation 2', side: 12, layers: depthwise(3, { dilationRate: 2 }) },
  { name: 'depthwiseConv2d 3×3, multiplier 2', side: 12, layers: depthwise(3, { depthMultiplier: 2 }) },
  {
    name: 'dense',
    side: 4,
    layers: (units) => [{ type: 'flatten' }, { type: 'dense', units, activation: 'relu' }],
  },
];

/** Measures the equations of every row whose name has a text in it with every number of channels, in WebAssembly. */
export function measureMap(effort: NestEffort, wanted: string, progress: (row: string) => void): KernelMap {
  const rows = mapRows
    .filter(({ name }) => name.includes(wanted))
    .map(({ name, side, layers }) => {
      progress(name);
      const cells = channelCounts.map((channels) => measureCell(side, channels, layers(channels), effort));
      return { name, cells };
    });
  return { machine: thisMachine(), peak: measurePeak(), channels: channelCounts, rows };
}

function measureCell(side: number, channels: number, layers: readonly object[], effort: NestEffort): MapCell {
  const spec = { name: 'map', input: [side, side, channels], layers };
  const nests = timeNests(spec, { inputGradient: true }, effort).filter(({ macs }) => macs > 0);
  const isKernel = (name: string): boolean => name.startsWith('dW');
  const of: Readonly<Record<Quantity, typeof nests>> = {
    forward: nests.filter(({ pass }) => pass === 'forward'),
    inputGradient: nests.filter(({ pass, targets }) => pass === 'backward' && !targets.every(isKernel)),
    kernelGradient: nests.filter(({ pass, targets }) => pass === 'backward' && targets.some(isKernel)),
  };
  const rates = quantities
    .filter((quantity) => of[quantity].length > 0)
    .map((quantity) => [quantity, rate(of[quantity])]);
  return Object.fromEntries(rates);
}

function rate(nests: readonly NestTime[]): number {
  const sum = (of: (nest: NestTime) => number): number => nests.reduce((total, one) => total + of(one), 0);
  return sum(({ macs }) => macs) / sum(({ ns }) => ns);
}
