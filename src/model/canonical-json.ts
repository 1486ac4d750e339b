/**
 * One text for one value: the JSON Canonicalization Scheme (RFC 8785). Keys in the order of their UTF-16 code units, no spaces, numbers
 * and strings as ECMAScript writes them. Whoever has a library of that standard makes the same hash of a seal.
 */
import { InputError } from './parse.ts';

/** Half of a surrogate pair without its other half: no character, and nothing that UTF-8 could hold. */
const LONE_SURROGATE = /\p{Surrogate}/u;

const TYPES = ['string', 'number', 'boolean', 'object'];

/** @throws InputError for what the standard refuses: a number that is none, and half a character in a text or a key. */
export function canonicalJson(value: unknown): string {
  assertCanonical(value);
  return escapedJson(value);
}

/**
 * The same for everything that `canonicalJson` takes; for the rest what `JSON.stringify` makes of it, half a character as `\ud83d`.
 * Seals of earlier versions were hashed in this form, so that theirs are still checked in it.
 */
export function escapedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(escapedJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = entriesOf(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${escapedJson(one)}`).join(',')}}`;
}

/** What is not there has no place in JSON. */
const entriesOf = (group: object): [string, unknown][] => Object.entries(group).filter(([, one]) => one !== undefined);

/** @throws InputError as `canonicalJson` does. */
export function assertCanonical(value: unknown, path = 'value'): void {
  if (!TYPES.includes(typeof value) || (typeof value === 'number' && !Number.isFinite(value))) {
    throw new InputError(path, `${path}: ${String(value)} cannot be sealed, for no JSON can hold it.`);
  }
  if (typeof value === 'string' && LONE_SURROGATE.test(value)) {
    throw new InputError(path, `${path}: ${JSON.stringify(value)} cannot be sealed, for it holds half a character.`);
  }
  if (Array.isArray(value)) value.forEach((one, i) => assertCanonical(one, `${path}[${i}]`));
  else if (value !== null && typeof value === 'object') {
    for (const [key, one] of entriesOf(value)) {
      assertCanonical(key, path);
      assertCanonical(one, `${path}.${key}`);
    }
  }
}
