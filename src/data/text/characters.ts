/** The most frequent Unicode code points of the text are tokens, the rest share one. */
import type { Tokenizer } from './tokenizer.ts';
import { bytesOfText, characterLength, codePointAt } from './utf8.ts';

/** @param most characters with a token of their own. */
export function characterTokenizer(text: Uint8Array, most: number): Tokenizer {
  const counts = new Map<number, number>();
  let length = 0;
  eachCodePoint(text, (point) => {
    counts.set(point, (counts.get(point) ?? 0) + 1);
    length++;
  });
  const ranked = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b);
  const own = ranked.slice(0, most).map(([point]) => point);
  const rest = ranked.slice(most);
  /** Null where no characters share one: then a character that the text does not have is left out. */
  const shared = rest.length > 0 ? own.length : null;
  const tokens = new Map(own.map((point, token) => [point, token]));
  return {
    vocabulary: own.length + (shared === null ? 0 : 1),
    unit: 'characters',
    notes: shared !== null ? [sharingNote(rest, own.length, length)] : [],
    encode(bytes) {
      const ids = new Uint32Array(bytes.length);
      let count = 0;
      eachCodePoint(bytes, (point) => {
        const token = tokens.get(point) ?? shared;
        if (token !== null) ids[count++] = token;
      });
      return ids.slice(0, count);
    },
    bytesOf: (token) => (token < own.length ? bytesOfText(String.fromCodePoint(own[token])) : null),
  };
}

function eachCodePoint(bytes: Uint8Array, take: (point: number) => void): void {
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    take(codePointAt(bytes, at, length));
    at += length;
  }
}

function sharingNote(rest: readonly (readonly [number, number])[], own: number, length: number): string {
  const share = ((100 * rest.reduce((sum, [, count]) => sum + count, 0)) / length).toPrecision(2);
  const rarer =
    rest.length === 1
      ? 'The rarest character shares'
      : `The ${rest.length.toLocaleString('en')} rarest characters share`;
  return `${rarer} one token (${share} % of the text); the other ${own.toLocaleString('en')} have one each.`;
}
