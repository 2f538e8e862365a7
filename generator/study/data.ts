import { type Affine, type Index, winnersIn } from '../equations/affine.ts';
import { type Equation, givenOf, type Program } from '../equations/equation.ts';
import type { Condition, Expression } from '../equations/expression.ts';
import { slidingForm } from '../equations/slide.ts';
import { storageOf, type Tensor } from '../equations/tensor.ts';
import type {
  PageAffine,
  PageCondition,
  PageData,
  PageEquation,
  PageExpression,
  PageIndex,
  PageRead,
  PageTensor,
} from './page/ir.ts';

/** The target, or ∂L/∂output where the caller gives that. */
export function givenIn(program: Program): Tensor {
  const given = givenOf(program);
  if (given === undefined) throw new Error('a page is of a program with a backward pass');
  return given;
}

/** What a reader brings along: values to begin with, and names. */
export interface Brought {
  readonly presets: PageData['presets'];
  readonly weights: readonly number[] | null;
  readonly names: { readonly [name: string]: string };
  readonly base: number;
}

/** Turns objects into numbers: tensors and indices stand in lists, equations point into them. */
export class DataBuilder {
  readonly #tensors = new Map<Tensor, number>();
  readonly #listed: PageTensor[] = [];
  readonly #indices = new Map<Index, number>();
  readonly #sizes: PageIndex[] = [];

  tensor(one: Tensor): number {
    const known = this.#tensors.get(one);
    if (known !== undefined) return known;
    const storage = storageOf(one);
    const store = storage === one ? this.#listed.length : this.tensor(storage);
    this.#tensors.set(one, this.#listed.length);
    this.#listed.push({ name: one.name, shape: one.shape, role: one.role, store });
    return this.#listed.length - 1;
  }

  #index(one: Index): number {
    const known = this.#indices.get(one) ?? this.#sizes.length;
    if (!this.#indices.has(one)) this.#sizes.push({ name: one.name, size: one.size });
    this.#indices.set(one, known);
    return known;
  }

  #affine(one: Affine): PageAffine {
    if (winnersIn(one).length > 0) throw new Error('a place that only a run knows has no place on a page');
    return [one.constant, ...[...one.terms].flatMap(([index, factor]) => [this.#index(index), factor])];
  }

  equation(one: Equation): PageEquation {
    const { target, at, over, value, layer, pass } = slidingForm(one);
    return {
      target: this.tensor(target),
      at: at.map((affine) => this.#affine(affine)),
      over: over.map((index) => this.#index(index)),
      value: this.#expression(value),
      layer,
      pass,
    };
  }

  #expression(e: Expression): PageExpression {
    const inner = (child: Expression): PageExpression => this.#expression(child);
    switch (e.kind) {
      case 'number':
        return { kind: 'number', value: e.value };
      case 'read':
        return this.#read(e);
      case 'plus':
        return { kind: 'plus', terms: e.terms.map(inner) };
      case 'times':
        return { kind: 'times', factors: e.factors.map(inner) };
      case 'divide':
        return { kind: 'divide', dividend: inner(e.dividend), divisor: inner(e.divisor) };
      case 'call':
        return { kind: 'call', name: e.name, argument: inner(e.argument) };
      case 'where':
        return { kind: 'where', condition: this.#condition(e.condition), yes: inner(e.yes), no: inner(e.no) };
      case 'count': {
        const inside = e.inside.map(({ at, size }) => ({ at: this.#affine(at), size }));
        return { kind: 'count', over: e.over.map((index) => this.#index(index)), inside };
      }
      case 'sum':
      case 'max':
      case 'argmax':
      case 'logSumExp':
        return { kind: e.kind, over: e.over.map((index) => this.#index(index)), body: inner(e.body) };
      case 'entry':
      case 'address':
        throw new Error(`an expression of the kind ${e.kind} has no place on a page`);
    }
  }

  #read({ tensor, at }: Extract<Expression, { kind: 'read' }>): PageRead {
    return { kind: 'read', tensor: this.tensor(tensor), at: at.map((affine) => this.#affine(affine)) };
  }

  #condition(condition: Condition): PageCondition {
    switch (condition.kind) {
      case 'compare': {
        const [left, right] = [this.#expression(condition.left), this.#expression(condition.right)];
        return { kind: 'compare', sign: condition.sign, left, right };
      }
      case 'winner': {
        const { winner, at, sizes } = condition;
        return { kind: 'winner', winner: this.#read(winner), at: at.map((affine) => this.#affine(affine)), sizes };
      }
      case 'within': {
        const { at, size } = condition.coordinate;
        return { kind: 'within', coordinate: { at: this.#affine(at), size } };
      }
    }
  }

  /** Everything a page knows of a network. */
  build(name: string, program: Program, brought: Brought, hasModule: boolean): PageData {
    const input = this.tensor(program.input);
    const parameters = program.parameters.map(({ tensor, name: full, initial }) => ({
      tensor: this.tensor(tensor),
      name: full,
      initial,
    }));
    const equations = [...program.forward, ...program.backward].map((one) => this.equation(one));
    const given = this.tensor(givenIn(program));
    const gradients: (readonly [number, number])[] = [];
    for (const [tensor, position] of [...this.#tensors]) {
      if (tensor.role === 'gradient' || tensor.viewOf !== undefined) continue;
      const gradient = [...this.#tensors.keys()].find(
        (other) => other.role === 'gradient' && other.viewOf === undefined && other.name === `d${tensor.name}`,
      );
      if (gradient !== undefined) gradients.push([position, this.#tensors.get(gradient) as number]);
    }
    return {
      name,
      tensors: this.#listed,
      indices: this.#sizes,
      equations,
      parameters,
      input,
      output: this.tensor(program.output),
      given,
      loss: program.loss === undefined ? null : this.tensor(program.loss),
      gradients,
      ...brought,
      hasModule,
    };
  }
}
