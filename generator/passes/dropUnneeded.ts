import { rootsOf } from '../equations/needed.ts';
import type { Tensor } from '../equations/tensor.ts';
import { pairsOf } from '../lists.ts';
import { type Element, forEachArray, forEachRead, targetOf } from '../schedule/unrolled/element.ts';
import type { Block } from '../schedule/unrolled/unroll.ts';
import type { Pass } from './pass.ts';

/** Neither a caller nor a statement that is kept reads what is left out. */
export const dropUnneeded: Pass<'statements'> = {
  name: 'dropUnneeded',
  does: 'a statement whose element nobody needs is left out',
  gives: 'statements',
  rewrite: 'z_0 = …; z_1 = …; y = z_0   →   z_0 = …; y = z_0',
  run({ program, blocks }) {
    const roots = rootsOf(program);
    const needed = keepNeeded(
      blocks.map(({ block }) => block),
      (array) => roots.has(array),
    );
    return { program, blocks: pairsOf(blocks, needed).map(([{ pass }, block]) => ({ pass, block })) };
  },
};

function keepNeeded(blocks: readonly Block[], isRoot: (array: Tensor) => boolean): Block[] {
  const needed = new Set<Element>();
  const wholly = new Set<Tensor>();
  const kept = [...blocks].reverse().map((block) => {
    const isWhole = isRoot(block.target) || wholly.has(block.target);
    const definitions = block.definitions.filter((one) => isWhole || needed.has(targetOf(one)));
    for (const one of definitions) {
      forEachRead(one, (element) => needed.add(element));
      forEachArray(one, (array) => wholly.add(array));
    }
    return { ...block, definitions };
  });
  return kept.reverse();
}
