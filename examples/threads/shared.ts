/** What every thread of a training sees: one block of memory, and the arrays in it. */
export interface Shared {
  readonly memory: SharedArrayBuffer;
  /** The generated module, a `file:` address; it takes and gives float32, as the form wasm does. */
  readonly module: string;
  readonly threads: number;
  /** Samples that one step may have at most. */
  readonly capacity: number;
  readonly inputSize: number;
  readonly targetSize: number;
  readonly parameterCount: number;
}

/** The arrays of a `Shared`. */
export interface Arrays {
  /** Where `turn`, `working` and `count` stand. */
  readonly control: Int32Array;
  /** The mean loss of each thread's samples. */
  readonly losses: Float64Array;
  readonly parameters: Float32Array;
  /** Of each thread, the sum over its samples. */
  readonly gradients: readonly Float32Array[];
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
}

/** Places in `control`: the step that is being taken (−1 ends), the threads that still work on it, and its samples. */
export const turn = 0;
export const working = 1;
export const count = 2;

/** Times that a thread looks again before it sleeps: waking costs more than a step of a small network. */
const looks = 2000;

/** Bytes that no two threads should write in together. */
const line = 64;

type Sizes = Omit<Shared, 'memory' | 'module'>;

/** The arrays, one behind the other, each on a cache line of its own. */
export function arraysIn(memory: SharedArrayBuffer, sizes: Sizes): Arrays {
  let end = 0;
  const place = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / line) * line;
    return start;
  };
  const floats = (length: number) => new Float32Array(memory, place(4 * length), length);
  return {
    control: new Int32Array(memory, place(line), 3),
    losses: new Float64Array(memory, place(8 * sizes.threads), sizes.threads),
    parameters: floats(sizes.parameterCount),
    gradients: Array.from({ length: sizes.threads }, () => floats(sizes.parameterCount)),
    inputs: floats(sizes.capacity * sizes.inputSize),
    targets: floats(sizes.capacity * sizes.targetSize),
  };
}

/** How many bytes the arrays take. */
export function bytesOf({ threads, capacity, inputSize, targetSize, parameterCount }: Sizes): number {
  const floats = [parameterCount, ...new Array<number>(threads).fill(parameterCount), capacity * inputSize];
  const lines = [line, 8 * threads, ...[...floats, capacity * targetSize].map((length) => 4 * length)];
  return lines.reduce((total, bytes) => total + Math.ceil(bytes / line) * line, 0);
}

/** Which samples of `total` a thread takes: shares differ by one at most. */
export function shareOf(thread: number, threads: number, total: number): readonly [start: number, end: number] {
  return [Math.floor((thread * total) / threads), Math.floor(((thread + 1) * total) / threads)];
}

/** Whether the number at a place becomes another one while this thread looks on. */
export function changesSoon(control: Int32Array, place: number, from: number): boolean {
  for (let look = 0; look < looks; look++) {
    if (Atomics.load(control, place) !== from) return true;
  }
  return false;
}
