/** A time in the unit that suits it, three digits. */
export function time(ns: number): string {
  const units = [
    [1e9, 's'],
    [1e6, 'ms'],
    [1e3, 'µs'],
    [1, 'ns'],
  ] as const;
  const [factor, unit] = units.find(([size]) => ns >= size) ?? [1, 'ns'];
  return `${digits(ns / factor)} ${unit}`;
}

/** A size in bytes, decimal units. */
export function bytes(count: number): string {
  if (Math.abs(count) < 1000) return `${Math.round(count)} B`;
  return Math.abs(count) < 1e6 ? `${digits(count / 1e3)} kB` : `${digits(count / 1e6)} MB`;
}

/** Three digits, or all that stand before the point. */
function digits(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
