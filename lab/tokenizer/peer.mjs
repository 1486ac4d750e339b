/**
 * What another implementation makes of a text: pieces and merges of Hugging Face's tokenizers, which the tests hold ours to. Its
 * package brings 65 MB and is no dependency: `npm install --no-save tokenizers@0.23.2`, then `node lab/tokenizer/peer.mjs`.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BPE, byteLevelPreTokenizer, Tokenizer, whitespaceSplitPreTokenizer } from 'tokenizers';

const MERGES = 768;
const folder = new URL('../../tests/unit/data/text/', import.meta.url);

/** Bytes as letters in the order of the bytes, so that equally frequent pairs come in the order of ours. */
const letterOf = (byte) => String.fromCodePoint(0x100 + byte);
const byteOf = (letter) => letter.codePointAt(0) - 0x100;

const bytes = readFileSync(new URL('passage.txt', folder));
let end = 0;
// A piece is told with one letter for each of its bytes.
const pieces = byteLevelPreTokenizer(false, true)
  .preTokenizeString(bytes.toString())
  .map(([piece]) => bytes.subarray(end, (end += [...piece].length)));
const words = pieces.map((piece) => [...piece].map(letterOf).join('')).join(' ');
const file = join(mkdtempSync(join(tmpdir(), 'peer-')), 'words.txt');
writeFileSync(file, words);
const tokenizer = new Tokenizer(BPE.empty());
tokenizer.setPreTokenizer(whitespaceSplitPreTokenizer());
tokenizer.train([file]);
tokenizer.save(`${file}.json`);
const { merges } = JSON.parse(readFileSync(`${file}.json`, 'utf8')).model;
const found = {
  pieces: pieces.map(({ length }) => length),
  merges: merges.slice(0, MERGES).map((pair) => pair.map((letters) => [...letters].map(byteOf))),
};
writeFileSync(new URL('peer.json', folder), `${JSON.stringify(found)}\n`);
