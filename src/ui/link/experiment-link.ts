/**
 * The experiment in the address: `#v=1&experiment=<base64url of its JSON>`. What a link says is never trusted: it is bounded in
 * size, keys that reach prototypes are refused, and the rest is validated like any other experiment. Texts never travel in it.
 */
import { parseExperiment, type Experiment } from '../../model/experiment.ts';
import { InputError } from '../../model/parse.ts';

const VERSION = '1';
/** The largest experiments (8 recipes, 64 widths) stay well below this many characters. */
const LONGEST = 32_768;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** The part of an address behind `#`. */
export function linkHash(experiment: Experiment): string {
  const bytes = new TextEncoder().encode(JSON.stringify(experiment));
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `v=${VERSION}&experiment=${base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/**
 * The experiment a hash carries, or null when it carries none.
 * @throws InputError with one sentence when it carries one that cannot be used.
 */
export function experimentFromHash(hash: string): Experiment | null {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const packed = fields.get('experiment');
  if (packed === null) return null;
  const version = fields.get('v');
  if (version !== VERSION) {
    throw new InputError('link', `The link is of version ${version ?? 'none'}; this page reads version ${VERSION}.`);
  }
  if (packed.length > LONGEST)
    throw new InputError('link', `The link is longer than ${LONGEST} characters and was not read.`);
  const parsed = unpack(packed);
  try {
    return parseExperiment(parsed);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError('link', `The link holds an experiment that cannot be run: ${error.message}`);
  }
}

function unpack(packed: string): unknown {
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
      'The link is damaged: its experiment cannot be read. Ask for it again, or copy the whole of it.',
    );
  }
}
