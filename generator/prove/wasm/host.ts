import type { Branch } from '../branches.ts';
import { Refusal } from '../refusal.ts';
import type { Ring } from '../ring.ts';
import type { Scalar } from '../value.ts';
import { bitsOf, floatFromBits } from './bits.ts';
import { type CompiledModule, compileModule } from './compile.ts';
import type { FunctionType } from './decode.ts';
import { ExactLanes } from './exactLanes.ts';
import { ExactMemory, MemoryFault, quoted } from './exactMemory.ts';
import { FloatLanes } from './floatLanes.ts';
import { isFusedTwin } from './fusedTwin.ts';
import type { MemoryMap } from './memoryMap.ts';

/** The two codes that a file may hold: with and without relaxed multiply-adds. */
export type Variant = 'plain' | 'relaxed';

/** What a module's text finds under the name `WebAssembly`. */
export interface WebAssemblyLike {
  validate(bytes: Iterable<number>): boolean;
  readonly Module: new (bytes: Iterable<number>) => object;
  readonly Instance: new (module: CompiledModule) => { readonly exports: object };
}

/** An engine whose numbers are those of a ring. */
export class ExactHost {
  readonly webAssembly: WebAssemblyLike;
  readonly #ring: Ring;
  readonly #map: MemoryMap;
  #module: CompiledModule | undefined;
  #relaxed: CompiledModule | undefined;
  #isTwin: boolean | undefined;
  #memories: ExactMemory[] = [];

