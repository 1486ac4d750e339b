/** What runs have learnt, among what this browser keeps, where a person chose so. Every call resolves, and tells where storage refuses. */
import { newId } from '../../model/identity.ts';
import type { RunResult } from '../../model/result.ts';
import { attempt, inOneTurn, refusalOf, type Entry, type Refused, type Turn } from './database.ts';
import { bytesOfParameters } from './entry.ts';

type Files = Record<string, Uint8Array<ArrayBuffer>>;

/** Of a run that ended: its parameters as a safetensors file. */
interface Parameters {
  run: Pick<RunResult, 'id' | 'finalEvalLoss'>;
  bytes: Uint8Array<ArrayBuffer>;
}

const isOf = (run: Pick<RunResult, 'id' | 'finalEvalLoss'>, id: string, loss: number) =>
  run.id === id && run.finalEvalLoss === loss;

/** Drops what others than these runs have learnt. @returns what stays. */
export async function dropOthers(
  turn: Turn,
  parameters: Entry['parameters'] = {},
  runs: readonly Pick<RunResult, 'id' | 'finalEvalLoss'>[],
): Promise<NonNullable<Entry['parameters']>> {
  const stays = ([id, { loss }]: [string, { loss: number }]) => runs.some((run) => isOf(run, id, loss));
  const gone = Object.entries(parameters).filter((one) => !stays(one));
  await Promise.all(gone.map(([, { key }]) => turn.objectStore('parameters').delete(key)));
  return Object.fromEntries(Object.entries(parameters).filter(stays));
}

/** The files that an entry names, by their keys. */
export async function filesOf(turn: Turn, { parameters = {} }: Pick<Entry, 'parameters'>): Promise<Files> {
  const store = turn.objectStore('parameters');
  const keys = Object.values(parameters).map(({ key }) => key);
  const found = await Promise.all(keys.map(async (key) => [key, await store.get(key)] as const));
  return Object.fromEntries(found.flatMap(([key, file]) => (file ? [[key, file]] : [])));
}

/** Puts files that were taken out with their entry back beside it. */
export async function putParameters(
  turn: Turn,
  id: string,
  parameters: Entry['parameters'] = {},
  files: Files,
): Promise<void> {
  const there = Object.entries(parameters).filter(([, { key }]) => files[key]);
  await change(
    turn,
    id,
    there.map(([run, { key, loss }]) => ({ run: { id: run, finalEvalLoss: loss }, bytes: files[key]! })),
  );
}

async function change(turn: Turn, id: string, added: readonly Parameters[]): Promise<boolean> {
  const entries = turn.objectStore('entries');
  const entry = await entries.get(id);
  if (!entry) return false;
  const store = turn.objectStore('parameters');
  const parameters = { ...entry.parameters };
  for (const { run, bytes } of added) {
    const before = parameters[run.id];
    if (before) await store.delete(before.key);
    const key = newId();
    await store.put(bytes, key);
    parameters[run.id] = { key, bytes: bytes.byteLength, loss: run.finalEvalLoss! };
  }
  const bytes = entry.bytes - bytesOfParameters(entry.parameters) + bytesOfParameters(parameters);
  await entries.put({ ...entry, parameters, bytes });
  return true;
}

/** @param id of the experiment, which must be kept itself. @returns null where all is kept. */
export function keepParameters(id: string, added: readonly Parameters[]): Promise<Refused | null> {
  return attempt<Refused | null>(
    (db) => inOneTurn(db, async (turn) => ((await change(turn, id, added)) ? null : { refusal: 'blocked' })),
    refusalOf,
  );
}

/** Ids and sizes of the runs of an experiment whose parameters are kept. @param runs as they ended. */
export function keptParameters(
  id: string,
  runs: readonly Pick<RunResult, 'id' | 'finalEvalLoss'>[],
): Promise<{ id: string; bytes: number }[]> {
  return attempt<{ id: string; bytes: number }[]>(
    async (db) => {
      const { parameters = {} } = (await db.get('entries', id)) ?? {};
      const kept = Object.entries(parameters).filter(([run, { loss }]) => runs.some((one) => isOf(one, run, loss)));
      return kept.map(([run, { bytes }]) => ({ id: run, bytes }));
    },
    () => [],
  );
}

/** What a run has learnt, as a safetensors file; null where it is not kept. */
export function parametersOf(id: string, run: string): Promise<Uint8Array<ArrayBuffer> | null> {
  return attempt<Uint8Array<ArrayBuffer> | null>(
    async (db) => {
      const key = (await db.get('entries', id))?.parameters?.[run]?.key;
      return (key && (await db.get('parameters', key))) || null;
    },
    () => null,
  );
}

/** @returns whether none are kept any more. */
export function forgetParameters(id: string): Promise<boolean> {
  return attempt(
    (db) =>
      inOneTurn(db, async (turn) => {
        const entry = await turn.objectStore('entries').get(id);
        if (!entry) return true;
        await dropOthers(turn, entry.parameters, []);
        const bytes = entry.bytes - bytesOfParameters(entry.parameters);
        await turn.objectStore('entries').put({ ...entry, parameters: {}, bytes });
        return true;
      }),
    () => false,
  );
}
