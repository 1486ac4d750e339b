/** Whole experiments among what is kept in this browser: an imported one that joins them, one that is taken out, and put back. */
import { newId } from '../../model/identity.ts';
import { escapedJson } from '../../model/canonical-json.ts';
import type { ResultsData } from '../state/results-data.ts';
import type { Origin } from '../state/results.svelte.ts';
import { attempt, inOneTurn, type Entry, type Kept, type Turn } from './database.ts';
import { endedOf } from './entry.ts';
import { headOf, put, takeOut } from './keep.ts';
import { filesOf, putParameters } from './parameters.ts';
import { known, reopened, standingOf, textsOf, upToDate, type Reopened } from './saved.ts';

const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);

/** What was measured and sealed, and of which experiment, as one text; null of what this version cannot read. */
function contentOf(data: ResultsData): string | null {
  try {
    const { experiment, runs, sealed } = upToDate(data).data;
    return escapedJson({ experiment, runs: [...runs].sort(byId), sealed });
  } catch {
    return null;
  }
}

/**
 * Keeps results that were opened from a file. What is kept already is found again, whatever it is called; where other content has
 * the id, they get a new one.
 * @returns what is kept, to be shown; null where this browser's storage refuses.
 */
export function keepOpened(data: ResultsData, origin: Origin): Promise<Reopened | null> {
  return attempt<Reopened | null>(
    (db) =>
      inOneTurn(db, async (turn) => {
        const same = await findSame(turn, data);
        if (same) {
          const entry = { ...same.entry, kept: new Date().toISOString() };
          await turn.objectStore('entries').put(entry);
          known.set(entry.id, entry.revision);
          return reopened(same.data, same.texts, entry.origin);
        }
        const isTaken = (await turn.objectStore('entries').getKey(data.id)) !== undefined;
        const fresh = isTaken ? { ...data, id: newId() } : data;
        const { trained, wanted } = standingOf(data.experiment, endedOf(data));
        const head = headOf(fresh, trained === wanted);
        await put(turn, { ...head, origin }, fresh, {});
        known.set(head.id, head.revision);
        return reopened(fresh, {}, origin);
      }),
    () => null,
  );
}

async function findSame(turn: Turn, data: ResultsData): Promise<Kept | null> {
  const content = contentOf(data);
  const entries = await turn.objectStore('entries').getAll();
  for (const entry of entries.filter(({ runs }) => runs === data.runs.length)) {
    const kept = await wholeOf(turn, entry);
    if (kept && contentOf(kept.data) === content) return kept;
  }
  return null;
}

async function wholeOf(turn: Turn, entry: Entry): Promise<Kept | null> {
  const found = await turn.objectStore('experiments').get(entry.id);
  if (!found) return null;
  return { entry, data: found.data, texts: await textsOf(entry, (hash) => turn.objectStore('texts').get(hash)) };
}

/** @returns what was taken out; null where there was nothing, or where storage refuses. */
export function remove(id: string): Promise<Kept | null> {
  return attempt<Kept | null>(
    (db) =>
      inOneTurn(db, async (turn) => {
        const entry = await turn.objectStore('entries').get(id);
        if (!entry) return null;
        const whole = await wholeOf(turn, entry);
        const kept = whole && { ...whole, parameters: await filesOf(turn, entry) };
        await takeOut(turn, entry);
        return kept;
      }),
    () => null,
  );
}

/** Puts back what was taken out; where its experiment went on meanwhile and was kept again, beside it. */
export function putBack({ entry, data, texts, parameters = {} }: Kept): Promise<boolean> {
  return attempt(
    (db) =>
      inOneTurn(db, async (turn) => {
        const isTaken = (await turn.objectStore('entries').getKey(entry.id)) !== undefined;
        const fresh = isTaken ? { ...entry, id: newId() } : entry;
        await put(turn, fresh, data, texts);
        await putParameters(turn, fresh.id, entry.parameters, parameters);
        return true;
      }),
    () => false,
  );
}

/** What was under way is not gone on with; an experiment of which nothing was measured goes with it. */
export function endUnderWay(id: string): Promise<boolean> {
  return attempt(
    (db) =>
      inOneTurn(db, async (turn) => {
        const entry = await turn.objectStore('entries').get(id);
        if (!entry) return true;
        if (entry.runs === 0) await takeOut(turn, entry);
        else {
          delete entry.underWay;
          await turn.objectStore('entries').put(entry);
        }
        return true;
      }),
    () => false,
  );
}
