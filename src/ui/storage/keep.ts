/** What is measured here is kept in this browser. Every call resolves, and tells where storage refuses. */
import { newId } from '../../model/identity.ts';
import type { ResultsData } from '../state/results-data.ts';
import { attempt, inOneTurn, refusalOf, type Entry, type Refused, type Turn } from './database.ts';
import { entryOf, ownTexts } from './entry.ts';
import { known, textsOf } from './saved.ts';
import { dropOthers } from './parameters.ts';
import { dropUnused, hashesOf, keepTexts } from './texts.ts';

type Outcome = { id: string; refusal?: undefined } | Refused;

/** What an entry says of an experiment that is kept now. */
export function headOf({ id, created, experiment }: ResultsData, isFinished: boolean) {
  const { name, ladder } = experiment;
  const widths = [...ladder.rungs, ...ladder.targets];
  return { id, created, kept: new Date().toISOString(), revision: newId(), name, widths, isFinished };
}

/**
 * Writes an experiment in place of what its id held, with the texts that its corpora are made of and no other. A text on which one of its
 * runs was trained stays, whatever is called by its name now.
 */
export async function put(
  turn: Turn,
  head: Parameters<typeof entryOf>[0],
  data: ResultsData,
  all: Record<string, string>,
) {
  const { id } = head;
  const entries = turn.objectStore('entries');
  const before = await entries.get(id);
  const given = ownTexts(data.experiment, all);
  const givenHashes = hashesOf(given);
  const trainedOn = new Set(data.runs.map(({ textHash }) => textHash));
  const staying = Object.entries(before?.texts ?? {}).filter(
    ([file, hash]) => trainedOn.has(hash) && hash !== givenHashes[file],
  );
  const stayed = await textsOf({ texts: Object.fromEntries(staying) }, (hash) => turn.objectStore('texts').get(hash));
  const texts = { ...given, ...stayed };
  const hashes = hashesOf(texts);
  await keepTexts(turn, texts);
  const parameters = await dropOthers(turn, before?.parameters, data.runs);
  await entries.put(entryOf(head, data, { hashes, contents: texts }, parameters));
  await turn.objectStore('experiments').put({ id, data: { ...data, id } });
  await dropUnused(turn, Object.values(before?.texts ?? {}));
}

/** Takes an experiment out, with what its runs have learnt and the texts that no other uses. */
export async function takeOut(
  turn: Turn,
  { id, texts, parameters }: Pick<Entry, 'id' | 'texts' | 'parameters'>,
): Promise<void> {
  await Promise.all([turn.objectStore('entries').delete(id), turn.objectStore('experiments').delete(id)]);
  await dropOthers(turn, parameters, []);
  await dropUnused(turn, Object.values(texts));
}

/**
 * Keeps what was measured here. Where another page has kept something under its id meanwhile, that stays, and this goes beside it. Of
 * what nothing was measured and nothing trains nothing stays.
 * @param underWay ids of the runs that train now.
 * @returns the id that it is kept by, or why it is not.
 */
export async function save(
  data: ResultsData,
  texts: Record<string, string>,
  isFinished: boolean,
  underWay?: string[],
): Promise<Outcome> {
  const outcome = await attempt<Outcome>(
    (db) =>
      inOneTurn(db, async (turn) => {
        const there = await turn.objectStore('entries').get(data.id);
        const isOthers = there !== undefined && !(known.has(data.id) && known.get(data.id) === there.revision);
        if (data.runs.length === 0 && !underWay) {
          if (there && !isOthers) await takeOut(turn, there);
          return { id: data.id };
        }
        const id = isOthers ? newId() : data.id;
        const head = { ...headOf(data, isFinished), id, ...(underWay ? { underWay } : {}) };
        await put(turn, head, data, texts);
        known.set(id, head.revision);
        return { id };
      }),
    refusalOf,
  );
  if (!outcome.refusal) askToPersist();
  return outcome;
}

let isPersistent = false;

/** Else a browser may take what it keeps away when its disk is full. Some ask the person; so it is asked once something is kept. */
function askToPersist(): void {
  if (isPersistent) return;
  isPersistent = true;
  void globalThis.navigator?.storage?.persist?.().catch(() => undefined);
}
