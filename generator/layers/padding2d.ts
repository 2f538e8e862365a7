import { z } from 'zod';
import { index } from '../equations/affine.ts';
import { number, read } from '../equations/expression.ts';
import { stripsOf } from './borders.ts';
import { defineLayer, Misfit } from './layer.ts';
import { paddingPairs, realNumber } from './options.ts';
import { notAnImage } from './windows.ts';

const mode = z
  .enum(['constant', 'reflect', 'symmetric', 'edge'], { error: 'expected constant, reflect, symmetric or edge' })
  .describe(
    'Around a b c: value, reflect (c b | a b c | b a), symmetric (b a | a b c | c b), edge (a a | a b c | c c).',
  );

/** A border around an image: a number, the image mirrored without or with its edge, or the edge repeated. */
export const padding2d = defineLayer({
  options: z.strictObject({ padding: paddingPairs, mode: mode.default('constant'), value: realNumber.default(0) }),
  shape([input = []], { padding, mode }) {
    if (input.length !== 3) return notAnImage(input);
    const most = (axis: number): number =>
      mode === 'reflect' ? input[axis]! - 1 : mode === 'symmetric' ? input[axis]! : Number.POSITIVE_INFINITY;
    const wide = padding.findIndex((sides, axis) => Math.max(...sides) > most(axis));
    if (wide < 0) return [...padding.map(([before, after], axis) => before + input[axis]! + after), input[2]!];
    const found = `found a border of ${Math.max(...padding[wide]!)} around ${input[wide]} places`;
    return new Misfit('padding', found, `expected at most ${most(wide)} in the mode ${mode}`);
  },
  forward(layer, o) {
    const c = index('c', layer.shape[2]!);
    const y = layer.tensor('y', layer.shape);
    const [height, width] = layer.x.shape as [number, number, number];
    for (const row of stripsOf('i', height, o.padding[0], o.mode)) {
      for (const column of stripsOf('j', width, o.padding[1], o.mode)) {
        const isImage = row.from !== undefined && column.from !== undefined;
        const value = isImage ? read(layer.x, [row.from, column.from, c]) : number(o.value);
        if (isImage || o.value !== 0) layer.assign(y, [row.to, column.to, c], value);
      }
    }
    return y;
  },
});
