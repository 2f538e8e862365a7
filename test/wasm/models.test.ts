import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadWasm } from './loadWasm.ts';
import { webAssembly } from './webAssembly.ts';

const spec = {
  name: 'small',
  input: [4],
  layers: [{ type: 'dense', units: 3, activation: 'tanh' }],
  loss: 'squaredError',
};

describe('many models', () => {
  it('of one module have memories of their own', async () => {
    const { createModel } = await loadWasm(spec);
    const [a, b] = [createModel(), createModel()];
    a.initialize(1);
    expect(b.parameters.every((value) => value === 0)).toBe(true);
    const output = Array.from(a.forward([1, 2, 3, 4]));
    b.initialize(2);
    b.forward([4, 3, 2, 1]);
    expect(Array.from(a.output)).toEqual(output);
  });

  it('that nobody holds any more leave no memory behind', { timeout: 60_000 }, async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { createModel } = await loadWasm(spec);
    const bytesAfter = async (models: number): Promise<number> => {
      for (let n = 0; n < models; n++) {
        createModel().initialize(n);
        // Finalizers run between turns of the event loop.
        if (n % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
      }
      for (let round = 0; round < 3; round++) {
        collect();
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { rss, arrayBuffers } = process.memoryUsage();
      return rss + arrayBuffers;
    };
    const before = await bytesAfter(200);
    // 3,000 models of 64 kB would be 197 MB.
    expect((await bytesAfter(3000)) - before).toBeLessThan(30e6);
  });
});

describe('an engine', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('without WebAssembly gets an error that names another form', async () => {
    const { createModel } = await loadWasm(spec);
    vi.stubGlobal('WebAssembly', undefined);
    expect(() => createModel()).toThrow(
      'small: found no WebAssembly; expected an engine that has it, or code generated with --form fast',
    );
  });

  it('without SIMD gets an error that names another form', async () => {
    const { createModel } = await loadWasm(spec, { deterministic: false });
    vi.stubGlobal('WebAssembly', { validate: () => false });
    expect(() => createModel()).toThrow(
      'small: found no WebAssembly SIMD; expected an engine that has it, or code generated with --form fast',
    );
  });

  it('without relaxed SIMD runs the plain code', async () => {
    const { createModel } = await loadWasm(spec, { deterministic: false });
    const plain = (await loadWasm(spec)).createModel();
    let asked = 0;
    // The relaxed code is asked for first.
    const validate = () => asked++ > 0;
    const { Module, Instance } = webAssembly;
    vi.stubGlobal('WebAssembly', { validate, Module, Instance });
    const model = createModel();
    expect(asked).toBe(2);
    for (const one of [model, plain]) one.initialize(1);
    expect(model.forward([1, 2, 3, 4])).toEqual(plain.forward([1, 2, 3, 4]));
  });

  it('compiles once for all models', async () => {
    const { createModel } = await loadWasm(spec);
    createModel();
    vi.stubGlobal('WebAssembly', { Instance: webAssembly.Instance });
    expect(createModel().parameters).toHaveLength(15);
  });
});
