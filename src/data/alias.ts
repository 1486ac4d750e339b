/** Alias tables (Walker 1977, in Vose's construction of 1991): one draw from any distribution in constant time. */

export interface AliasTables {
  /** [rows, columns]: keep the column drawn uniformly with this probability … */
  threshold: Float64Array;
  /** … and take this one otherwise. */
  alias: Uint32Array;
}

/** @param p [rows, columns], each row a distribution. */
export function aliasTables(p: Float64Array, rows: number, columns: number): AliasTables {
  const threshold = new Float64Array(rows * columns).fill(1);
  const alias = new Uint32Array(rows * columns);
  const scaled = new Float64Array(columns);
  // Columns with less than their share grow from the front, those with more from the back.
  const stack = new Uint32Array(columns);
  for (let row = 0; row < rows; row++) {
    const base = row * columns;
    let [small, large] = [0, columns];
    for (let j = 0; j < columns; j++) {
      scaled[j] = p[base + j] * columns;
      alias[base + j] = j;
      if (scaled[j] < 1) stack[small++] = j;
      else stack[--large] = j;
    }
    while (small > 0 && large < columns) {
      const poor = stack[--small];
      const rich = stack[large];
      threshold[base + poor] = scaled[poor];
      alias[base + poor] = rich;
      scaled[rich] -= 1 - scaled[poor];
      if (scaled[rich] < 1) {
        large++;
        stack[small++] = rich;
      }
    }
  }
  return { threshold, alias };
}
