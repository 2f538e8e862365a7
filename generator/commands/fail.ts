import { WriteError } from '../emit/write.ts';

/** The end of every error that no sentence was written for; a stack would help nobody but us. */
export function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const firstLine = message.split('\n', 1)[0];
  if (error instanceof WriteError) console.error(message);
  else console.error(`longhand: this is a fault in longhand, please report it: ${firstLine}`);
  if (process.env.LONGHAND_DEBUG === '1') console.error(error);
  process.exit(1);
}
