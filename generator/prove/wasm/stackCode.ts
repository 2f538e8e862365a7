import { Refusal } from '../refusal.ts';
import type { ValueType, WasmFunction } from './decode.ts';
import type { Sites } from './sites.ts';

/** Something on the stack: one text for a number, four for a vector. Each is a name or a literal. */
export interface Entry {
  readonly type: ValueType;
  readonly lanes: readonly string[];
}

/** The lines of a function and what lies on its stack while they are written. */
export abstract class StackCode {
  protected readonly position: number;
  protected readonly sites: Sites;
  protected readonly lines: string[] = [];
  protected readonly locals: readonly Entry[];
  protected stack: Entry[] = [];
  protected names = 0;

  constructor({ type, locals }: WasmFunction, position: number, sites: Sites) {
    this.position = position;
    this.sites = sites;
    this.locals = [...type.parameters, ...locals].map((one, n) => ({ type: one, lanes: lanesOf(one, `l${n}`) }));
  }

  protected line(text: string): void {
    this.lines.push(text);
  }

  protected named(text: string): string {
    const name = `t${this.names++}`;
    this.line(`const ${name} = ${text};`);
    return name;
  }

  protected local(position: number): Entry {
    const local = this.locals[position];
    if (local === undefined) throw new Refusal(`function ${this.position}: found no local ${position}`);
    return local;
  }

  /** Copies what the stack holds of a local that is about to change. */
  protected keep(local: Entry): void {
    const isOld = (lane: string): boolean => local.lanes.includes(lane);
    this.stack = this.stack.map((entry) =>
      entry.lanes.some(isOld)
        ? { ...entry, lanes: entry.lanes.map((lane) => (isOld(lane) ? this.named(lane) : lane)) }
        : entry,
    );
  }

  /** Lanes may change places: all are read before any is written. */
  protected assign(target: Entry, { lanes }: Entry): void {
    const isMixed = lanes.some((lane, n) => n > 0 && target.lanes.includes(lane) && lane !== target.lanes[n]);
    const values =
      isMixed || lanes.some((lane, n) => target.lanes.includes(lane) && lane !== target.lanes[n])
        ? lanes.map((lane) => this.named(lane))
        : lanes;
    for (const [n, lane] of target.lanes.entries()) this.line(`${lane} = ${values[n]};`);
  }

  protected pop(type?: ValueType): Entry {
    const entry = this.stack.pop();
    if (entry === undefined) throw new Refusal(`function ${this.position}: found nothing on the stack`);
    if (type !== undefined && entry.type !== type) {
      throw new Refusal(`function ${this.position}: found ${entry.type} on the stack, expected ${type}`);
    }
    return entry;
  }
}

/** A name for each lane of a value. */
export function lanesOf(type: ValueType, name: string): readonly string[] {
  return type === 'v128' ? [0, 1, 2, 3].map((lane) => `${name}_${lane}`) : [name];
}
