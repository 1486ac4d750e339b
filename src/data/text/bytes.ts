/** Every byte of the text is a token. */
import type { Tokenizer } from './tokenizer.ts';

export const byteTokenizer: Tokenizer = {
  vocabulary: 256,
  unit: 'bytes',
  notes: [],
  encode: (bytes) => Uint32Array.from(bytes),
  bytesOf: (token) => Uint8Array.of(token),
};
