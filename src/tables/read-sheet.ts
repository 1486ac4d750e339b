/** The cells of a text, whatever its form. */
import { InputError } from '../model/parse.ts';
import { readDelimited } from './forms/delimited.ts';
import { isJson, readJson } from './forms/json.ts';
import { isLatex, readLatex } from './forms/latex.ts';
import { isLog, readLog, recordsOfLog } from './forms/log.ts';
import { isMarkdown, readMarkdown } from './forms/markdown.ts';
import type { Sheet } from './sheet.ts';

/** @throws InputError where the text holds no table. */
export function readSheet(source: string): Sheet {
  const text = withoutColours(source.replace(/^\ufeff/, ''));
  if (text.trim() === '')
    throw new InputError('file', 'The file is empty; it needs a column of sizes and one of losses.');
  const records = recordsOfLog(text);
  if (records !== null) return readJson(records);
  if (isJson(text)) return readJson(text);
  if (isLog(text)) return readLog(text);
  if (/^\s*(<[!a-z][^>]*>\s*)*<(table|thead|tbody|tr)\b/i.test(text)) {
    throw new InputError(
      'file',
      'This is the source of a web page: copy the table as a browser shows it, and paste that.',
    );
  }
  if (isLatex(text)) return readLatex(text);
  return isMarkdown(text) ? readMarkdown(text) : readDelimited(text);
}

/** A terminal is told its colours between the letters, which people copy with its text. */
const ESCAPE = '\u001b';
const COLOUR = new RegExp(`${ESCAPE}\\[[0-9;]*[A-Za-z]`, 'g');
const withoutColours = (text: string): string => (text.includes(ESCAPE) ? text.replace(COLOUR, '') : text);
