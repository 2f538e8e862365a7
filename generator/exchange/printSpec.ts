/** A spec as a *.net.json file: one line for each layer. */
export function printSpec({ layers, ...spec }: Readonly<Record<string, unknown>>): string {
  const { name, input, ...rest } = spec;
  const lines = (layers as readonly unknown[]).map((layer) => `    ${oneLine(layer)}`);
  const parts = [
    `  "name": ${oneLine(name)}`,
    `  "input": ${oneLine(input)}`,
    `  "layers": [\n${lines.join(',\n')}\n  ]`,
    ...Object.entries(rest).map(([key, value]) => `  ${oneLine(key)}: ${oneLine(value)}`),
  ];
  return `{\n${parts.join(',\n')}\n}\n`;
}

/** `{ "type": "dense", "units": 10 }`: JSON with spaces where a person puts them. */
function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)}: ${oneLine(one)}`)
    .join(', ')} }`;
}
