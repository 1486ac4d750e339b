/** Tables of losses kept in this browser with their seals. Where storage is blocked nothing is found, and nothing is kept. */
import { parseLossDocument, type LossDocument } from '../state/loss-document.ts';

const KEY = 'mup-playground-losses';
const MOST = 20;

export interface KeptTable {
  id: string;
  /** ISO 8601 time of the last change. */
  changed: string;
  document: LossDocument;
}

/** The newest first; what an earlier version wrote and this one cannot read is passed over. */
export function keptTables(): KeptTable[] {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]') as KeptTable[];
    return kept.flatMap((one) => {
      try {
        return [{ ...one, document: parseLossDocument(one.document) }];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** Keeps a table in place of its earlier state. Of many, those without a seal that are oldest go first. */
export function keepTable(id: string, document: LossDocument): boolean {
  const others = keptTables().filter((one) => one.id !== id);
  const all = [{ id, changed: new Date().toISOString(), document }, ...others];
  const spare = all.findLast((one) => one.document.sealed.length === 0) ?? all[all.length - 1];
  return write(all.length > MOST ? all.filter((one) => one !== spare) : all);
}

function write(tables: readonly KeptTable[]): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(tables));
    return true;
  } catch {
    return false;
  }
}
