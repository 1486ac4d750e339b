/** Several files as the text of one table. */
import { csvText } from './csv.ts';
import { sheetsJoined } from './join-sheets.ts';
import type { NamedText } from './sheet.ts';

/** @throws InputError where one holds no table, or they cannot be one */
export function joinedText(texts: readonly NamedText[]): string {
  const { header, rows } = sheetsJoined(texts);
  return csvText([header, ...rows.map(({ cells }) => header.map((_, i) => cells[i] ?? ''))]);
}
