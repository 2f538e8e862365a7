/** A change of one instruction of a code's text. */
export interface Mutation {
  readonly kind: string;
  readonly find: RegExp;
  readonly change: (...groups: string[]) => string;
}

const vector = String.raw`\(local\.get \$\w+\)`;

/** Kinds of faults that a generator of machine code makes. */
export const mutations: readonly Mutation[] = [
  { kind: 'lane', find: /extract_lane (\d)/g, change: (_, lane) => `extract_lane ${(Number(lane) + 1) % 4}` },
  {
    kind: 'lane of a store',
    find: /store64_lane (offset=\d+ )?0/g,
    change: (_, offset = '') => `store64_lane ${offset}1`,
  },
  {
    kind: 'offset of a load',
    find: /\.load offset=(\d+)/g,
    change: (_, offset) => `.load offset=${Number(offset) + 4}`,
  },
  {
    kind: 'offset of a store',
    find: /\.store offset=(\d+)/g,
    change: (_, offset) => `.store offset=${Number(offset) + 4}`,
  },
  { kind: 'splat', find: /v128\.load32_splat/g, change: () => 'v128.load32_zero' },
  { kind: 'half a vector', find: /v128\.load64_zero/g, change: () => 'v128.load32_zero' },
  {
    kind: 'mask',
    find: new RegExp(String.raw`\(v128\.and (${vector}) \(f32x4\.gt`, 'g'),
    change: (_, value) => `(v128.andnot ${value} (f32x4.gt`,
  },
  {
    kind: 'stride',
    find: /\(i32\.add (\(local\.get \$\w+\)) \(i32\.const (\d+)\)\)\)$/gm,
    change: (_, name, stride) => `(i32.add ${name} (i32.const ${Number(stride) + 4})))`,
  },
  {
    kind: 'bound of a loop',
    find: /\(i32\.ne (\(local\.get \$\w+\)) \(i32\.const (\d+)\)\)/g,
    change: (_, name, end) => `(i32.lt_s ${name} (i32.const ${Number(end) - 1}))`,
  },
  {
    kind: 'bound that is added up',
    find: /_end \(i32\.add (\(local\.get \$\w+\)) \(i32\.const (\d+)\)\)/g,
    change: (_, name, way) => `_end (i32.add ${name} (i32.const ${2 * Number(way)}))`,
  },
  {
    kind: 'operands of a subtraction',
    find: new RegExp(String.raw`\(f32(x4)?\.sub (${vector}) (${vector})\)`, 'g'),
    change: (_, x = '', a, b) => `(f32${x}.sub ${b} ${a})`,
  },
  {
    kind: 'operands of a comparison',
    find: new RegExp(String.raw`\(f32x4\.gt (${vector}) (${vector})\)`, 'g'),
    change: (_, a, b) => `(f32x4.gt ${b} ${a})`,
  },
  { kind: 'sign', find: /f32x4\.add/g, change: () => 'f32x4.sub' },
  { kind: 'shuffle', find: /i8x16\.shuffle 8 9 10 11 12 13 14 15/g, change: () => 'i8x16.shuffle 4 5 6 7 12 13 14 15' },
  { kind: 'a store too few', find: /^ +\((?:v128|f32)\.store .*$/gm, change: () => '' },
  {
    kind: 'a store too many',
    find: /^( +)\(v128\.store offset=(\d+) (.*)$/gm,
    change: (all, spaces, offset, rest) => `${all}\n${spaces}(v128.store offset=${Number(offset) + 16} ${rest}`,
  },
  { kind: 'what was cleared', find: /^ +\(memory\.fill .*$/gm, change: () => '' },
  { kind: 'a maximum', find: /f32x4\.pmax/g, change: () => 'f32x4.pmin' },
  { kind: 'a call', find: /^ +\(call \$(?:backward|finish|prepare)\w+\)$/gm, change: () => '' },
  {
    kind: 'border',
    find: /\(v128\.store (offset=(\d+) )?(\(local\.get \$x_\w+\)) /g,
    change: (_, __, offset = '0', place) => `(v128.store offset=${Math.max(0, Number(offset) - 16)} ${place} `,
  },
];

/** A text with the n-th place of a kind changed; undefined where there are fewer. */
export function mutated(text: string, { find, change }: Mutation, n: number): string | undefined {
  const match = [...text.matchAll(find)][n];
  if (match === undefined) return undefined;
  const groups = [...match].map((group) => group as string);
  return text.slice(0, match.index) + change(...groups) + text.slice(match.index + match[0].length);
}

export function placesOf(text: string, { find }: Mutation): number {
  return [...text.matchAll(find)].length;
}
