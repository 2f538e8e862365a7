/** What a test asks of a page: it is put into it, reads what stands there, and knows nothing of how it came there. */

interface Mark {
  readonly name: string;
  readonly offset: number;
  readonly k: string;
}

interface PageTensors {
  readonly tensors: readonly { readonly name: string; readonly store: number }[];
}

const tensors = (): PageTensors['tensors'] =>
  (JSON.parse(document.querySelector('#data')!.textContent!) as PageTensors).tensors;

const nameOf = (cell: HTMLElement): string => tensors()[Number(cell.closest<HTMLElement>('table')!.dataset.t)]!.name;

const cells = (selector: string): Mark[] =>
  [...document.querySelectorAll<HTMLElement>(selector)].map((cell) => ({
    name: nameOf(cell),
    offset: Number(cell.dataset.o),
    k: cell.dataset.k ?? '',
  }));

const textOf = (selector: string): string => document.querySelector<HTMLElement>(selector)?.innerText ?? '';

/** The words and statements that are lit up in code, with the statement that each stands in. */
function lit(): { name: string; text: string; statement: string }[] {
  return [...CSS.highlights].flatMap(([name, highlight]) =>
    [...highlight].map((range) => {
      const { startContainer, startOffset } = range as Range;
      const text = (startContainer as Text).data;
      const from = text.lastIndexOf('\n', startOffset - 1) + 1;
      return {
        name,
        text: (range as Range).toString(),
        statement: text.slice(from, text.indexOf('\n', startOffset)),
      };
    }),
  );
}

const probe = {
  /** As if the page had just been opened with this address. */
  show(hash: string): void {
    history.replaceState(null, '', hash === '' ? location.pathname : hash);
    dispatchEvent(new HashChangeEvent('hashchange'));
  },

  cell(name: string, offset: number): HTMLElement {
    const tensor = tensors().findIndex((one, n) => one.name === name && one.store === n);
    const cell = document.querySelector<HTMLElement>(`main table[data-t="${tensor}"] td[data-o="${offset}"]`);
    if (cell === null) throw new Error(`no cell of ${name} at ${offset}`);
    return cell;
  },

  click(name: string, offset: number): void {
    probe.cell(name, offset).click();
  },

  /** Everything that a choice lights up. */
  choice() {
    const why = document.querySelector('#why')!;
    return {
      hash: decodeURIComponent(location.hash),
      chosen: cells('main td.chosen'),
      partner: cells('main td.partner'),
      used: cells('main td.used'),
      terms: cells('main td.term'),
      field: cells('main td.field'),
      read: cells('main td.read'),
      lit: lit(),
      uses: [...why.querySelectorAll<HTMLElement>('[data-use]')].map((one) => one.dataset.use!),
      products: [...why.querySelectorAll<HTMLElement>('[data-term]')].map((one) => ({
        k: one.dataset.term!,
        text: one.querySelector('.product')!.textContent!,
        value: Number(one.querySelector<HTMLElement>('.value')!.dataset.value),
      })),
      sum: Number(why.querySelector<HTMLElement>('#chain-sum')?.dataset.value ?? Number.NaN),
      title: textOf('#why-title'),
      live: document.querySelector('#live')!.textContent!,
    };
  },

  /** What stands in every cell of the pictures. */
  shown(): { name: string; offset: number; text: string }[] {
    return [...document.querySelectorAll<HTMLElement>('main table[role=grid] td')].map((cell) => ({
      name: nameOf(cell),
      offset: Number(cell.dataset.o),
      text: cell.textContent!,
    }));
  },

  numbers: (name: string): number[] =>
    (globalThis as unknown as { longhand: { numbers(name: string): number[] } }).longhand.numbers(name),

  /** The ways in which the panel says that a gradient slides, each with its numbers. */
  ways(): { words: string; values: number[] }[] {
    return [...document.querySelectorAll('#why .ways tr')].map((row) => ({
      words: row.querySelector('th')!.textContent!,
      values: [...row.querySelectorAll('td')].map((cell) => Number(cell.dataset.way)),
    }));
  },

  set(selector: string, value: string): void {
    const box = document.querySelector<HTMLInputElement | HTMLSelectElement>(selector)!;
    box.value = value;
    box.dispatchEvent(new Event('input', { bubbles: true }));
    box.dispatchEvent(new Event('change', { bubbles: true }));
  },

  press(selector: string): void {
    document.querySelector<HTMLElement>(selector)!.click();
  },

  text: textOf,
};

Object.assign(globalThis, { probe });

export type Probe = typeof probe;
