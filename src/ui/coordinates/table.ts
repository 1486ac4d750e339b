/** The coordinate check's numbers as rows: every module, step and width, with the slope of its step. */
import type { Table } from '../chart/table.ts';
import type { DrawnCheck } from './modules.ts';

export function coordinatesTable(checks: readonly DrawnCheck[]): Table {
  const widths = [...new Set(checks.flatMap((check) => check.widths))].sort((a, b) => a - b);
  return {
    columns: [
      'recipe',
      'module',
      'updates',
      ...widths.map((width) => `width ${width}`),
      'slope',
      'standard error',
      'verdict',
    ],
    rows: checks.flatMap((check) =>
      check.modules.flatMap(({ name, values, slopes, slopeErrors, verdict }) =>
        check.steps.map((step, s) => [
          ...[check.recipe, name, step],
          ...widths.map((width) => values[s]?.[check.widths.indexOf(width)] ?? null),
          ...[slopes[s], slopeErrors[s], verdict],
        ]),
      ),
    ),
  };
}
