import { Script } from 'node:vm';

const call = new Script('limitedCall()');

/**
 * Runs a function, and stops it where it takes too long: the only thing that interrupts a loop without a worker.
 *
 * @param limit milliseconds
 * @throws what the function throws, and an error where it is stopped, see `isStop`
 */
export function withinLimit<T>(limit: number, run: () => T): T {
  let result: { readonly value: T } | undefined;
  const scope = globalThis as { limitedCall?: () => void };
  scope.limitedCall = () => {
    result = { value: run() };
  };
  try {
    call.runInThisContext({ timeout: limit });
  } finally {
    delete scope.limitedCall;
  }
  return result!.value;
}

/** Whether an error says that `withinLimit` stopped a function. */
export function isStop(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
