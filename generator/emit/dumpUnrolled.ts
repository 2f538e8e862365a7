import { printCode } from '../print/typescript/code.ts';
import { codeOf, type UnrolledPlan, type WrittenOut } from '../schedule/unrolled/plan.ts';

/** A line for each element. */
export function dumpWrittenOut({ blocks }: WrittenOut): string {
  const lines = blocks.flatMap(({ pass, block }) => [
    `${pass} ${block.target.name}:`,
    ...printCode(block.definitions, '  '),
  ]);
  return `${lines.join('\n')}\n`;
}

/** Every function: what it computes, loads and stores, and its size. */
export function dumpUnrolledPlan({ functions }: UnrolledPlan): string {
  const lines = functions.map(({ name, layers, loads, parts, bytecode }) => {
    const statements = parts.flatMap(({ code }) => code).filter(({ kind }) => kind !== 'row' && kind !== 'tournament');
    const loaded = loads.reduce((total, one) => total + (one.kind === 'row' ? one.of.length : 1), 0);
    return `${name}: ${layers.join(', ')}; ${statements.length} statements, ${loaded} loads, about ${bytecode} bytes of bytecode`;
  });
  return `${lines.join('\n')}\n`;
}

/** Every statement in order; the optimiser's step alone has loops. */
export function dumpFunctions({ functions, step }: UnrolledPlan): string {
  const lines = functions.flatMap((one) => [`${one.name}:`, ...printCode(codeOf(one), '  ')]);
  const optimizer = step.length > 0 ? ['step:', ...printCode(step, '  ')] : [];
  return `${[...lines, ...optimizer].join('\n')}\n`;
}
