/** Tables of losses kept in this browser with their seals. Where storage is blocked nothing is found, and nothing is kept. */
import { InputError } from '../../model/parse.ts';
import { parseLossDocument, type LossDocument } from '../state/loss-document.ts';

const KEY = 'mup-playground-losses';
const MOST = 20;

export interface KeptTable {
  id: string;
  /** ISO 8601 time of the last change. */
  changed: string;
  document: LossDocument;
}

/** The newest first; what cannot be read by this version is passed over, and stays. */
export const keptTables = (): KeptTable[] => stored().flatMap((one) => readable(one) ?? []);

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
    return { ...kept, document: parseLossDocument(kept.document) };
  } catch {
    return null;
  }
}

/**
 * Keeps a table in place of its earlier state. Of many, the oldest without a seal goes first.
 * @returns why it is not kept, in one sentence; nothing when it is.
 */
export function keepTable(id: string, document: LossDocument): string {
  try {
    // What could not be read again would be lost without a word.
    parseLossDocument(document);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return `This table is not kept in this browser: ${error.message}`;
  }
  const others = stored().filter((one) => (one as KeptTable | null)?.id !== id);
  const spare = others.findLast((one) => readable(one)?.document.sealed.length === 0);
  const kept = others.length < MOST ? others : others.filter((one) => one !== spare);
  try {
    localStorage.setItem(KEY, JSON.stringify([{ id, changed: new Date().toISOString(), document }, ...kept]));
    return '';
  } catch {
    return 'This table is not kept: this browser’s storage is blocked or full. Take its fit.json away before you leave.';
  }
}
