/** The edge of a set of cells of a map, as an SVG path. */

type Cell = readonly [i: number, j: number];

/**
 * @param at pixel of the corner at column i, row j of the grid's lines
 * @returns one stroke for each side of a cell whose neighbour there is not in the set
 */
export function outlinePath(cells: readonly Cell[], at: (i: number, j: number) => [x: number, y: number]): string {
  const inside = new Set(cells.map(([i, j]) => `${i} ${j}`));
  const has = (i: number, j: number) => inside.has(`${i} ${j}`);
  const stroke = (from: [number, number], to: [number, number]) => `M${from}L${to}`;
  return cells
    .flatMap(([i, j]) => [
      has(i, j - 1) ? '' : stroke(at(i, j), at(i + 1, j)),
      has(i, j + 1) ? '' : stroke(at(i, j + 1), at(i + 1, j + 1)),
      has(i - 1, j) ? '' : stroke(at(i, j), at(i, j + 1)),
      has(i + 1, j) ? '' : stroke(at(i + 1, j), at(i + 1, j + 1)),
    ])
    .join('');
}
