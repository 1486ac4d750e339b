/**
 * What travels in an address: `#v=1&<field>=<base64url of its JSON>`. What a link says is never trusted: it is bounded in
 * size, keys that reach prototypes are refused, and the rest is validated by whoever it is for.
 */
import { InputError } from '../../model/parse.ts';

const VERSION = '1';
/** Characters of the packed value. The largest experiments (8 recipes, 64 widths) stay well below. */
export const LONGEST = 32_768;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** The part of an address behind `#`. */
export function packedHash(field: string, value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `v=${VERSION}&${field}=${base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/**
 * The value that a hash carries in a field, or null when it carries none.
 * @param what the value is, in a sentence that says it is wrong: `an experiment that cannot be run`.
 * @throws InputError with one sentence when it carries one that cannot be used.
 */
export function unpackedFrom<T>(hash: string, field: string, what: string, parse: (value: unknown) => T): T | null {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const packed = fields.get(field);
  if (packed === null) return null;
  const version = fields.get('v');
  if (version !== VERSION) {
    throw new InputError('link', `The link is of version ${version ?? 'none'}; this page reads version ${VERSION}.`);
  }
  if (packed.length > LONGEST)
    throw new InputError('link', `The link is longer than ${LONGEST} characters and was not read.`);
  const parsed = unpack(packed, field);
  try {
    return parse(parsed);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError('link', `The link holds ${what}: ${error.message}`);
  }
}

function unpack(packed: string, field: string): unknown {
  try {
    const bytes = Uint8Array.from(atob(packed.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    const json = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return JSON.parse(json, (key, value: unknown) => {
      if (FORBIDDEN.has(key)) throw new InputError('link', 'forbidden key');
      return value;
    });
  } catch {
    throw new InputError(
      'link',
      `The link is damaged: its ${field} cannot be read. Ask for it again, or copy the whole of it.`,
    );
  }
}