  constructor(ring: Ring, variant: Variant, map: MemoryMap) {
    this.#ring = ring;
    this.#map = map;
    const module = (bytes: Iterable<number>) => {
      this.#module = compileModule(Uint8Array.from(bytes));
      return this.#module;
    };
    const { validate, ...rest } = engine(variant, module, (compiled) => this.#instantiate(compiled));
    this.webAssembly = {
      ...rest,
      validate: (bytes) => {
        const compiled = compileModule(Uint8Array.from(bytes));
        if (compiled.isRelaxed) this.#relaxed = compiled;
        return validate(bytes);
      },
    };
  }

  /** Whether a relaxed code was offered, and whether it is the one that runs but for its multiply-adds. */
  get relaxed(): 'none' | 'twin' | 'other' {
    if (this.#relaxed === undefined || this.#module === undefined) return 'none';
    this.#isTwin ??= isFusedTwin(this.#relaxed.decoded, this.#module.decoded);
    return this.#isTwin ? 'twin' : 'other';
  }

  get map(): MemoryMap {
    return this.#map;
  }

  /** `forward_conv2d1, byte 812` */
  placeOf({ caller = -1, line }: Branch): string {
    return `${this.#map.functions[caller]?.name ?? `function ${caller}`}, byte ${line}`;
  }

  get branches(): readonly Branch[] {
    const { branches = [] } = this.#module ?? {};
    return branches;
  }

  /** Functions that were taken for longhand's own. */
  get recognized(): readonly string[] {
    return [...(this.#module?.helpers.values() ?? [])];
  }

  /** The function in which something was refused, which is that whose JavaScript threw. */
  placeOfError(error: Error): { readonly place?: string } {
    // A fault of the memory says itself where it is.
    const position = error instanceof MemoryFault ? undefined : /\bat f(\d+) /.exec(error.stack ?? '')?.[1];
    if (position === undefined) return {};
    const { name = `function ${position}`, equations = [] } = this.#map.functions[Number(position)] ?? {};
    return { place: equations.length === 0 ? name : `${name}, for ${quoted(equations)}` };
  }

  get places(): number {
    return this.#module?.places ?? 0;
  }

  /** The memory of the model that was made last. */
  get memory(): ExactMemory {
    const memory = this.#memories.at(-1);
    if (memory === undefined) throw new Refusal('found no WebAssembly in the module');
    return memory;
  }

  #instantiate(compiled: CompiledModule): object {
    const { decoded, sites } = compiled;
    const ring = this.#ring;
    const memory = new ExactMemory(decoded.pages, sites, this.#map, {
      read: (value) => lanes.scalar(value),
      write: (value) => lanes.lane(value),
    });
    const lanes: ExactLanes = new ExactLanes(ring, memory);
    this.#memories = [memory];
    return exportsOf(compiled, compiled.instantiate(lanes), memory, {
      enter: (value: Scalar, type) => (type === 'f32' ? lanes.lane(value) : ring.plain(value)),
      leave: (lane, type) => (type === 'f32' ? lanes.scalar(lane) : lane),
    });
  }
}

/** An engine written in JavaScript, in float32. */
export function floatEngine(variant: Variant, fuses: boolean): WebAssemblyLike {
  const instantiate = (compiled: CompiledModule): object => {
    const words = new Int32Array(compiled.decoded.pages * 16_384);
    const lanes = new FloatLanes(words, fuses);
    return exportsOf<number, number>(compiled, compiled.instantiate(lanes), words.buffer, {
      enter: (value, type) => (type === 'f32' ? bitsOf(value) : value),
      leave: (lane, type) => (type === 'f32' ? floatFromBits(lane) : lane),
    });
  };
  return engine(variant, (bytes) => compileModule(Uint8Array.from(bytes), true), instantiate);
}

/** The smallest module with a relaxed multiply-add. */
function relaxedProbe(): Uint8Array {
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0];
  const zeros = [0xfd, 12, ...new Array<number>(16).fill(0)];
  const body = [0, ...zeros, ...zeros, ...zeros, 0xfd, 0x85, 2, 0x0b];
  return Uint8Array.from([...header, 10, body.length + 2, 1, body.length, ...body]);
}

/** The engine that this process runs on, made to take one variant, which it may not know. */
export function realEngine(variant: Variant): WebAssemblyLike & { readonly knows: boolean } {
  const real = (globalThis as unknown as { WebAssembly: RealWebAssembly }).WebAssembly;
  return {
    knows: variant === 'plain' || real.validate(relaxedProbe()),
    validate: (bytes) => {
      const list = Uint8Array.from(bytes);
      return takes(variant, list) && real.validate(list);
    },
    Module: real.Module as unknown as WebAssemblyLike['Module'],
    Instance: real.Instance as unknown as WebAssemblyLike['Instance'],
  };
}

interface RealWebAssembly {
  validate(bytes: Uint8Array): boolean;
  readonly Module: unknown;
  readonly Instance: unknown;
}

/** A plain module runs everywhere; a relaxed one is what the relaxed variant is about. */
function takes(variant: Variant, bytes: Uint8Array): boolean {
  return variant === 'relaxed' || !compileModule(bytes, true).isRelaxed;
}

function engine(
  variant: Variant,
  module: (bytes: Iterable<number>) => CompiledModule,
  instantiate: (compiled: CompiledModule) => object,
): WebAssemblyLike {
  // Functions, so that they can follow `new`.
  function Module(bytes: Iterable<number>): CompiledModule {
    return module(bytes);
  }
  function Instance(compiled: CompiledModule): { readonly exports: object } {
    return { exports: instantiate(compiled) };
  }
  return {
    validate: (bytes) => takes(variant, Uint8Array.from(bytes)),
    Module: Module as unknown as WebAssemblyLike['Module'],
    Instance: Instance as unknown as WebAssemblyLike['Instance'],
  };
}

interface Border<H, L> {
  enter(value: H, type: FunctionType['parameters'][number]): L;
  leave(lane: L, type: FunctionType['parameters'][number]): H;
}

function exportsOf<H, L>(
  { decoded }: CompiledModule,
  functions: readonly ((...values: unknown[]) => unknown)[],
  buffer: unknown,
  { enter, leave }: Border<H, L>,
): object {
  const exported = [...decoded.exports].map(([name, position]) => {
    const { parameters, results } = decoded.functions[position]!.type;
    const call = (...values: H[]): H | undefined => {
      const result = functions[position]!(...parameters.map((type, n) => enter(values[n]!, type))) as L;
      return results[0] === undefined ? undefined : leave(result, results[0]);
    };
    return [name, call] as const;
  });
  const memory = decoded.memoryName === undefined ? [] : [[decoded.memoryName, { buffer }] as const];
  return Object.fromEntries<unknown>([...memory, ...exported]);
}
