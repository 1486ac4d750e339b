/** A file from an address: fetched once a person has asked for it, and never by itself from another server. */
import { InputError } from '../../model/parse.ts';
import { MOST_BYTES, tooLarge } from '../../data/text/decode.ts';

/** What is asked for. */
export interface Wanted {
  /** At fault where it cannot be had. */
  field: string;
  noun: string;
  /** An address such as one is. */
  example: string;
}

const refused = ({ field }: Wanted, why: string) => new InputError(field, `${field}: ${why}`);

/** What the page's policy lets through. */
const isAllowed = ({ protocol, hostname, origin }: URL) =>
  protocol === 'https:' ||
  (protocol === 'http:' && (/^(localhost|127\.0\.0\.1)$/.test(hostname) || origin === globalThis.location?.origin));

/** @throws InputError for what is no address that may be asked. */
export function addressOf(typed: string, wanted: Wanted): URL {
  const text = typed.trim();
  const url = parsed(/^[a-z][a-z0-9+.-]*:/i.test(text) && !/^localhost:\d/i.test(text) ? text : `https://${text}`);
  if (!url) throw refused(wanted, `"${text}" is no address; enter one such as ${wanted.example}.`);
  return askable(url, text, wanted);
}

/** @throws InputError for an address that may not be asked. */
export function askable(url: URL, typed: string, wanted: Wanted): URL {
  if (!isAllowed(url))
    throw refused(wanted, `"${typed}" must be asked over https, or be localhost; enter such an address.`);
  if (url.username || url.password)
    throw refused(wanted, 'an address with a name and a password is not asked; leave them out.');
  return url;
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/**
 * @param onProgress told the bytes so far, and how many there will be, where that is known.
 * @throws InputError in one sentence, and what the signal aborts with.
 */
export async function fetchedFile(
  url: URL,
  wanted: Wanted,
  signal: AbortSignal,
  onProgress: (bytes: number, total: number | null) => void,
): Promise<{ file: File; isPage: boolean }> {
  try {
    const answer = await fetch(url, { signal, credentials: 'omit', referrerPolicy: 'no-referrer' });
    if (!answer.ok)
      throw refused(wanted, `the server ${url.host} answered ${answer.status}${reasonOf(answer.status, wanted)}.`);
    const named = Number(answer.headers.get('content-length')) || null;
    if (named && named > MOST_BYTES) throw tooLarge(nameOf(url));
    const parts = await bytesOf(answer, (bytes) => {
      if (bytes > MOST_BYTES) throw tooLarge(nameOf(url));
      // What comes packed has more bytes than were named.
      onProgress(bytes, named && bytes <= named ? named : null);
    });
    const isPage = /\bhtml\b/.test(answer.headers.get('content-type') ?? '');
    return { file: new File(parts, nameOf(url)), isPage };
  } catch (error) {
    if (error instanceof InputError || signal.aborted) throw error;
    throw refused(
      wanted,
      `the server ${url.host} could not be read: it is not there, the connection broke, or it lets no other page read it (CORS); save the ${wanted.noun} and choose its file.`,
    );
  }
}

async function bytesOf(answer: Response, onBytes: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>[]> {
  const reader = answer.body!.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return parts;
      parts.push(value);
      onBytes((bytes += value.length));
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    throw error;
  }
}

function reasonOf(status: number, { noun }: Wanted): string {
  if (status === 404 || status === 410) return `: there is no such ${noun}; look at the address`;
  if (status === 401 || status === 403) return `: the ${noun} is not for everybody; save it and choose its file`;
  return status >= 500 ? '; try again later' : '; look at the address';
}

/** The last part of its path, as long as a name may be. */
function nameOf({ pathname, host }: URL): string {
  const last = pathname.split('/').filter(Boolean).at(-1) ?? host;
  try {
    return decodeURIComponent(last).slice(0, 200);
  } catch {
    return last.slice(0, 200);
  }
}
