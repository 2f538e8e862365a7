import { dumpState } from '../../generator/emit/dumpState.ts';
import type { AnyPass, State } from '../../generator/passes/pass.ts';
import { builtForms, passesOf, stages } from '../../generator/pipeline.ts';

/** The network that is followed: every pass of the form wasm but one has something to do in it. */
export const followed = {
  name: 'followed',
  input: [8, 8, 1],
  layers: [
    { type: 'conv2d', filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' },
    { type: 'maxPooling2d', poolSize: 2 },
    { type: 'conv2d', filters: 4, kernelSize: 2, activation: 'relu' },
    { type: 'flatten' },
    { type: 'dense', units: 3, activation: 'softmax' },
  ],
  loss: 'categoricalCrossentropy',
};

/** Lines of one pass that are shown. */
const most = 9;

/** docs/passes.md: every pass of every form with its rewrite, and what it changes in one network. */
export function passesPage(): string {
  return [
    '# The passes, and one network through all of them',
    '',
    'Printed by the passes themselves: `npx vitest run test/docs/passes -u` writes this page. An 8×8 image goes through a',
    'convolution with relu, a max pool, another convolution and a dense softmax with the cross-entropy. Under each pass stand',
    'its rewrite, then the lines that it takes away (−) and gives (+), at most nine of them, or the first that it gives',
    'where it gives something new; `longhand generate SPEC --form FORM --dump PASS` prints them all.',
    ...builtForms.flatMap((form) => ['', `## ${form}`, ...walk(form)]),
    '',
  ].join('\n');
}

function walk(form: (typeof builtForms)[number]): string[] {
  const network = stages.shape(stages.parse(followed));
  const options = { form, maxTerms: 1e6 };
  const lines: string[] = [];
  let before: State | undefined;
  const after = (pass: AnyPass, state: State): void => {
    lines.push('', `### ${pass.name}`, '', `${pass.does}.`, '', '```', pass.rewrite, '```', '');
    const shown = changes(before, state, (one) => dumpState(network, one).trimEnd().split('\n'));
    lines.push(...(shown.length === 0 ? ['Nothing to do here.'] : ['```diff', ...shown, '```']));
    before = state;
  };
  stages.plan(stages.equations(network, options, { after }), options, { after });
  const listed = passesOf(form).at(-1)!;
  const others = listed.filter(({ name }) => !lines.includes(`### ${name}`));
  return [
    ...lines,
    ...others.flatMap(({ name, does, rewrite }) => [
      '',
      `### ${name}`,
      '',
      `${does}; only in larger networks.`,
      '',
      '```',
      rewrite,
      '```',
    ]),
  ];
}

function changes(before: State | undefined, after: State, print: (state: State) => string[]): string[] {
  const given = print(after);
  if (before?.kind !== after.kind) return capped(given.map((line) => `+ ${line}`));
  const known = print(before);
  const gone = known.filter((line) => !given.includes(line)).map((line) => `- ${line}`);
  const come = given.filter((line) => !known.includes(line)).map((line) => `+ ${line}`);
  return [...capped(gone), ...capped(come)];
}

function capped(lines: readonly string[]): string[] {
  const shown = lines.slice(0, most).map((line) => (line.length > 140 ? `${line.slice(0, 139)}…` : line));
  return lines.length > most ? [...shown, `${lines[0]![0]} … ${lines.length - most} more`] : shown;
}
