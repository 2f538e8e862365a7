import type { Activation } from '../build/activation.ts';
import { quote, refuse } from '../refuse.ts';
import type { AttributeProto, NodeProto } from './schema.ts';
import type { Constant, Value } from './value.ts';

/** One node of a graph with what its inputs stand for. */
export class OnnxNode {
  readonly op: string;
  readonly opset: number;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly string[];
  readonly #proto: NodeProto;
  readonly #attributes: ReadonlyMap<string, AttributeProto>;

  constructor(node: NodeProto, inputs: readonly (Value | undefined)[], opset: number) {
    this.op = node.opType ?? '';
    this.opset = opset;
    this.inputs = inputs;
    this.outputs = node.output;
    this.#proto = node;
    this.#attributes = new Map(node.attribute.map((attribute) => [attribute.name ?? '', attribute]));
  }

  /** The same node with other integers as attributes, and other inputs. */
  with(
    attributes: Readonly<Record<string, number | readonly number[]>>,
    inputs: readonly (Value | undefined)[] = this.inputs,
  ): OnnxNode {
    const others = this.#proto.attribute.filter(({ name = '' }) => !Object.hasOwn(attributes, name));
    const own = Object.entries(attributes).map(([name, value]): AttributeProto => {
      return typeof value === 'number' ? { name, i: value } : { name, ints: value };
    });
    return new OnnxNode({ ...this.#proto, attribute: [...others, ...own] }, inputs, this.opset);
  }

  has(name: string): boolean {
    return this.#attributes.has(name);
  }

  attribute(name: string): AttributeProto | undefined {
    return this.#attributes.get(name);
  }

  int(name: string, absent: number): number {
    return this.#attributes.get(name)?.i ?? absent;
  }

  float(name: string, absent: number): number {
    return this.#attributes.get(name)?.f ?? absent;
  }

  ints(name: string): readonly number[] | undefined {
    return this.#attributes.get(name)?.ints;
  }

  floats(name: string): readonly number[] | undefined {
    return this.#attributes.get(name)?.floats;
  }

  text(name: string, absent: string): string {
    const bytes = this.#attributes.get(name)?.s;
    return bytes === undefined ? absent : new TextDecoder().decode(bytes);
  }

  /** An input that a layer computes. */
  activation(position: number): Activation {
    const value = this.inputs[position];
    if (value?.kind === 'activation') return value;
    const kind = value?.kind === 'sequence' ? 'a sequence' : 'constant';
    const found = value === undefined ? `no input ${position}` : `an input ${position} that is ${kind}`;
    return this.refuse(found, 'an input that depends on the input of the network');
  }

  /** An input that is known at import; undefined where it is absent. */
  optional(position: number, what: string): Constant | undefined {
    const value = this.inputs[position];
    if (value === undefined || value.kind === 'constant') return value;
    return this.refuse(`a ${what} that depends on the input of the network`, `a constant ${what}`);
  }

  constant(position: number, what: string): Constant {
    return this.optional(position, what) ?? this.refuse(`no ${what}`, `a constant ${what}`);
  }

  /** Ends the node's import with what stands in the way. */
  refuse(found: string, expected: string): never {
    return refuse(placeOf(this.#proto), found, expected);
  }
}

/** `node '/conv1/Conv' (Conv)` */
export function placeOf({ name, output, opType }: NodeProto): string {
  return `node ${quote(name || output[0] || '')} (${(opType ?? '').slice(0, 40)})`;
}
