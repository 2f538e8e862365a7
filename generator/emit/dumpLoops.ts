import type { Equation } from '../equations/equation.ts';
import { printEquation } from '../print/equation.ts';
import { printSchedules } from '../print/schedule.ts';
import { printCode } from '../print/typescript/code.ts';
import type { Draft, FunctionDraft, Fused, Joined, Part, Scheduled } from '../schedule/loops/draft.ts';
import { functionsInOrder, type LoopPlan } from '../schedule/loops/loopPlan.ts';
import type { PlacedPlan } from '../schedule/loops/memory.ts';

/** Equations in the parts that are called one after the other, and where each tensor lies. */
export function dumpParts({ parts, layouts, modes }: Draft<Part>): string {
  const sign = (one: Equation): '=' | '+=' => (modes.modeOf(one) === 'assign' ? '=' : '+=');
  const lines = parts.flatMap(({ pass, equations }) => [
    `${pass}:`,
    ...equations.map((one) => `  ${printEquation(one, sign(one))}`),
  ]);
  return text([...lines, '', ...arraysOf(layouts)]);
}

/** Functions of nests: the equations that share loops, in the indices of these. */
export function dumpNests({ parts }: Draft<FunctionDraft<Fused>>): string {
  const equationsOf = ({ group }: Fused) => group.map(({ equation }) => equation);
  return text(parts.flatMap((part) => functionLines(part, (nest) => nestLines(equationsOf(nest)))));
}

export function dumpJoined({ parts }: Draft<FunctionDraft<Joined>>): string {
  const equationsOf = ({ members }: Joined) => members.map(({ equation }) => equation);
  return text(parts.flatMap((part) => functionLines(part, (nest) => nestLines(equationsOf(nest)))));
}

export function dumpScheduled({ parts }: Draft<FunctionDraft<Scheduled>>): string {
  const linesOf = ({ schedules }: Scheduled) =>
    schedules.flatMap((one) => [
      ...nestLines(one.members.map(({ equation }) => equation)),
      ...printSchedules([one]).map((line) => `    ${line}`),
    ]);
  return text(parts.flatMap((part) => functionLines(part, linesOf)));
}

function functionLines<N>(
  { pass, layers, nests }: FunctionDraft<N>,
  linesOf: (nest: N) => readonly string[],
): string[] {
  return [`${pass} of ${layers.join(', ')}:`, ...nests.flatMap(linesOf)];
}

function nestLines(equations: readonly Equation[]): readonly string[] {
  return equations.map((one, position) => `  ${position === 0 ? '' : 'with '}${printEquation(one)}`);
}

/** Every function: what it computes and how its loops run; then every array. */
export function dumpLoopPlan(plan: LoopPlan): string {
  const lines = functionsInOrder(plan).flatMap(({ name, nests }) => {
    const targets = nests.map(({ equations }) => equations.map(({ target }) => target.name).join(' with '));
    return [
      `${name}: ${targets.join(', ')}`,
      ...nests.flatMap(({ schedules }) => printSchedules(schedules).map((line) => `  ${line}`)),
    ];
  });
  return text([...lines, '', ...arraysOf(plan.layouts)]);
}

/** Every statement in order. */
export function dumpLoopCode(plan: LoopPlan): string {
  const lines = functionsInOrder(plan).flatMap(({ name, nests }) => [
    `${name}:`,
    ...nests.flatMap(({ code }) => printCode(code, '  ')),
  ]);
  const step = plan.step.length > 0 ? ['step:', ...printCode(plan.step, '  ')] : [];
  return text([...lines, ...step]);
}

/** The same, then the bytes of every array. */
export function dumpPlaced(plan: PlacedPlan): string {
  const { offsets, bytes } = plan.memory;
  const lines = [...offsets].map(([{ name }, start]) => `${name}: from byte ${start} on`);
  return `${dumpLoopCode(plan)}\n${text([...lines, `${bytes} bytes`])}`;
}

function arraysOf(layouts: LoopPlan['layouts']): readonly string[] {
  return [...layouts].map(
    ([{ name, shape }, { length, border }]) => `${name}: ${shape.join('×')}, ${length} numbers, border ${border}`,
  );
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
