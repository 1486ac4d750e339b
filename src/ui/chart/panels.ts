/** Where small charts stand beside and below one another. */
import type { Box } from './labels.ts';

export interface Grid {
  columns: number;
  rows: number;
  height: number;
  /** One box for each panel, row by row. */
  boxes: Box[];
}

interface GridSpec {
  count: number;
  /** Of the whole drawing. */
  width: number;
  /** Most panels side by side. */
  most: number;
  /** Least width of a panel's axes; with less room there are fewer columns. */
  least: number;
  /** Height of a panel's axes, which may depend on their width. */
  tall: number | ((width: number) => number);
  /** Around all panels. */
  edge: { top: number; right: number; bottom: number; left: number };
  /** Between panels. */
  gap: { x: number; y: number };
}

export function gridOf({ count, width, most, least, tall, edge, gap }: GridSpec): Grid {
  const room = width - edge.left - edge.right;
  const fitting = Math.floor((room + gap.x) / (least + gap.x));
  const columns = Math.max(1, Math.min(most, count, fitting));
  const rows = Math.max(1, Math.ceil(count / columns));
  const wide = Math.max(40, (room - (columns - 1) * gap.x) / columns);
  const high = typeof tall === 'function' ? tall(wide) : tall;
  const boxes = Array.from({ length: count }, (_, i) => ({
    x: edge.left + (i % columns) * (wide + gap.x),
    y: edge.top + Math.floor(i / columns) * (high + gap.y),
    width: wide,
    height: high,
  }));
  return { columns, rows, boxes, height: edge.top + rows * high + (rows - 1) * gap.y + edge.bottom };
}
