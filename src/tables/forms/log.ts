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
const LOSS = /loss|ppl|perplexity/i;
const AT_STEP = /\bat (step|iter|iteration|epoch|update)s?:?\s+(\d{1,15})\b/i;
const STEP = /^(step|iter|iteration|epoch|global_?step|update)s?$/i;

type Pairs = [name: string, value: string][];

/** Null for a line that names nothing, or no step. */
function pairsIn(written: string): Pairs | null {
  if (written.length > LONGEST) return null;
  // Of many blanks one tells as much, and takes no time.
  const line = written.replace(/[^\S\n]+/g, ' ');
  const parts = line.split(/[|,;]\s+|\s+\|\s*|:\s+(?=[a-z])/i);
  const tokens = tokensIn(line);
  const pairs =
    tokens.length > 1
      ? tokens
      : parts.flatMap((part): Pairs => {
          if (part.length > LONGEST_PART) return [];
          const found = ASSIGNED.exec(part) ?? PAIR.exec(part);
          return found ? [[found[1]!.trim(), found[2]!]] : [];
        });
  // "validation loss at iteration 1000 | lm loss value: 3.1" tells the step in words, and once whose losses follow.
  const [, word, at] = AT_STEP.exec(line) ?? [];
  if (word !== undefined) pairs.unshift([word, at!]);
  const [side] = /^\s*(valid(?:ation)?|test|eval(?:uation)?)\b/i.exec(line) ?? [];
  if (side !== undefined && word !== undefined) {
    const told = pairs.filter(([name]) => !AT_STEP.test(`${name} 1`));
    const own = told.map(([name, value]): [string, string] => [
      LOSS.test(name) ? `${side.trim()} ${name}` : name,
      value,
    ]);
    return own.some(([name]) => LOSS.test(name)) ? own : null;
  }
  const hasStep = pairs.some(([name]) => STEP.test(name));
  return hasStep && pairs.some(([name]) => LOSS.test(name)) ? pairs : null;
}

const TOKEN =
  /(?:^|\s)([A-Za-z][A-Za-z_/.]*)[:=] ?([+-]?\d[\d.]*(?:e[+-]?\d+)?|nan|inf)(?:\/\d+)?(?:ms|s|%)?(?=\s|$)/gi;
/** As llm.c writes them. */
const SHORT: Record<string, string> = { s: 'step', tel: 'val loss', trl: 'train loss' };

/** "step:125/5100 val_loss:4.6 train_time:30000ms": names and numbers with nothing but blanks between them. */
function tokensIn(line: string): Pairs {
  const found = [...line.matchAll(TOKEN)].map(([, name, value]): [string, string] => [name!, value!]);
  const isShort = found.length === 2 && found[0]![0] === 's' && Object.hasOwn(SHORT, found[1]![0]);
  const pairs = isShort ? found.map(([name, value]): [string, string] => [SHORT[name]!, value]) : found;
  return pairs.some(([name]) => STEP.test(name)) && pairs.some(([name]) => LOSS.test(name)) ? pairs : [];
}

/** Lines of a log that end in a record each, as fairseq writes them. */
const RECORD = /(?:^|[|\]:]\s|INFO\S*\s)(\{"[^{}]*\})\s*$/;

/** The records of such lines alone; null where there are none, or nothing stands before them. */
export function recordsOfLog(text: string): string | null {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  if (!lines.slice(0, 200).some((line) => line.length < LONGEST && !line.startsWith('{') && RECORD.test(line)))
    return null;
  const records = lines.flatMap((line) => (line.length < LONGEST ? (RECORD.exec(line)?.[1] ?? []) : []));
  return records.length >= LEAST_LINES && records.length > lines.length / 2 ? records.join('\n') : null;
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
