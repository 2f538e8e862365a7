/** A rectangle of numbers cut out of an array: what a table shows at once. */
export interface Slice {
  /** What the rectangle is of the whole: `channel 2`; empty where it is the whole. */
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly label: string; readonly offsets: readonly number[] }[];
}

const mostRows = 28;
const longestRow = 28;

/** The array as rectangles: a list in rows of ten, an image channel by channel, a kernel by channel and filter. */
export function slicesOf(shape: readonly number[]): readonly Slice[] {
  const [height = 1, width, ...rest] = shape;
  if (width === undefined) return listSlices(height);
  const depth = rest.reduce((all, size) => all * size, 1);
  const slices: Slice[] = [];
  for (let part = 0; part < depth; part++) {
    for (let top = 0; top < height; top += mostRows) {
      const count = Math.min(mostRows, height - top);
      const rows = Array.from({ length: count }, (_, n) => ({
        label: String(top + n),
        offsets: Array.from({ length: width }, (_, column) => ((top + n) * width + column) * depth + part),
      }));
      const title = [partTitle(rest, part), height > mostRows ? `rows ${top} to ${top + count - 1}` : '']
        .filter(Boolean)
        .join(', ');
      slices.push({ title, columns: rows[0]?.offsets.map((_, n) => String(n)) ?? [], rows });
    }
  }
  return slices;
}

function listSlices(length: number): readonly Slice[] {
  const width = length <= longestRow ? length : 10;
  const slices: Slice[] = [];
  for (let from = 0; from < length; from += width * mostRows) {
    const rows: { label: string; offsets: number[] }[] = [];
    for (let n = from; n < Math.min(length, from + width * mostRows); n += width) {
      const offsets = Array.from({ length: Math.min(width, length - n) }, (_, k) => n + k);
      rows.push({ label: length > width ? String(n) : '', offsets });
    }
    const title = length > width * mostRows ? `from ${from}` : '';
    slices.push({ title, columns: Array.from({ length: width }, (_, n) => String(n)), rows });
  }
  return slices;
}

function partTitle(rest: readonly number[], part: number): string {
  const long = rest.length === 2 ? ['channel', 'filter'] : ['channel'];
  let left = part;
  const at = [...rest].reverse().map((size) => {
    const digit = left % size;
    left = Math.floor(left / size);
    return digit;
  });
  return rest
    .flatMap((size, axis) => (size === 1 ? [] : [`${long[axis] ?? 'axis'} ${at[rest.length - 1 - axis]}`]))
    .join(', ');
}

/** Whether all slices are shown at once; else one, with a chooser. */
export function showsAll(shape: readonly number[]): boolean {
  return slicesOf(shape).length <= 8 && shape.reduce((all, size) => all * size, 1) <= 100;
}

/** A number for a cell: three digits that count. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size < 0.001 || size >= 100_000 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replaceAll('-', '−');
}

/** A number with so many digits that count. */
export function rounded(value: number, digits: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || value === 0) return short(value);
  const text = Number(value.toPrecision(digits));
  const isPlain = size >= 1e-4 && size < 1e7;
  return (isPlain ? String(text) : text.toExponential()).replaceAll('-', '−');
}

const escapes: { readonly [sign: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => escapes[sign] as string);
}

/** The table of a slice; `text` gives what stands in a cell. */
export function tableOf(slice: Slice, tensor: number, label: string, text: (offset: number) => string): string {
  const head = slice.columns.map((column) => `<th scope="col">${column}</th>`).join('');
  const rows = slice.rows.map(({ label: row, offsets }) => {
    const cells = offsets.map((offset) => `<td data-o="${offset}">${escapeHtml(text(offset))}</td>`);
    return `<tr><th scope="row">${row}</th>${cells.join('')}</tr>`;
  });
  const caption = slice.title === '' ? '' : `<caption>${slice.title}</caption>`;
  const name = escapeHtml(slice.title === '' ? label : `${label}, ${slice.title}`);
  const isLone = slice.columns.length === 1;
  return `<table role="grid"${isLone ? ' class="lone"' : slice.columns.length > 6 ? ' class="wide"' : ''} data-t="${tensor}" aria-label="${name}">${caption}<thead><tr><th></th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
