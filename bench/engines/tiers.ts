import { Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

/** The module itself, and a helper that tsx adds to it. */
const NOT_EMITTED = new Set(['', '__name']);

export type Tier = 'TurboFan' | 'Maglev' | 'baseline or interpreter';

/**
 * How V8 runs each function of a loaded module now, by name. The functions are closures that nobody exports, so the
 * inspector finds them on the heap. Ask after timing: the debugger that gives scripts their addresses may cost time.
 * A function that V8 inlined everywhere shows as not optimised; so does one that ran only once.
 */
export function tiersOf(module: string): { name: string; tier: Tier }[] {
  setFlagsFromString('--allow-natives-syntax');
  const optimizationStatus = new Function('f', 'return %GetOptimizationStatus(f)');
  return functionsOf(module)
    .filter(({ name }) => !NOT_EMITTED.has(name))
    .map((f) => ({ name: f.name, tier: tierOf(optimizationStatus(f)) }));
}

/** Bits of V8's OptimizationStatus. */
function tierOf(status: number): Tier {
  if (status & (1 << 6)) return 'TurboFan';
  return status & (1 << 5) ? 'Maglev' : 'baseline or interpreter';
}

type NamedFunction = { readonly name: string };
const FOUND = Symbol.for('longhand-bench.functions');

/** Every living function that was defined in the module. */
function functionsOf(module: string): NamedFunction[] {
  const session = new Session();
  session.connect();
  const ask = <T>(method: string, parameters: object = {}): T => {
    let answer: unknown;
    // In the same process the answer comes before `post` returns.
    session.post(method, parameters, (error, result) => {
      if (error) throw new Error(`${method}: ${error.message}`);
      answer = result;
    });
    return answer as T;
  };
  const scripts = new Set<string>();
  session.on('Debugger.scriptParsed', ({ params }) => {
    if (params.url.split('?')[0] === module) scripts.add(params.scriptId);
  });
  try {
    ask('Debugger.enable');
    return allFunctions(ask).filter((_, k) => scripts.has(scriptOf(ask, k)));
  } finally {
    session.disconnect();
    Reflect.deleteProperty(globalThis, FOUND);
  }
}

type Ask = <T>(method: string, parameters?: object) => T;

/** Every function on the heap that is written in JavaScript; also left under a global symbol for `scriptOf`. */
function allFunctions(ask: Ask): NamedFunction[] {
  const prototype = ask<{ result: { objectId: string } }>('Runtime.evaluate', { expression: 'Function.prototype' });
  // Not only functions: whatever has the prototype.
  const all = ask<{ objects: { objectId: string } }>('Runtime.queryObjects', {
    prototypeObjectId: prototype.result.objectId,
  });
  ask('Runtime.callFunctionOn', {
    objectId: all.objects.objectId,
    functionDeclaration: `function () {
      globalThis[Symbol.for('${FOUND.description}')] =
        this.filter((f) => typeof f === 'function' && !/\\{ \\[native code\\] \\}$|^class/.test(Function.prototype.toString.call(f)));
    }`,
  });
  return Reflect.get(globalThis, FOUND) as NamedFunction[];
}

function scriptOf(ask: Ask, index: number): string {
  const { result } = ask<{ result: { objectId: string } }>('Runtime.evaluate', {
    expression: `globalThis[Symbol.for('${FOUND.description}')][${index}]`,
  });
  const { internalProperties = [] } = ask<{
    internalProperties?: { name: string; value?: { value?: { scriptId: string } } }[];
  }>('Runtime.getProperties', { objectId: result.objectId, ownProperties: true });
  ask('Runtime.releaseObject', { objectId: result.objectId });
  return internalProperties.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value?.scriptId ?? '';
}
