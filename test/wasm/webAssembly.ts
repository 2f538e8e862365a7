interface Instance {
  readonly exports: object;
}

/** What the tests use of WebAssembly; neither the language's types nor those of Node 20 have it. */
interface Engine {
  validate(bytes: Uint8Array): boolean;
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object): Promise<Instance>;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => Instance;
}

/** This engine's WebAssembly, whatever a test puts in its place. */
export const webAssembly = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;

/** Compiles and starts a module that imports nothing. */
export function startModule(bytes: Uint8Array): object {
  return new webAssembly.Instance(new webAssembly.Module(bytes)).exports;
}
