/** A file's text, or what its bytes are instead. */
export type Decoded =
  | { readonly text: string; readonly found?: undefined }
  | { readonly text?: undefined; readonly found: string };

/** Reads UTF-8, with the mark that Windows editors begin a file with. Anything else is named, not guessed at. */
export function decodeText(bytes: Uint8Array): Decoded {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { found: 'a text in UTF-16 (little-endian)' };
  if (first === 0xfe && second === 0xff) return { found: 'a text in UTF-16 (big-endian)' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // ASCII in UTF-16 without its mark is UTF-8 too: every other character is a 0.
    return text.includes('\0') && (first === 0 || second === 0) ? { found: 'a text in UTF-16' } : { text };
  } catch {
    return { found: 'bytes that are no UTF-8' };
  }
}
