import { dumpEquations, dumpNetwork } from './emit/dump.ts';
import { dumpLayout, dumpState } from './emit/dumpState.ts';
import { dumpWat } from './emit/wasm.ts';
import type { AnyPass, State, Watch } from './passes/pass.ts';
import { type BuiltForm, builtForms, type GenerateOptions, passesOf, stages } from './pipeline.ts';
import type { ShapedNetwork } from './spec/network.ts';
import { SpecError } from './spec/problem.ts';

/** What is printed of a stage behind the first, which has no shapes yet. */
const printers: ReadonlyMap<string, (network: ShapedNetwork, options: GenerateOptions) => string> = new Map([
  ['shapes', dumpNetwork],
  ['equations', dumpProgram],
  ['plan', (network, options) => dumpPlan(network, 'plan', options)],
  ['loops', (network, options) => dumpPlan(network, 'loops', options)],
  ['wat', dumpText],
]);

/** The stages that can be printed, and every pass. */
export const dumpStages: readonly string[] = [
  'network',
  ...printers.keys(),
  ...new Set(builtForms.flatMap((form) => passesOf(form).flatMap((list) => list.map(({ name }) => name)))),
];

/** What a stage or a pass yields for a spec, as text. Throws SpecError as `generate` does. */
export function dump(spec: unknown, stage: string, options: GenerateOptions = {}): string {
  const network = stages.parse(spec);
  if (stage === 'network') return dumpNetwork(network);
  const shaped = stages.shape(network);
  const print = printers.get(stage);
  return print === undefined ? dumpPass(shaped, stage, options) : print(shaped, options);
}

/** The textbook's program, unless a form is named. */
function dumpProgram(network: ShapedNetwork, options: GenerateOptions): string {
  const write = options.form === undefined ? stages.textbook : stages.equations;
  return dumpEquations(network, write(network, options), options.explain ?? false);
}

function dumpText(network: ShapedNetwork, options: GenerateOptions): string {
  const form = 'wasm';
  const asked = { ...options, form } as const;
  const program = stages.equations(network, asked);
  const planned = stages.plan(program, asked);
  return planned.form === form ? dumpWat(network, program, planned.plan) : '';
}

/** The layout in functions, and the rewrites that do not apply; or the code. */
function dumpPlan(network: ShapedNetwork, stage: 'plan' | 'loops', options: GenerateOptions): string {
  const refusals: string[] = [];
  let last: State | undefined;
  const watch: Watch = {
    after: (_, state) => {
      last = state;
    },
    refused: ({ name }, refusal) => refusals.push(`${name}: ${refusal}`),
  };
  stages.plan(stages.equations(network, options, watch), options, watch);
  if (last === undefined) return '';
  if (stage === 'loops') return dumpState(network, last);
  const lines = [...new Set(refusals)].map((line) => `  ${line}\n`).join('');
  return `${dumpLayout(last)}${lines === '' ? '' : `\nnot applied:\n${lines}`}`;
}

/** What the pass of this name gives, in the form asked for, else in the first that has it. */
function dumpPass(network: ShapedNetwork, name: string, options: GenerateOptions): string {
  const has = (form: BuiltForm): boolean => passesOf(form).some((list) => list.some((pass) => pass.name === name));
  const { form = 'auto' } = options;
  const chosen = form === 'auto' ? builtForms.find(has) : form;
  let found: State | undefined;
  const watch: Watch = {
    after: (pass, state) => {
      if (pass.name === name) found = state;
    },
  };
  const asked: GenerateOptions = chosen === undefined ? options : { ...options, form: chosen };
  stages.plan(stages.equations(network, asked, watch), asked, watch);
  if (found !== undefined) return dumpState(network, found);
  throw new SpecError([
    {
      path: '',
      found: `found --dump ${name}, a pass that does not run for this network in the form ${chosen ?? form}`,
      expected: 'expected one that --dump passes lists for it',
    },
  ]);
}

/** Every pass of each form in the order in which they run, a line each and its rewrite under it. */
export function listPasses(forms: readonly BuiltForm[] = builtForms): string {
  return forms.flatMap((form) => passesOf(form).map((list) => `${form}:\n${list.map(describe).join('')}`)).join('\n');
}

function describe({ name, does, rewrite }: AnyPass): string {
  return `  ${name.padEnd(18)}${does}\n${' '.repeat(20)}${rewrite}\n`;
}
