/** The laws side by side as rows of a table. */
import type { FitReport } from '../../scaling/width/report.ts';
import type { Table } from '../chart/table.ts';
import { recipeWords } from '../words.ts';
import { forecastsOf, type ComparedSide } from '../law/compare-scene.ts';

export function lawsTable(sides: readonly ComparedSide[], lawOf: (side: ComparedSide) => FitReport | null): Table {
  const rows = sides.flatMap((side) => {
    const name = recipeWords(side.name);
    const rungs = side.scene.rungs.map(({ width, x, loss, standardError }) => [
      ...[name, width, x, 'rung', loss, standardError],
      ...[null, null, null, null],
    ]);
    const targets = forecastsOf(side, lawOf(side)).map(({ width, loss, lo, hi, actual, verdict, isSealed }) => {
      const { x } = side.scene.targets.find((target) => target.width === width)!;
      const role = isSealed ? 'target, sealed' : 'target';
      return [name, width, x, role, actual, null, loss, lo, hi, verdict];
    });
    return [...rungs, ...targets];
  });
  return {
    columns: [
      'recipe',
      'width',
      'x',
      'role',
      'loss',
      'standard error',
      'predicted',
      '80 % low',
      '80 % high',
      'verdict',
    ],
    rows,
  };
}
