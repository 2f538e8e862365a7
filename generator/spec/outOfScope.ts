/** Layers of other tools that longhand leaves out on purpose, and why, by what their names begin or end with. */
const leftOut: readonly { readonly names: RegExp; readonly why: string }[] = [
  { names: /3d(transpose)?$/i, why: 'three-dimensional layers are out of scope' },
  { names: /^(conv)?(lstm|gru|simplernn|rnn|bidirectional)/i, why: 'recurrent layers are out of scope' },
];

/** Why there is no such layer and never will be; undefined where the name is only unknown. */
export function outOfScope(type: unknown): string | undefined {
  return typeof type === 'string' ? leftOut.find(({ names }) => names.test(type))?.why : undefined;
}
