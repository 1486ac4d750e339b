/** A transfer check in a terminal: a row for each width or depth, a column for each swept value, and where the minima lie. */
import { parameterName, valueWriter } from '../src/checks/wording.ts';
import type { SweepMinimum, SweepPoint, TransferCheck } from '../src/model/check-results.ts';
import { lossText, sweptTexts, table } from './words.ts';

export function transferText({
  recipe,
  parameter,
  over,
  curves,
  sentence,
  wider,
}: TransferCheck<string, string>): string {
  const values = curves[0]?.points.map(({ value }) => value) ?? [];
  const write = valueWriter(values);
  const rows = curves.map(({ at, points, minimum }) => [
    String(at),
    ...points.map((point) => pointText(point, minimum)),
    minimum ? minimumText(minimum, write) : '–',
  ]);
  const isPartly = curves.some(({ points }) => points.some(({ loss, diverged }) => loss !== null && diverged > 0));
  return [
    `${recipe}: loss at each ${parameterName(parameter)}, * the best of its row`,
    table([over, ...sweptTexts(values), 'minimum'], rows),
    ...(isPartly ? ['! some of its seeds diverged; the loss is that of the others'] : []),
    sentence,
    ...(wider ? [wider.sentence] : []),
  ].join('\n');
}

function pointText({ value, loss, diverged }: SweepPoint, minimum: SweepMinimum | null): string {
  if (loss === null) return diverged > 0 ? 'diverged' : '–';
  return `${lossText(loss)}${diverged > 0 ? '!' : ''}${value === minimum?.grid ? '*' : ' '}`;
}

const STATUS_WORDS: Record<SweepMinimum['status'], string> = {
  inside: '',
  'lower-end': ', at the lower end of the sweep',
  'upper-end': ', at the upper end of the sweep',
  'beside-divergence': ', beside values that diverged',
};

function minimumText({ value, lo, hi, status }: SweepMinimum, write: (value: number) => string): string {
  const interval = lo === null || hi === null ? '' : ` (80 %: ${write(lo)} to ${write(hi)})`;
  return `${write(value)}${interval}${STATUS_WORDS[status]}`;
}
