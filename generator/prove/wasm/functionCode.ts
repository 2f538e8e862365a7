import { Refusal } from '../refusal.ts';
import type { FunctionType, Instruction, ValueType, WasmFunction } from './decode.ts';
import { MoveCode, type Writers } from './moveCode.ts';
import { type Operation, operationOf } from './operations.ts';
import type { Sites } from './sites.ts';
import { type Entry, lanesOf } from './stackCode.ts';

/** What a branch may leave: its label, and where the result goes. */
interface Label {
  readonly name: string;
  readonly isLoop: boolean;
  readonly result: Entry | undefined;
}

/** Turns one function into JavaScript that computes lane by lane with the methods of `$`. */
export class FunctionCode extends MoveCode {
  readonly #function: WasmFunction;
  readonly #typeOf: (position: number) => FunctionType;
  readonly #labels: Label[] = [];

  /** Instructions that are no operation on numbers and do not leave what they stand in. */
  readonly #writers: Writers = {
    ...this.moves,
    nop: () => {},
    block: (one) => this.#structure(one),
    loop: (one) => this.#structure(one),
    if: (one) => this.#structure(one),
    br_if: (one) => this.#jumpIf(one),
    call: ({ numbers: [position = 0] }) => this.#call(position),
    drop: () => void this.pop(),
    select: () => this.#select(),
    'local.get': ({ numbers: [position = 0] }) => void this.stack.push(this.local(position)),
    'local.set': (one) => this.#set(one),
    'local.tee': (one) => this.#tee(one),
    'i32.const': (one) => this.#constant('i32', one),
    'f32.const': (one) => this.#constant('f32', one),
    'f64.const': (one) => this.#constant('f64', one),
    'v128.const': (one) => this.#constant('v128', one),
  };

  constructor(
    one: WasmFunction,
    { position, typeOf, sites }: { position: number; typeOf: (position: number) => FunctionType; sites: Sites },
  ) {
    super(one, position, sites);
    this.#function = one;
    this.#typeOf = typeOf;
  }

  print(): string {
    const { type, body } = this.#function;
    const parameters = this.locals.slice(0, type.parameters.length).flatMap(({ lanes }) => lanes);
    const locals = this.locals.slice(type.parameters.length).flatMap(({ lanes }) => lanes);
    const [result] = type.results;
    const outer = this.#label('', result);
    this.line(`${outer.name}: {`);
    this.#block(body, outer);
    this.line('}');
    if (outer.result !== undefined) {
      const { lanes } = outer.result;
      this.line(`return ${lanes.length === 1 ? lanes[0] : `[${lanes.join(', ')}]`};`);
    }
    const declared = locals.length === 0 ? '' : `let ${locals.map((name) => `${name} = 0`).join(', ')};\n`;
    const head = `function f${this.position}(${parameters.join(', ')}) {\n$.enter(${this.position});\n${declared}`;
    return `${head}${this.lines.join('\n')}\n}`;
  }

  /** A label with room for a result. */
  #label(prefix: string, type: ValueType | undefined, isLoop = false): Label {
    const name = `B${prefix}${this.names++}`;
    if (type === undefined) return { name, isLoop, result: undefined };
    const result = { type, lanes: lanesOf(type, `r${this.names++}`) };
    this.line(`let ${result.lanes.map((lane) => `${lane} = 0`).join(', ')};`);
    return { name, isLoop, result };
  }

  /** The instructions of a block; what is left on the stack is its result. */
  #block(body: readonly Instruction[], label: Label): void {
    const outer = this.stack;
    this.stack = [];
    this.#labels.push(label);
    let isReached = true;
    for (const instruction of body) {
      isReached = this.#instruction(instruction);
      // What follows a branch is never run.
      if (!isReached) break;
    }
    if (isReached) {
      if (label.result !== undefined) this.assign(label.result, this.pop(label.result.type));
      if (this.stack.length > 0)
        throw new Refusal(`function ${this.position}: found more on the stack than a block gives`);
    }
    this.#labels.pop();
    this.stack = outer;
  }

  /** Whether the next instruction is reached. */
  #instruction(instruction: Instruction): boolean {
    const { name } = instruction;
    const operation = operationOf(name);
    if (operation !== undefined) this.#operate(operation, instruction);
    else if (name === 'br' || name === 'return' || name === 'unreachable') {
      this.#leave(instruction);
      return false;
    } else this.#other(instruction);
    return true;
  }

  #leave({ name, numbers: [depth = 0] }: Instruction): void {
    if (name === 'unreachable') this.line('$.unreachable();');
    else this.#jump(name === 'return' ? this.#labels[0] : this.#labels.at(-1 - depth), '');
  }

  #operate({ operands, result, text, arms }: Operation, { at, name }: Instruction): void {
    const entries = operands.map((_, n) => this.pop(operands.at(-1 - n)!)).reverse();
    const [first, second] = entries;
    if (/^f32(x4)?\.add$/.test(name) && first && second && this.#addProduct(result, first, second)) return;
    const lanes = lanesOf(result, '').map((_, lane) => {
      const place =
        arms === undefined
          ? '0'
          : String(this.sites.branch(this.position, at, this.#laneName(name, result, lane), arms));
      return this.named(
        text(
          entries.map((entry) => entry.lanes[entry.lanes.length === 1 ? 0 : lane]!),
          place,
        ),
      );
    });
    this.stack.push({ type: result, lanes });
  }

  /** c + a·b in one call, where the product was computed last: nothing else can have its value. */
  #addProduct(type: ValueType, term: Entry, product: Entry): boolean {
    const { lanes } = product;
    const lines = this.lines.slice(-lanes.length);
    const factors = lines.map((line, n) => /^const (\w+) = \$\.mul\((.*)\);$/.exec(line)?.slice(1) ?? [lanes[n], '']);
    if (lines.length < lanes.length || factors.some(([name, both], n) => name !== lanes[n] || both === ''))
      return false;
    this.lines.length -= lanes.length;
    const sums = factors.map(([, both], n) => this.named(`$.addProduct(${both}, ${term.lanes[n]})`));
    this.stack.push({ type, lanes: sums });
    return true;
  }

  #laneName(name: string, result: ValueType, lane: number): string {
    return result === 'v128' ? `lane ${lane} of ${name}` : name;
  }

  #other(instruction: Instruction): void {
    const { name, at } = instruction;
    const write = this.#writers[name];
    if (write === undefined) {
      throw new Refusal(`byte ${at} of the module: found ${name}, which exact arithmetic does not follow`);
    }
    write(instruction);
  }

  #constant(type: ValueType, { numbers }: Instruction): void {
    this.stack.push({ type, lanes: numbers.map(String) });
  }

  #set({ numbers: [position = 0] }: Instruction): void {
    const local = this.local(position);
    const value = this.pop(local.type);
    this.keep(local);
    this.assign(local, value);
  }

  #tee(instruction: Instruction): void {
    const {
      numbers: [position = 0],
    } = instruction;
    this.#set(instruction);
    this.stack.push(this.local(position));
  }

  #structure({ name, body = [], otherwise, result }: Instruction): void {
    const condition = name === 'if' ? this.pop('i32') : undefined;
    for (const local of this.locals) this.keep(local);
    const label = this.#label(name === 'loop' ? 'L' : '', result, name === 'loop');
    const open = name === 'loop' ? 'for (;;) {' : condition ? `if ((${condition.lanes[0]} | 0) !== 0) {` : '{';
    this.line(`${label.name}: ${open}`);
    this.#block(body, label);
    if (name === 'loop') this.line(`break ${label.name};`);
    if (otherwise !== undefined) {
      this.line('} else {');
      this.#block(otherwise, label);
    }
    this.line('}');
    if (label.result !== undefined) this.stack.push(label.result);
  }

  #jumpIf({ numbers: [depth = 0] }: Instruction): void {
    const condition = this.pop('i32');
    this.#jump(this.#labels.at(-1 - depth), `if ((${condition.lanes[0]} | 0) !== 0) `);
  }

  #jump(label: Label | undefined, condition: string): void {
    if (label === undefined) throw new Refusal(`function ${this.position}: found a branch out of the function`);
    const { name, isLoop, result } = label;
    if (isLoop || result === undefined) this.line(`${condition}${isLoop ? 'continue' : 'break'} ${name};`);
    else {
      // The value stays on the stack where the branch is not taken.
      const value = this.stack.at(-1);
      if (value?.type !== result.type) throw new Refusal(`function ${this.position}: found no result to branch with`);
      const moves = result.lanes.map((lane, n) => `${lane} = ${value.lanes[n]};`).join(' ');
      this.line(`${condition}{ ${moves} break ${name}; }`);
    }
  }

  #call(position: number): void {
    const { parameters, results } = this.#typeOf(position);
    const values = parameters.map((_, n) => this.pop(parameters.at(-1 - n)!)).reverse();
    const call = `f${position}(${values.flatMap(({ lanes }) => lanes).join(', ')})`;
    const [type] = results;
    if (type === undefined) this.line(`${call};`);
    else if (type === 'v128') {
      const lanes = lanesOf(type, `t${this.names++}`);
      this.line(`const [${lanes.join(', ')}] = ${call};`);
      this.stack.push({ type, lanes });
    } else this.stack.push({ type, lanes: [this.named(call)] });
  }

  #select(): void {
    const condition = this.pop('i32').lanes[0];
    const no = this.pop();
    const yes = this.pop(no.type);
    const test = this.named(`(${condition} | 0) !== 0`);
    const lanes = yes.lanes.map((lane, n) => this.named(`${test} ? ${lane} : ${no.lanes[n]}`));
    this.stack.push({ type: no.type, lanes });
  }
}
