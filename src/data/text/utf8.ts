/**
 * Text as bytes, and back without loss: UTF-8, in which half of a surrogate pair that stands alone is written like any other code
 * point (WTF-8), because a text may hold one and has to come back as it was.
 */
const LONE_SURROGATE = /\p{Surrogate}/u;

export function bytesOfText(text: string): Uint8Array {
  const utf8 = new TextEncoder();
  if (!LONE_SURROGATE.test(text)) return utf8.encode(text);
  const parts = text
    .split(/(\p{Surrogate})/u)
    .map((part, i) => (i % 2 === 0 ? utf8.encode(part) : loneSurrogate(part)));
  return joined(parts);
}

/** Bytes that are no text become U+FFFD. */
export function textOfBytes(bytes: Uint8Array): string {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  const parts: string[] = [];
  let from = 0;
  for (let i = bytes.indexOf(0xed); i >= 0; i = bytes.indexOf(0xed, i + 1)) {
    if (i < from || bytes[i + 1] < 0xa0 || characterLength(bytes, i) !== 3) continue;
    parts.push(utf8.decode(bytes.subarray(from, i)), String.fromCharCode(codePointAt(bytes, i)));
    from = i + 3;
  }
  return parts.join('') + utf8.decode(bytes.subarray(from));
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}

const loneSurrogate = (unit: string): Uint8Array => {
  const code = unit.charCodeAt(0);
  return Uint8Array.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
};

/** Bytes of the character that begins there: 1 also where none does, so that a walk ends whatever the bytes are. */
export function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at];
  const length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
  // There are no code points from 0x110000 on.
  if (lead === 0xf4 && bytes[at + 1] > 0x8f) return 1;
  for (let i = 1; i < length; i++) if ((bytes[at + i] & 0xc0) !== 0x80) return 1;
  return length;
}

/** Of a character of that many bytes. */
export function codePointAt(bytes: Uint8Array, at: number, length = characterLength(bytes, at)): number {
  if (length === 1) return bytes[at];
  let point = bytes[at] & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) point = (point << 6) | (bytes[at + i] & 0x3f);
  return point;
}
