/** The transfer chart's numbers as rows. */
import type { Table } from '../chart/table.ts';
import type { TransferScene } from './scene.ts';

export function transferTable({ panels, over, parameter }: TransferScene): Table {
  return {
    columns: [
      'recipe',
      over,
      parameter,
      'loss',
      'standard error',
      'seeds done',
      'seeds diverged',
      'best',
      '80 % low',
      '80 % high',
    ],
    rows: panels.flatMap(({ recipe, curves }) =>
      curves.flatMap(({ at, points, minimum }) =>
        points.map(({ value, loss, standardError, done, diverged }) => {
          const isBest = minimum?.grid === value;
          return [
            ...[recipe, at, value, loss, standardError, done, diverged],
            ...(isBest ? [minimum.value, minimum.lo, minimum.hi] : [null, null, null]),
          ];
        }),
      ),
    ),
  };
}
