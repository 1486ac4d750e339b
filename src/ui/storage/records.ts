/** Whole records among what is kept in this browser: an imported one that joins them, one that is taken out, and put back. */
import { newId } from '../../model/identity.ts';
import { canonicalJson } from '../../experiment/seal.ts';
import type { ResultsData } from '../state/results-data.ts';
import type { Origin } from '../state/results.svelte.ts';
import { attempt, type Saved } from './database.ts';
import { known, recordOf, reopened, standingOf, withId, type Reopened } from './saved.ts';

const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);

/** What was measured and sealed, and of which experiment, as one text; null of a record that this version cannot read. */
function contentOf(saved: Saved): string | null {
  try {
    const { experiment, runs, sealed } = reopened(saved).data;
    return canonicalJson({ experiment, runs: [...runs].sort(byId), sealed });
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
  return attempt(async (db) => {
    const { trained, wanted } = standingOf(data);
    const fresh: Saved = { ...recordOf(data, {}, trained === wanted), origin };
    const content = contentOf(fresh);
    const all = await db.getAll('experiments');
    const same = all.find((one) => one.data.runs.length === data.runs.length && contentOf(one) === content);
    const isTaken = all.some(({ id }) => id === data.id);
    const record = same ? { ...same, kept: fresh.kept } : isTaken ? withId(fresh, newId()) : fresh;
    await db.put('experiments', record);
    known.set(record.id, record.revision);
    return reopened(record);
  }, null);
}

/** @returns the record that was taken out; null where there was none, or where storage refuses. */
export function remove(id: string): Promise<Saved | null> {
  return attempt(async (db) => {
    const found = await db.get('experiments', id);
    await db.delete('experiments', id);
    return found ?? null;
  }, null);
}

/** Puts a record back that was taken out; where its experiment went on meanwhile and was kept again, beside it. */
export function putBack(record: Saved): Promise<boolean> {
  return attempt(async (db) => {
    const later = await db.get('experiments', record.id);
    await db.put('experiments', later ? withId(record, newId()) : record);
    return true;
  }, false);
}
