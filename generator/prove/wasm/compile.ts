import { createHash } from 'node:crypto';
import type { Branch } from '../branches.ts';
import { Refusal } from '../refusal.ts';
import { type DecodedModule, decodeModule, type Instruction } from './decode.ts';
import { FunctionCode } from './functionCode.ts';
import { recognizeHelpers } from './helpers.ts';
import type { Lanes } from './lanes.ts';
import { type Site, Sites } from './sites.ts';

type Callable = (...values: unknown[]) => unknown;

/** A module as JavaScript, ready to run in any arithmetic. */
export interface CompiledModule {
  readonly decoded: DecodedModule;
  readonly sites: readonly Site[];
  readonly branches: readonly Branch[];
  /** How many numbers the list of what was visited needs. */
  readonly places: number;
  /** Functions of the generator's own, by position. */
  readonly helpers: ReadonlyMap<number, string>;
  readonly isRelaxed: boolean;
  /** The functions, in an arithmetic. */
  instantiate<T>(lanes: Lanes<T>): readonly Callable[];
}

const known = new Map<string, CompiledModule>();

/**
 * Reads a module from its bytes and turns it into JavaScript. The generator's own helper functions are not followed:
 * what they compute is known by their names, where their instructions are those that longhand writes.
 *
 * @param followsHelpers whether they are followed all the same, as for a run in float32
 */
export function compileModule(bytes: Uint8Array, followsHelpers = false): CompiledModule {
  const key = `${followsHelpers} ${createHash('sha256').update(bytes).digest('base64')}`;
  const compiled = known.get(key) ?? compile(bytes, followsHelpers);
  // The two variants of a module, in the two ways: more need not be kept.
  if (known.size > 8) known.clear();
  known.set(key, compiled);
  return compiled;
}

function compile(bytes: Uint8Array, followsHelpers: boolean): CompiledModule {
  const decoded = decodeModule(bytes);
  const { functions } = decoded;
  const helpers = followsHelpers ? new Map<number, string>() : recognizeHelpers(decoded);
  const sites = new Sites(functions.length);
  const typeOf = (position: number) => {
    const type = functions[position]?.type;
    if (type === undefined) throw new Refusal(`found a call of function ${position}, which is not there`);
    return type;
  };
  const texts = functions.map((one, position) => {
    const helper = helpers.get(position);
    return helper === undefined
      ? new FunctionCode(one, { position, typeOf, sites }).print()
      : helperCall(position, helper, one.type.parameters[0] === 'v128');
  });
  const names = functions.map((_, position) => `f${position}`);
  const run = new Function('$', `'use strict';\n${texts.join('\n')}\nreturn [${names.join(', ')}];`);
  return {
    decoded,
    sites: sites.accesses,
    branches: sites.branches,
    places: sites.places,
    helpers,
    isRelaxed: functions.some(({ body }) => body.some(isRelaxed)),
    instantiate: (lanes) => run(lanes) as readonly Callable[],
  };
}

function isRelaxed({ name, body = [], otherwise = [] }: Instruction): boolean {
  return name.includes('relaxed') || body.some(isRelaxed) || otherwise.some(isRelaxed);
}

function helperCall(position: number, name: string, isVector: boolean): string {
  const one = (lane: string): string => `$.helper('${name}', ${lane})`;
  if (!isVector) return `function f${position}(a) { return ${one('a')}; }`;
  const lanes = ['a', 'b', 'c', 'd'];
  return `function f${position}(${lanes.join(', ')}) { return [${lanes.map(one).join(', ')}]; }`;
}
