/** `forward_conv2d1`, with a number where a layer needs several; layer names become identifiers. */
export function uniqueNames(
  functions: readonly { readonly pass: string; readonly layers: readonly string[] }[],
): string[] {
  const bases = functions.map(({ pass, layers }) => {
    const name = (layers[0] ?? '').replaceAll('-', '_');
    return layers.length > 2 || name === pass ? `${pass}Pass` : `${pass}_${name}`;
  });
  const shared = new Map<string, number>();
  for (const base of bases) shared.set(base, (shared.get(base) ?? 0) + 1);
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return bases.map((base) => {
    let name = base;
    if ((shared.get(base) ?? 0) > 1 || taken.has(name)) {
      let number = next.get(base) ?? 1;
      while (taken.has(`${base}_${number}`)) number++;
      next.set(base, number + 1);
      name = `${base}_${number}`;
    }
    taken.add(name);
    return name;
  });
}
