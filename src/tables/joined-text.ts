/** Several files as the text of one table. */
import { csvText } from './csv.ts';
import { sheetsJoined } from './join-sheets.ts';
import type { NamedText } from './sheet.ts';

/** @throws InputError where one holds no table, or they cannot be one */
export function joinedText(texts: readonly NamedText[]): string {
  const { header, isNamed, rows } = sheetsJoined(texts);
  // Numbers of columns would be read as a row.
  const names = isNamed ? header : header.map((name) => (/^\d+$/.test(name) ? `column ${name}` : name));
  return csvText([names, ...rows.map(({ cells }) => header.map((_, i) => cells[i] ?? ''))]);
}
