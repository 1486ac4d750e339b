/** What tests forge: every place of a part of a file, with other values in it. */

type Path = (string | number)[];

/** Every leaf of a value, and every list and group in it, by its path. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [path];
  const below = Array.isArray(value) ? value.map((one, i) => [i, one] as const) : Object.entries(value);
  return [...(path.length > 0 ? [path] : []), ...below.flatMap(([key, one]) => placesIn(one, [...path, key]))];
}

type Group = Record<string | number, unknown>;
const parentOf = (root: unknown, path: Path) =>
  path.slice(0, -1).reduce((at, key) => (at as Group)[key], root) as Group;

/** What one place could be instead; nothing stands for its absence. */
function othersThan(value: unknown): unknown[] {
  if (Number.isInteger(value)) return [Number(value) + 1];
  if (typeof value === 'number') return [value * (1 + 2 ** -52), value * 1.001];
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'string')
    return [`${value} `, value.replace(/[0-9a-f]/, (one) => (one === '3' ? '4' : '3')), ''];
  if (value === null) return [0, 'b'.repeat(64)];
  // The order of the names of runs says nothing.
  if (Array.isArray(value))
    return [value.slice(1), [...value, value[0]], ...(typeof value[0] === 'string' ? [] : [value.toReversed()])];
  return [undefined];
}

export const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What stands beside a seal without being sealed. */
const MEASURED = ['actual', 'verdict', 'curveHeld'];

/** @param parsed the file as its schema takes it, null where it does not. */
export function mutants<T>(original: T, part: Path, parsed: (mutant: T) => T | null): { where: string; mutant: T }[] {
  const root = part.reduce<unknown>((at, key) => (at as Group)[key], original);
  const places = placesIn(root).filter((place) => !MEASURED.includes(String(place[0])));
  return places.flatMap((place) => {
    const path = [...part, ...place];
    const key = path.at(-1)!;
    const value = parentOf(original, path)[key];
    const all = [...othersThan(value), ...(typeof key === 'string' ? [undefined] : [])];
    return all.flatMap((other) => {
      const copy = structuredClone(original);
      const parent = parentOf(copy, path);
      if (other === undefined) delete parent[key];
      else parent[key] = other;
      const mutant = parsed(copy);
      if (!mutant || same(mutant, original)) return [];
      return [{ where: `${path.join('.')} = ${JSON.stringify(other)?.slice(0, 60)}`, mutant }];
    });
  });
}
