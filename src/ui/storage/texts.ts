/** Texts of one's own among what is kept: each once, by its hash, as long as an entry names it. */
import { hashText } from '../../data/text/hash.ts';
import type { Turn } from './database.ts';

/** Hashing a long text takes a while, and an experiment is kept after each of its cohorts. No map: V8 puts a text together to find its place in one. */
const hashes: { text: string; hash: string }[] = [];

/** What was hashed already, while the text was read. */
export const knowHash = (text: string, hash: string): void => void hashes.push({ text, hash });

function hashOf(text: string): string {
  const known = hashes.find((one) => one.text === text)?.hash;
  if (known !== undefined) return known;
  const hash = hashText(text);
  knowHash(text, hash);
  return hash;
}

/** SHA-256 of texts, by file name. */
export const hashesOf = (texts: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([file, text]) => [file, hashOf(text)]));

/** @param texts by file name. */
export async function keepTexts(turn: Turn, texts: Record<string, string>): Promise<void> {
  const store = turn.objectStore('texts');
  for (const text of Object.values(texts)) {
    const hash = hashOf(text);
    if ((await store.getKey(hash)) === undefined) await store.put(text, hash);
  }
}

/** @param before SHA-256 of those that an entry named until now. */
export async function dropUnused(turn: Turn, before: readonly string[]): Promise<void> {
  if (before.length === 0) return;
  const entries = await turn.objectStore('entries').getAll();
  const used = new Set(entries.flatMap(({ texts }) => Object.values(texts)));
  const unused = before.filter((hash) => !used.has(hash));
  await Promise.all(unused.map((hash) => turn.objectStore('texts').delete(hash)));
}
