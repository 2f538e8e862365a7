/** The code of what the file system refused, such as ENOENT; undefined for any other error. */
export function failureCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
