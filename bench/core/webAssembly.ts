/** What is used of WebAssembly; neither the language's types nor those of Node 20 have it. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

/** A module's memory. */
export interface Memory {
  readonly buffer: ArrayBuffer;
}

/** Compiles and starts a module that imports nothing; the caller says what it exports. */
export function startModule<T extends object>(bytes: Uint8Array): T {
  const { Instance, Module } = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
  return new Instance(new Module(bytes)).exports as T;
}
