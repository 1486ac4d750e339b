/** The coordinate check of a table in a terminal: a row for each module, with its slope at the first and the last step. */
import type { TableCoordinates } from '../src/model/check-results.ts';
import { table } from './words.ts';

export function coordinateLines({ series, widths, steps, modules, sentence }: TableCoordinates): string[] {
  const slope = (value: number | null | undefined) => (value == null ? '–' : value.toFixed(2));
  const rows = modules.map(({ name, slopes, verdict }) => [name, slope(slopes[0]), slope(slopes.at(-1)), verdict]);
  return [
    `${series}: slope of log(activation) on log(width), widths ${widths.join(', ')}`,
    table(['module', `step ${steps[0]}`, `step ${steps.at(-1)}`, ''], rows),
    sentence,
  ];
}
