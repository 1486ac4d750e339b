/** What makes tokens of a text, and text of tokens. */
import type { TextCorpusSpec } from '../../model/corpora.ts';
import type { OnProgress } from '../token-plan.ts';
import { trainBpe } from './bpe.ts';
import { byteTokenizer } from './bytes.ts';
import { characterTokenizer } from './characters.ts';
import { joined, textOfBytes } from './utf8.ts';

export interface Tokenizer {
  /** V */
  vocabulary: number;
  /** What tokens are called in a sentence. */
  unit: 'characters' | 'bytes' | 'tokens';
  /** Sentences for the person. */
  notes: string[];
  /** @param text its bytes. */
  encode(text: Uint8Array): Uint32Array;
  /** What the token stands for; null for one that several characters share. */
  bytesOf(token: number): Uint8Array | null;
}

/** Stands for a character without a token of its own. */
const OTHER = Uint8Array.of(0xef, 0xbf, 0xbd);

/**
 * @param text the whole, of which characters are counted.
 * @param training its part that byte-pair encoding learns from.
 */
export function tokenizerOf(
  { tokenizer, characters }: Pick<TextCorpusSpec, 'tokenizer' | 'characters'>,
  text: Uint8Array,
  training: Uint8Array,
  onProgress?: OnProgress,
): Tokenizer {
  if (tokenizer === 'characters') return characterTokenizer(text, characters);
  return tokenizer === 'bytes' ? byteTokenizer : trainBpe(training, tokenizer.vocabulary, onProgress);
}

export const textOfTokens = ({ bytesOf }: Tokenizer, tokens: ArrayLike<number>): string =>
  textOfBytes(joined(Array.from(tokens, (token) => bytesOf(token) ?? OTHER)));
