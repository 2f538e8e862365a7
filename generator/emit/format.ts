/** `7,232` */
export function format(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
