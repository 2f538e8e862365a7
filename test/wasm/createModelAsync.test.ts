import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadText } from '../execution/load.ts';
import { type WasmModel, wasmText } from './loadWasm.ts';
import { webAssembly } from './webAssembly.ts';

/** The exports of a module in the form wasm that make models. */
interface Makers {
  createModel(initial?: ArrayLike<number>, options?: { readonly module?: object }): WasmModel;
  createModelAsync(initial?: ArrayLike<number>, options?: { readonly module?: object }): Promise<WasmModel>;
  compileModule(): Promise<object>;
}

const specOf = (units: number) => ({
  name: 'tiny',
  input: [3],
  layers: [{ type: 'dense', units, activation: 'tanh' }],
  loss: 'squaredError',
});

/** A fresh copy of the module each time: it keeps what it has compiled. */
const fresh = (options = {}, units = 2) => loadText(wasmText(specOf(units), options)) as unknown as Promise<Makers>;

afterEach(() => vi.restoreAllMocks());

const blocked =
  'WebAssembly.Module(): WebAssembly.Compile is disallowed on the main thread, if the buffer size is larger than 4KB';

describe('createModelAsync', () => {
  it.each([{ deterministic: true }, { deterministic: false }, { inference: true, inputGradient: false }])(
    'makes what createModel makes (%o)',
    async (options) => {
      const { createModel, createModelAsync } = await fresh(options);
      const parameters = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => n / 10);
      const [model, expected] = [await createModelAsync(parameters), createModel(parameters)];
      expect(model.parameters).toEqual(Float32Array.from(parameters));
      expect(model.forward([1, -1, 1])).toEqual(expected.forward([1, -1, 1]));
    },
  );

  it('never compiles on the thread that waits', async () => {
    const { createModelAsync } = await fresh({ deterministic: false });
    const [module, instance] = [vi.spyOn(webAssembly, 'Module'), vi.spyOn(webAssembly, 'Instance')];
    const validate = vi.spyOn(webAssembly, 'validate');
    expect((await createModelAsync()).parameters).toHaveLength(8);
    for (const one of [module, instance, validate]) expect(one).not.toHaveBeenCalled();
  });

  it('compiles once for all models, and createModel has it then', async () => {
    const { createModel, createModelAsync } = await fresh();
    const compile = vi.spyOn(webAssembly, 'compile');
    await Promise.all([createModelAsync(), createModelAsync()]);
    const before = compile.mock.calls.length;
    const module = vi.spyOn(webAssembly, 'Module');
    createModel();
    await createModelAsync();
    expect(compile.mock.calls.length).toBe(before);
    expect(module).not.toHaveBeenCalled();
  });

  it('takes the module of another thread', async () => {
    const { createModelAsync, createModel, compileModule } = await fresh();
    const module = await compileModule();
    // There and back again.
    const echo =
      "const { parentPort } = require('node:worker_threads'); parentPort.on('message', (m) => parentPort.postMessage(m));";
    const worker = new Worker(echo, { eval: true });
    const sent = await new Promise<object>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
      worker.postMessage(module);
    });
    await worker.terminate();
    const compile = vi.spyOn(webAssembly, 'compile');
    const models = [
      await createModelAsync([1, 2, 3, 4, 5, 6, 7, 8], { module: sent }),
      createModel(undefined, { module: sent }),
    ];
    for (const model of models) expect(model.forward([0, 0, 0])).toHaveLength(2);
    expect(compile).not.toHaveBeenCalled();
  });

  it('refuses the module of another network, and a wrong number of parameters', async () => {
    const { createModelAsync } = await fresh();
    const empty = new webAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    await expect(createModelAsync(undefined, { module: empty })).rejects.toThrow(
      /^tiny: options\.module: found the module of another network/,
    );
    await expect(createModelAsync([1])).rejects.toThrow(/^parameters: found length 1, expected 8$/);
  });

  it('says what is missing where an engine has no SIMD', async () => {
    const { createModelAsync } = await fresh({ deterministic: false });
    vi.spyOn(webAssembly, 'compile').mockRejectedValue(new Error('no'));
    vi.spyOn(webAssembly, 'validate').mockReturnValue(false);
    await expect(createModelAsync()).rejects.toThrow(/^tiny: found no WebAssembly SIMD; expected .*--form fast$/);
  });
});

describe('createModel on a main thread that may compile 4 KB at most', () => {
  it('names createModelAsync', async () => {
    const { createModel, createModelAsync } = await fresh();
    vi.spyOn(webAssembly, 'Module').mockImplementation(function refuse() {
      throw new RangeError(blocked);
    } as never);
    expect(() => createModel()).toThrow(
      /^tiny: this engine does not compile [\d,]+ bytes while the main thread waits; call createModelAsync instead/,
    );
    vi.restoreAllMocks();
    expect((await createModelAsync()).parameters).toHaveLength(8);
  });

  it('keeps other errors as they are', async () => {
    const { createModel } = await fresh();
    vi.spyOn(webAssembly, 'Instance').mockImplementation(function refuse() {
      throw new RangeError('Out of memory: Cannot allocate Wasm memory for new instance');
    } as never);
    expect(() => createModel()).toThrow(/^Out of memory/);
  });
});
