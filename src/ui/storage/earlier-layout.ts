/** What earlier versions kept stood in one record each, with its texts: it gets its entry, and its texts are kept once. */
import type { ResultsData } from '../state/results-data.ts';
import { inOneTurn, type Database, type Entry } from './database.ts';
import { put } from './keep.ts';

type EarlierRecord = Omit<Entry, 'experiment' | 'runs' | 'ended' | 'bytes' | 'texts' | 'parameters'> & {
  data: ResultsData;
  texts: Record<string, string>;
};

/** Each by itself: what fails, or is broken off, is tried again when the database is opened next. */
export async function giveEntries(db: Database): Promise<void> {
  for (const id of await db.getAllKeys('experiments')) {
    await inOneTurn(db, async (turn) => {
      if ((await turn.objectStore('entries').getKey(id)) !== undefined) return;
      const { data, texts, ...head } = (await turn.objectStore('experiments').get(id)) as EarlierRecord;
      await put(turn, head, data, texts);
    }).catch(() => undefined);
  }
}
