/**
 * Which kernel was fastest for which shape, kept in this browser for each adapter and version of the browser. Where storage is
 * blocked every page finds out anew; a choice changes how long training takes and not what comes out.
 */
import { openDB, type DBSchema } from 'idb';
import type { TuningMemory } from '../gpu/engine.ts';

interface Schema extends DBSchema {
  choices: { key: string; value: Record<string, string> };
}

/** Milliseconds after which storage that does not answer is taken for empty: no training waits for it. */
const PATIENCE = 1000;

export function kernelMemory(): TuningMemory {
  const opening = openDB<Schema>('mup-playground-kernels', 1, {
    upgrade: (db) => void db.createObjectStore('choices'),
    // A page that stays open must not hold up a later version of itself in another tab.
    blocking: (_current, _wanted, event) => (event.target as IDBDatabase).close(),
  });
  // Told to whoever reads or writes; until then it is nobody's.
  opening.catch(() => undefined);
  return {
    recall: async (adapter) => {
      try {
        const found = opening.then((db) => db.get('choices', keyOf(adapter)));
        return wordsOf(await Promise.race([found, after(PATIENCE)]));
      } catch {
        return {};
      }
    },
    keep: async (adapter, choices) => {
      try {
        await (await opening).put('choices', choices, keyOf(adapter));
      } catch {
        // Forgotten with the page.
      }
    },
  };
}

/** Another version of the browser compiles kernels in another way. */
const keyOf = (adapter: string) => `${adapter} · ${navigator.userAgent}`;

/** Only what can be the name of a kernel; anything may stand in a browser's storage. */
function wordsOf(found: unknown): Record<string, string> {
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(Object.entries(found).filter(([, name]) => typeof name === 'string'));
}

const after = (milliseconds: number) =>
  new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), milliseconds));
