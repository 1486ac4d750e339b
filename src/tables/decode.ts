/** Bytes of a text file as text: UTF-8, UTF-16 with its mark, and what Windows programs write without any. */
import { InputError } from '../model/parse.ts';

/** @throws InputError for what is no text. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  // Node 20.18.3 to 24 reads it right in a stream only: https://github.com/nodejs/node/issues/56542.
  const text = utf8(bytes) ?? new TextDecoder('windows-1252').decode(bytes, { stream: true });
  // No text holds these, and a picture or an archive soon does.
  if (holdsControls(text.slice(0, 100_000))) {
    throw new InputError('file', 'This is not a text file; a table such as CSV, Markdown or JSON is needed.');
  }
  return text;
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Escape begins the colours of a terminal, which people copy with its text. */
const ESCAPE = 0x1b;

function holdsControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 && !(code >= 0x09 && code <= 0x0d) && code !== ESCAPE) return true;
  }
  return false;
}
