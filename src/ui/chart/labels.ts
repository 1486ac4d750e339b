/** Label placement: text that never covers other text or a mark. Pure geometry in CSS pixels, y pointing down. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface LabelRequest {
  id: string;
  /** The mark the label belongs to. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** Placed before labels of lower importance. */
  importance: number;
}

interface PlacedLabel extends Box {
  id: string;
}

const overlaps = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const contains = (outer: Box, inner: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

/**
 * Greedy placement around each mark, most important first: above, below, beside, then farther out.
 * A label that fits nowhere is left out rather than drawn over something.
 */
export function placeLabels(requests: readonly LabelRequest[], obstacles: readonly Box[], bounds: Box): PlacedLabel[] {
  const taken: Box[] = [...obstacles];
  const placed: PlacedLabel[] = [];
  for (const request of [...requests].sort((a, b) => b.importance - a.importance)) {
    const box = candidates(request).find(
      (candidate) => contains(bounds, candidate) && !taken.some((other) => overlaps(candidate, other)),
    );
    if (!box) continue;
    taken.push(box);
    placed.push({ id: request.id, ...box });
  }
  return placed;
}

function candidates({ x, y, width, height }: LabelRequest): Box[] {
  const boxes: Box[] = [];
  for (const gap of [12, 22, 36, 54, 76]) {
    for (const shift of [-0.5, 0, -1, -0.25, -0.75]) {
      boxes.push({ x: x + shift * width, y: y - gap - height, width, height });
      boxes.push({ x: x + shift * width, y: y + gap, width, height });
    }
    boxes.push({ x: x + gap, y: y - height / 2, width, height });
    boxes.push({ x: x - gap - width, y: y - height / 2, width, height });
  }
  return boxes;
}

/**
 * Moves labels along one line so that neighbours keep `gap`, each as near to where it wants to be as least squares
 * allows (pool adjacent violators), inside [lo, hi]. Returns positions in the order given. More labels than fit are
 * spread evenly.
 */
export function spread(wanted: readonly number[], gap: number, lo: number, hi: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const step = Math.min(gap, wanted.length > 1 ? (hi - lo) / (wanted.length - 1) : gap);
  const pools: { sum: number; count: number }[] = [];
  // Subtracting i·step turns "at least one step apart" into "not decreasing".
  order.forEach((index, i) => {
    pools.push({ sum: wanted[index] - i * step, count: 1 });
    while (pools.length > 1 && mean(pools[pools.length - 2]) > mean(pools[pools.length - 1])) {
      const last = pools.pop()!;
      const previous = pools[pools.length - 1];
      previous.sum += last.sum;
      previous.count += last.count;
    }
  });
  const highest = hi - (wanted.length - 1) * step;
  const base = pools.flatMap((pool) => Array<number>(pool.count).fill(Math.min(highest, Math.max(lo, mean(pool)))));
  const positions = new Array<number>(wanted.length);
  order.forEach((index, i) => (positions[index] = base[i] + i * step));
  return positions;
}

const mean = ({ sum, count }: { sum: number; count: number }) => sum / count;

/** Width of a line of text in the page's font, a little generous so that estimated boxes never touch. */
export const textWidth = (text: string, size = 12): number => 4 + [...text].length * size * 0.58;
