/** What trainers print: "step 250: train loss 4.98, val loss 5.01", one line after the other, as a table of what they name. */
import { counted, type Row, type Sheet } from '../sheet.ts';
import { sheetOf } from './delimited.ts';

const PAIR =
  /([A-Za-z][A-Za-z_/.() -]*?)\s*[:=]?\s+([+-]?\d[\d.]*(?:e[+-]?\d+)?|nan|inf)(?:\s*\/\s*\d+)?\s*(?:ms|s|%|it\/s)?\s*$/i;
const ASSIGNED = /([A-Za-z][A-Za-z_/.() -]*?)\s*[:=]\s*([+-]?\d[\d.]*(?:e[+-]?\d+)?|nan|inf)\s*(?:ms|s|%|it\/s)?\s*$/i;
/** Characters of a line, and of a name with its number, beyond which it is none of a log. */
const LONGEST = 2000;
const LONGEST_PART = 120;
/** Lines from which a text is taken for a log. */
const LEAST_LINES = 2;
const STEP = /^(step|iter|iteration|epoch|global_?step|update)s?$/i;

type Pairs = [name: string, value: string][];

/** Null for a line that names nothing, or no step. */
function pairsIn(written: string): Pairs | null {
  if (written.length > LONGEST) return null;
  // Of many blanks one tells as much, and takes no time.
  const line = written.replace(/[^\S\n]+/g, ' ');
  const parts = line.split(/[|,;]\s+|\s+\|\s*|:\s+(?=[a-z])/i);
  const pairs = parts.flatMap((part): Pairs => {
    if (part.length > LONGEST_PART) return [];
    const found = ASSIGNED.exec(part) ?? PAIR.exec(part);
    return found ? [[found[1]!.trim(), found[2]!]] : [];
  });
  const hasStep = pairs.some(([name]) => STEP.test(name));
  return hasStep && pairs.some(([name]) => /loss|ppl|perplexity/i.test(name)) ? pairs : null;
}

export function isLog(text: string): boolean {
  const lines = text.split(/\r\n|\n|\r/, 200).filter((line) => line.trim() !== '');
  const found = lines.filter((line) => pairsIn(line) !== null).length;
  return found >= LEAST_LINES && found > lines.length / 4;
}

/** @throws InputError where nothing is told */
export function readLog(text: string): Sheet {
  const told = text.split(/\r\n|\n|\r/).map((line) => new Map(pairsIn(line) ?? []));
  const header = [...new Set(told.flatMap((pairs) => [...pairs.keys()]))];
  const rows = told.flatMap((pairs, i): Row[] =>
    pairs.size === 0 ? [] : [{ number: i + 1, cells: header.map((name) => pairs.get(name) ?? '') }],
  );
  return sheetOf(header, rows, [`The log tells ${counted(rows.length, 'step')}.`]);
}
