/** Texts of one's own among what is kept: each once, by its hash, as long as an entry names it. */
import { hashText } from '../../data/text/hash.ts';
import type { Turn } from './database.ts';

/** Hashing a long text takes a while, and an experiment is kept after each of its cohorts. */
const hashes = new Map<string, string>();

function hashOf(text: string): string {
  const hash = hashes.get(text) ?? hashText(text);
  return (hashes.set(text, hash), hash);
}

/** What was hashed already, while the text was read. */
export const knowHash = (text: string, hash: string): void => void hashes.set(text, hash);

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
