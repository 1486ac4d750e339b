/** A text from an address: fetched once a person has asked for it, and never by itself. */
import { InputError } from '../../model/parse.ts';
import { MOST_BYTES, tooLarge } from '../../data/text/decode.ts';

const FIELD = 'corpus.file';
const refused = (why: string) => new InputError(FIELD, `${FIELD}: ${why}`);

/** What the page's policy lets through. */
const isAllowed = ({ protocol, hostname, origin }: URL) =>
  protocol === 'https:' ||
  (protocol === 'http:' && (/^(localhost|127\.0\.0\.1)$/.test(hostname) || origin === globalThis.location?.origin));

/** @throws InputError for what is no address that may be asked. */
export function addressOf(typed: string): URL {
  const text = typed.trim();
  const url = parsed(/^[a-z][a-z0-9+.-]*:/i.test(text) && !/^localhost:\d/i.test(text) ? text : `https://${text}`);
  if (!url) throw refused(`"${text}" is no address; enter one such as https://example.org/book.txt.`);
  if (!isAllowed(url)) throw refused(`"${text}" must be asked over https, or be localhost; enter such an address.`);
  if (url.username || url.password)
    throw refused('an address with a name and a password is not asked; leave them out.');
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
  signal: AbortSignal,
  onProgress: (bytes: number, total: number | null) => void,
): Promise<{ file: File; isPage: boolean }> {
  try {
    const answer = await fetch(url, { signal, credentials: 'omit', referrerPolicy: 'no-referrer' });
    if (!answer.ok) throw refused(`the server ${url.host} answered ${answer.status}${reasonOf(answer.status)}.`);
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
      `the server ${url.host} could not be read: it is not there, the connection broke, or it lets no other page read it (CORS); save the text and choose its file.`,
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

function reasonOf(status: number): string {
  if (status === 404 || status === 410) return ': there is no such text; look at the address';
  if (status === 401 || status === 403) return ': the text is not for everybody; save it and choose its file';
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
