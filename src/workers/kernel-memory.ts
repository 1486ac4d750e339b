/**
 * Which kernel was fastest for which shape, kept in this browser for each adapter. Where storage is blocked every page finds out
 * anew; a choice changes how long training takes and never what comes out.
 */
import { openDB, type DBSchema } from 'idb';
import type { TuningMemory } from '../gpu/engine.ts';

interface Schema extends DBSchema {
  choices: { key: string; value: Record<string, string> };
}

export function kernelMemory(): TuningMemory {
  const opening = openDB<Schema>('mup-playground-kernels', 1, {
    upgrade: (db) => void db.createObjectStore('choices'),
  });
  // Told to whoever reads or writes; until then it is nobody's.
  opening.catch(() => undefined);
  return {
    recall: async (adapter) => {
      try {
        return (await (await opening).get('choices', adapter)) ?? {};
      } catch {
        return {};
      }
    },
    keep: async (adapter, choices) => {
      try {
        await (await opening).put('choices', choices, adapter);
      } catch {
        // Forgotten with the page.
      }
    },
  };
}
