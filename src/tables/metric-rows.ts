/** Tables with a row for each metric, or for each part of the data: of those the loss counts, and the held-out one before training. */
import { looksAt, type ColumnLook } from './columns.ts';
import { lossNamed, meaningOf, sideOf, wordsOf, type Meaning } from './meanings.ts';
import { quoted, type Sheet } from './sheet.ts';

/** Different words beyond which a column names no metrics. */
const MOST = 40;

/** What may stand beside a loss as another metric. */
const METRICS: ReadonlySet<Meaning | null> = new Set<Meaning>([
  'loss',
  'perplexity',
  'metric',
  'spread',
  'error',
  'auxiliary',
  'time',
  'rate',
  'prediction',
]);

export function withoutOtherMetrics(sheet: Sheet): Sheet {
  if (!sheet.isNamed) return sheet;
  for (const look of looksAt(sheet)) {
    if (!look.isWords || look.distinct < 2 || look.distinct > MOST) continue;
    const kept = lossesAmong(
      [...new Set(look.cells)].filter((word) => word !== ''),
      look,
    );
    if (!kept) continue;
    const rows = sheet.rows.filter((_, i) => kept.has(look.cells[i]!));
    const said = `Of "${look.name}" ${quoted([...kept])} ${kept.size === 1 ? 'counts' : 'count'}; the other ${sheet.rows.length - rows.length} rows are left out.`;
    return { ...sheet, rows, said: [...sheet.said, said] };
  }
  return sheet;
}

/** The words of what counts; null where the words are none of metrics, or all of them count. */
function lossesAmong(words: readonly string[], { name }: ColumnLook): Set<string> | null {
  const areSides = words.every(
    (word) => wordsOf(word).length <= 2 && sideOf(word) !== null && lossNamed(word) === null,
  );
  const isCalled = /^(metrics?|metric_?name|tags?|variable|measure|quantity|key)$/i.test(name.trim());
  const areMetrics =
    words.some((word) => lossNamed(word)?.kind === 'loss') &&
    (isCalled || words.every((word) => METRICS.has(meaningOf(word))));
  if (!areSides && !areMetrics) return null;
  const rank = (word: string): number => {
    const loss = lossNamed(word);
    if (areMetrics && loss?.kind !== 'loss') return -1;
    return sideOf(word) === 'held-out' ? 2 : sideOf(word) === 'training' ? 0 : 1;
  };
  const best = Math.max(...words.map(rank));
  const kept = new Set(words.filter((word) => rank(word) === best));
  return kept.size < words.length ? kept : null;
}
