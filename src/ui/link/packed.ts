/**
 * What travels in an address: `#v=1&<field>=<base64url>`. What a link says is never trusted: it is bounded in size, keys that reach
 * prototypes are refused, and the rest is validated by whoever it is for.
 */
import { InputError } from '../../model/parse.ts';

const VERSION = '1';
/** Characters of the packed value. The largest experiments (8 recipes, 64 widths) stay well below. */
export const LONGEST = 32_768;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** The part of an address behind `#`, of a value as the base64url of its JSON. */
export const packedHash = (field: string, value: unknown): string =>
  hashOfBytes(field, new TextEncoder().encode(JSON.stringify(value)));

export function hashOfBytes(field: string, bytes: Uint8Array): string {
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `v=${VERSION}&${field}=${base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/**
 * The value that a hash carries in a field, or null when it carries none.
 * @param what the value is, in a sentence that says it is wrong: `an experiment that cannot be run`.
 * @throws InputError with one sentence when it carries one that cannot be used.
 */
export function unpackedFrom<T>(hash: string, field: string, what: string, parse: (value: unknown) => T): T | null {
  const packed = packedIn(hash, field);
  if (packed === null) return null;
  let value: unknown;
  try {
    value = valueIn(bytesIn(packed));
  } catch {
    throw damaged(field);
  }
  return parsedAs(what, parse, value);
}

/** What stands in a field of a hash; null where nothing does. @throws InputError where it is of another version, or too long. */
export function packedIn(hash: string, field: string): string | null {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const packed = fields.get(field);
  if (packed === null) return null;
  const version = fields.get('v');
  if (version !== VERSION) {
    throw new InputError('link', `The link is of version ${version ?? 'none'}; this page reads version ${VERSION}.`);
  }
  if (packed.length > LONGEST)
    throw new InputError('link', `The link is longer than ${LONGEST} characters and was not read.`);
  return packed;
}

export function parsedAs<T>(what: string, parse: (value: unknown) => T, value: unknown): T {
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError('link', `The link holds ${what}: ${error.message}`);
  }
}

export const damaged = (field: string) =>
  new InputError(
    'link',
    `The link is damaged: its ${field} cannot be read. Ask for it again, or copy the whole of it.`,
  );

/** @throws where it is no base64url. */
export const bytesIn = (packed: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(packed.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));

/** @throws where it is no JSON, or holds a key that is refused. */
export const valueIn = (bytes: Uint8Array): unknown =>
  JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), (key, value: unknown) => {
    if (FORBIDDEN.has(key)) throw new InputError('link', 'forbidden key');
    return value;
  });
