import { rootsOf } from '../equations/needed.ts';
import type { Tensor } from '../equations/tensor.ts';
import { type Element, forEachDynamic, forEachRead } from '../schedule/scalar.ts';
import type { Block } from '../schedule/unroll.ts';
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
      ({ tensor }) => roots.has(tensor),
    );
    return { program, blocks: blocks.map(({ pass }, position) => ({ pass, block: needed[position] as Block })) };
  },
};

function keepNeeded(blocks: readonly Block[], isRoot: (element: Element) => boolean): Block[] {
  const needed = new Set<Element>();
  const wholly = new Set<Tensor>();
  const kept = [...blocks].reverse().map((block) => {
    const statements = block.statements.filter(
      ({ target }) => isRoot(target) || needed.has(target) || wholly.has(target.tensor),
    );
    for (const { value } of statements) {
      forEachRead(value, (element) => needed.add(element));
      forEachDynamic(value, (tensor) => wholly.add(tensor));
    }
    return { ...block, statements };
  });
  return kept.reverse();
}
