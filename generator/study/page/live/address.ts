import { type Deed, data, machine, session } from './session.ts';
import { find, parseElement, plainName } from './view.ts';

function deedText(deed: Deed): string {
  return deed.kind === 'set' ? `${deed.element}:${deed.value}` : `train:${deed.rate}*${deed.steps}`;
}

/** The whole state in the address, so that a link shows the same. */
export function writeAddress(): void {
  const parts = new URLSearchParams();
  if (session.chosen !== undefined) parts.set('at', plainName(machine, session.chosen));
  if (session.seed !== 1) parts.set('seed', String(session.seed));
  if (session.naming !== 'longhand') parts.set('names', session.naming);
  if (session.allDigits) parts.set('digits', 'all');
  if (session.cursor < data.equations.length) parts.set('step', String(session.cursor));
  const preset = find<HTMLSelectElement>('#preset').value;
  if (preset !== '0') parts.set('preset', preset);
  if (session.deeds.length > 0) parts.set('set', session.deeds.map(deedText).join(';'));
  const text = parts.toString().replaceAll('%5B', '[').replaceAll('%5D', ']').replaceAll('%2C', ',');
  if (location.hash.slice(1) === text) return;
  history.replaceState(null, '', text === '' ? location.pathname + location.search : `#${text}`);
}

/** What an address says, as far as it fits this network. */
export function readParts(hash: string): {
  readonly at: ReturnType<typeof parseElement>;
  readonly seed: number;
  readonly naming: string;
  readonly allDigits: boolean;
  readonly preset: string;
  readonly step: number;
  readonly deeds: readonly Deed[];
} {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const names = [...find<HTMLSelectElement>('#names').options].map(({ value }) => value);
  const presets = data.presets.map((_, n) => String(n));
  const step = Number(parts.get('step') ?? Number.NaN);
  return {
    at: parseElement(machine, parts.get('at') ?? ''),
    seed: Math.trunc(Number(parts.get('seed'))) || 1,
    naming: names.find((one) => one === parts.get('names')) ?? 'longhand',
    allDigits: parts.get('digits') === 'all',
    preset: presets.find((one) => one === parts.get('preset')) ?? '0',
    step: Number.isInteger(step) && step >= 0 ? Math.min(data.equations.length, step) : data.equations.length,
    deeds: (parts.get('set') ?? '').split(';').flatMap(readDeed),
  };
}

/** Steps that an address may ask for: a link must not freeze a page. */
const mostSteps = 10_000;

function readDeed(text: string): readonly Deed[] {
  const [name = '', value = ''] = text.split(':');
  if (name === 'train') {
    const [rate = Number.NaN, steps = Number.NaN] = value.split('*').map(Number);
    const isFit = Number.isFinite(rate) && Number.isInteger(steps) && steps > 0;
    return isFit ? [{ kind: 'train', rate, steps: Math.min(steps, mostSteps) }] : [];
  }
  const isFit = value !== '' && Number.isFinite(Number(value)) && parseElement(machine, name) !== undefined;
  return isFit ? [{ kind: 'set', element: name, value: Number(value) }] : [];
}
