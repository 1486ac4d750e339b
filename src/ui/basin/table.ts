/** The basin's numbers as rows, a cell each. */
import type { Table } from '../chart/table.ts';
import type { BasinScene, Cell } from './scene.ts';

export function basinTable({ rows, parameters, values, over }: BasinScene): Table {
  const has = (cells: readonly Cell[], i: number, j: number) => cells.some(([a, b]) => a === i && b === j);
  return {
    columns: ['recipe', over, ...parameters, 'loss', 'above the best', 'in the basin', 'in every basin'],
    rows: rows.flatMap(({ recipe, maps, common }) =>
      maps.flatMap(({ width, map }) =>
        (map?.cells ?? []).map(({ i, j, loss, excess, diverged }) => [
          ...[recipe, width, values[0][i], values[1][j]],
          ...[diverged && loss === null ? 'diverged' : loss, excess],
          ...[has(map!.basin, i, j) ? 'yes' : 'no', has(common, i, j) ? 'yes' : 'no'],
        ]),
      ),
    ),
  };
}
