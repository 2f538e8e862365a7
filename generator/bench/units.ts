/** `2.13 µs`, `14,200 µs`: three digits, the fourth and later ones are noise. */
export function formatMicroseconds(microseconds: number): string {
  const digits = { minimumSignificantDigits: 3, maximumSignificantDigits: 3 };
  return `${microseconds.toLocaleString('en-US', digits)} µs`;
}

/** `0.43 s` */
export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
