/** Tables of losses kept in this browser with their seals. Where storage is blocked nothing is found, and nothing is kept. */
import { newId } from '../../model/identity.ts';
import { InputError } from '../../model/parse.ts';
import type { TableKind } from '../../tables/reading.ts';
import { parseLossDocument, type LossDocument } from '../state/loss-document.ts';

const KEY = 'mup-playground-losses';
const MOST = 20;

interface AboutTable {
  kind: TableKind;
  rows: number;
}

export interface KeptTable {
  id: string;
  /** ISO 8601 time of the last change. */
  changed: string;
  /** Another one each time it is kept; what earlier versions kept lacks it. */
  revision?: string;
  /** What it was read as, where it was read; what earlier versions kept lacks it. */
  about?: AboutTable;
  document: LossDocument;
}

/** Revisions of what this page kept last, or opened, by id. */
const known = new Map<string, string | undefined>();

/** What is kept from now on by its id goes on from this. */
export function goOnFrom({ id, revision }: KeptTable): void {
  known.set(id, revision);
}

/** The newest first; what cannot be read by this version is passed over, and stays. */
export const keptTables = (): KeptTable[] => stored().flatMap((one) => readable(one) ?? []);

const KINDS: readonly TableKind[] = ['sizes', 'tokens', 'sweep', 'grid', 'curves', 'activations'];
const isAbout = (about: AboutTable | undefined) =>
  about !== undefined && KINDS.includes(about.kind) && Number.isInteger(about.rows);

/** What stands in storage, whoever wrote it. */
function stored(): unknown[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function readable(one: unknown): KeptTable | null {
  try {
    const kept = one as KeptTable;
    return {
      ...kept,
      ...(isAbout(kept.about) ? {} : { about: undefined }),
      document: parseLossDocument(kept.document),
    };
  } catch {
    return null;
  }
}

/**
 * Keeps a table in place of its earlier state; where another page has kept something under its id meanwhile, that stays, and this goes
 * beside it. Of many, the oldest without a seal goes first.
 * @returns the id that it is kept by, or why it is not, in one sentence.
 */
export function keepTable(
  id: string,
  document: LossDocument,
  about?: AboutTable,
): { id: string; refusal?: undefined } | { refusal: string } {
  try {
    // What could not be read again would be lost without a word.
    parseLossDocument(document);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { refusal: `This table is not kept in this browser: ${error.message}` };
  }
  const all = stored() as (Partial<KeptTable> | null)[];
  const there = all.find((one) => one?.id === id);
  const isOthers = there && !(known.has(id) && known.get(id) === there.revision);
  const others = isOthers ? all : all.filter((one) => one !== there);
  const spare = others.findLast((one) => readable(one)?.document.sealed.length === 0);
  const rest = others.length < MOST ? others : others.filter((one) => one !== spare);
  const kept = {
    id: isOthers ? newId() : id,
    changed: new Date().toISOString(),
    revision: newId(),
    ...(about ? { about } : {}),
    document,
  };
  try {
    localStorage.setItem(KEY, JSON.stringify([kept, ...rest]));
  } catch {
    return {
      refusal:
        'This table is not kept: this browser’s storage is blocked or full. Take its fit.json away before you leave.',
    };
  }
  goOnFrom(kept);
  return { id: kept.id };
}
