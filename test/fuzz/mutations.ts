import fc from 'fast-check';
import { awkwardNames, hostileKeys, hostileTexts, hostileValue } from './hostile.ts';

/** One change of a JSON value. `at` chooses the place, whatever their number: it counts modulo. */
export type Mutation = (value: unknown, at: number) => unknown;

type Container = Record<string | number, unknown>;

interface Place {
  readonly container: Container;
  readonly key: string | number;
}

/** Every place of a JSON value, from the top inwards. */
function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const container = value as Container;
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => [{ container, key }, ...placesOf(container[key])]);
}

/** Sets a key as JSON.parse does: `__proto__` too becomes a key of the object's own. */
function set(container: Container, key: string | number, value: unknown): void {
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A mutation of one place: the value is a copy, the change happens in it. */
function atPlace(change: (place: Place, all: readonly Place[]) => void, suits: (place: Place) => boolean = () => true) {
  return (value: unknown, at: number): unknown => {
    const copy = structuredClone(value);
    const all = placesOf(copy);
    const suitable = all.filter(suits);
    const place = suitable[at % suitable.length];
    if (place !== undefined) change(place, all);
    return copy;
  };
}

const isKey = ({ key }: Place): boolean => typeof key === 'string';
const isItem = ({ key }: Place): boolean => typeof key === 'number';
const holds = (type: string) => (place: Place) => typeof place.container[place.key] === type;

const drop = atPlace(({ container, key }) => {
  if (Array.isArray(container)) container.splice(key as number, 1);
  else delete container[key];
});

const double = atPlace(({ container, key }) => {
  (container as unknown as unknown[]).splice(key as number, 0, structuredClone(container[key]));
}, isItem);

const replaceBy = (hostile: unknown) => atPlace(({ container, key }) => set(container, key, structuredClone(hostile)));

const isInside = (container: Container, value: unknown): boolean =>
  placesOf(value).some((place) => place.container === container);

const swapWith = (other: number) =>
  atPlace((one, all) => {
    const two = all[other % all.length] as Place;
    const [first, second] = [one.container[one.key], two.container[two.key]];
    // A value put inside itself would be no JSON.
    if (isInside(two.container, first) || isInside(one.container, second)) return;
    set(one.container, one.key, second);
    set(two.container, two.key, first);
  });

const misspell = (how: (key: string) => string) =>
  atPlace(({ container, key }) => {
    const held = container[key];
    delete container[key];
    set(container, how(key as string), held);
  }, isKey);

const addKey = (key: string, hostile: unknown) =>
  atPlace(({ container }) => {
    if (!Array.isArray(container)) set(container, key, structuredClone(hostile));
  }, isKey);

const wrap = atPlace(({ container, key }) => set(container, key, [container[key]]));

const scale = (factor: number) =>
  atPlace(({ container, key }) => set(container, key, (container[key] as number) * factor), holds('number'));

const rename = (name: string) =>
  atPlace(
    ({ container, key }) => set(container, key, name),
    ({ container, key }) => key === 'name' || (typeof key === 'number' && typeof container[key] === 'string'),
  );

/** The first array of layers, many times over. */
const grow = (times: number) =>
  atPlace(
    ({ container, key }) => {
      const items = container[key] as unknown[];
      set(container, key, Array.from({ length: times }, () => structuredClone(items)).flat());
    },
    ({ container, key }) => Array.isArray(container[key]) && (container[key] as unknown[]).length < 16,
  );

const spellings = [
  (key: string) => key.toUpperCase(),
  (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  (key: string) => key.slice(1),
  (key: string) => `${key}s`,
  (key: string) => `${key.slice(1, 2)}${key.slice(0, 1)}${key.slice(2)}`,
  (key: string) => ` ${key}`,
];

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(drop, double, wrap) },
  { weight: 4, arbitrary: hostileValue.map(replaceBy) },
  { weight: 1, arbitrary: fc.nat(1000).map(swapWith) },
  { weight: 2, arbitrary: fc.constantFrom(...spellings).map(misspell) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...hostileKeys, ...hostileTexts), hostileValue).map(([k, v]) => addKey(k, v)),
  },
  { weight: 2, arbitrary: fc.constantFrom(-1, 0, 0.5, 2, 10, 1000, 1e9).map(scale) },
  { weight: 3, arbitrary: fc.constantFrom(...awkwardNames).map(rename) },
  { weight: 1, arbitrary: fc.constantFrom(2, 20, 200).map(grow) },
);
