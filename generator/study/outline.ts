import { Commentary } from '../emit/commentary.ts';
import { layerTitle } from '../emit/layerTitle.ts';
import type { Equation, Program } from '../equations/equation.ts';
import { storageOf, type Tensor } from '../equations/tensor.ts';
import { readsOf } from '../equations/visit.ts';
import { familyOf, type Relative } from '../print/family.ts';
import { describeRanks, describeView } from '../print/views.ts';
import type { ShapedNetwork } from '../spec/network.ts';

/** What a page, a handout or a text says of one layer. */
export interface Chapter {
  readonly name: string;
  readonly title: string;
  /** What a layer that computes nothing does instead. */
  readonly view: string | undefined;
  /** The same for one channel and for many images. */
  readonly ranks: string | undefined;
  readonly forward: readonly Entry[];
  readonly backward: readonly Entry[];
}

/** An equation, and the arrays whose pictures first stand beside it. */
export interface Entry {
  readonly equation: Equation;
  readonly number: number;
  readonly notes: readonly string[];
  readonly sign: '=' | '+=';
  readonly pictures: readonly Tensor[];
  /** The same equation for fewer channels and for many images. */
  readonly family: readonly Relative[];
}

/** Layer by layer, the forward equations of each beside its backward ones; the loss last. */
export function outline(network: ShapedNetwork, program: Program): readonly Chapter[] {
  const equations = [...program.forward, ...program.backward];
  const commentary = new Commentary(network, program, equations);
  const pictured = new Set<Tensor>();
  const entries = equations.map((equation, number): Entry => {
    const given = readsOf(equation.value)
      .map(({ tensor }) => storageOf(tensor))
      .filter(({ role }) => ['input', 'parameter', 'statistic', 'target'].includes(role));
    const seen = [...given, storageOf(equation.target)].filter((tensor) => !pictured.has(tensor));
    const pictures = [...new Set(seen)];
    for (const tensor of pictures) pictured.add(tensor);
    const [notes, sign] = [commentary.notes(equation), commentary.signOf(equation)];
    return { equation, number, notes, sign, pictures, family: familyOf(equation) };
  });
  const inputs = equations.map(({ layer }) => layer).filter((name) => network.inputs?.some((one) => one.name === name));
  const names = [
    ...new Set([...inputs, ...network.layers.map(({ name }) => name), ...equations.map(({ layer }) => layer)]),
  ];
  return names.map((name) => {
    const own = entries.filter(({ equation }) => equation.layer === name);
    const view = program.views.find(({ layer }) => layer === name);
    return {
      name,
      title: layerTitle(network, name),
      view: view && describeView(view, program),
      ranks: view && describeRanks(view, program),
      forward: own.filter(({ equation }) => equation.pass !== 'backward'),
      backward: own.filter(({ equation }) => equation.pass === 'backward'),
    };
  });
}
