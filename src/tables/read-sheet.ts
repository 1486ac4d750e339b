/** The cells of a text, whatever its form. */
import { InputError } from '../model/parse.ts';
import { readDelimited } from './forms/delimited.ts';
import { isHtml, readHtml } from './forms/html.ts';
import { isJson, readJson } from './forms/json.ts';
import { isLatex, readLatex } from './forms/latex.ts';
import { isLog, readLog, recordsOfLog } from './forms/log.ts';
import { isMarkdown, readMarkdown } from './forms/markdown.ts';
import { isMediaWiki, readMediaWiki } from './forms/mediawiki.ts';
import { isPairs, readPairs } from './forms/pairs.ts';
import { isYaml, isYamlOfBraces, readYaml } from './forms/yaml.ts';
import type { Sheet } from './sheet.ts';

/** @throws InputError where the text holds no table. */
export function readSheet(source: string): Sheet {
  const text = withoutColours(source.replace(/^\ufeff/, ''));
  if (text.trim() === '')
    throw new InputError('file', 'The file is empty; it needs a column of sizes and one of losses.');
  const records = recordsOfLog(text);
  if (records !== null) return readJson(records);
  const lists = listsAssigned(text);
  if (lists !== null) return readJson(lists);
  if (isJson(text)) return readJson(text);
  if (isMediaWiki(text)) return readMediaWiki(text);
  if (isHtml(text)) return readHtml(text);
  if (isYamlOfBraces(text)) return readYaml(text);
  if (isLog(text)) return readLog(text);
  if (isLatex(text)) return readLatex(text);
  if (isMarkdown(text)) return readMarkdown(text);
  if (isPairs(text)) return readPairs(text);
  return isYaml(text) ? readYaml(text) : readDelimited(text);
}

/** A terminal is told its colours between the letters, which people copy with its text. */
const ESCAPE = '\u001b';
const COLOUR = new RegExp(`${ESCAPE}\\[[0-9;]*[A-Za-z]`, 'g');
const withoutColours = (text: string): string => (text.includes(ESCAPE) ? text.replace(COLOUR, '') : text);

const ASSIGNED = /^[ \t]*(\w{1,80})[ \t]*=[ \t]*(?:np\.array\()?(\[[^\][]*\])\)?[ \t]*;?[ \t]*(?:#.*)?$/gm;

/** "widths = [64, 128]" and "losses = [3.5, 3.3]", as Python has them, as JSON; null where the text holds anything else. */
function listsAssigned(text: string): string | null {
  const found = [...text.matchAll(ASSIGNED)];
  if (found.length < 2 || text.replace(ASSIGNED, '').trim() !== '') return null;
  const lists = found.map(([, name, list]) => `"${name}": ${list!.replace(/,\s*\]$/, ']')}`);
  return `{${lists.join(', ')}}`;
}
