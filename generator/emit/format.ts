/** `7,232` */
export function format(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `[8, 8, 1]` */
export function listText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
