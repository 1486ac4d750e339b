/** The numbers of a chart as rows: what its table shows and its CSV holds. */
export type Cell = string | number | null;

export interface Table {
  columns: string[];
  rows: Cell[][];
}
