/** What tuning small and training large costs: the value that is best at the smallest size, used at every one. */
import { paddedDomain } from '../chart/axis.ts';
import type { TransferPanel, TransferScene } from './scene.ts';

export interface TunedLine {
  recipe: string;
  /** The value that is best at the smallest size. */
  value: number;
  /** The loss is null where any seed diverged: the mean of the others is none that tuning small reaches. */
  points: { at: number; loss: number | null; done: number; diverged: number; best: number | null }[];
}

/** A line for each recipe whose smallest size has a best value, where at least two sizes were trained with it. */
export function tunedLines({ panels }: Pick<TransferScene, 'panels'>): TunedLine[] {
  return panels.flatMap((panel) => {
    const line = tunedLine(panel);
    return line && line.points.length >= 2 ? [line] : [];
  });
}

function tunedLine({ recipe, curves }: TransferPanel): TunedLine | null {
  const value = curves[0]?.minimum?.grid;
  if (value === undefined) return null;
  const points = curves.flatMap(({ at, points, minimum }) => {
    const point = points.find((one) => one.value === value);
    if (!point || point.done + point.diverged === 0) return [];
    const { done, diverged } = point;
    return [{ at, loss: diverged > 0 ? null : point.loss, done, diverged, best: minimum?.loss ?? null }];
  });
  return { recipe, value, points };
}

export function tunedDomain(lines: readonly TunedLine[]): [number, number] {
  const losses = lines
    .flatMap(({ points }) => points.flatMap(({ loss, best }) => [loss, best]))
    .filter((one) => one !== null);
  return paddedDomain(losses, 'lin', 0.12);
}

/** The finding, in one sentence. */
export function tunedWords(lines: readonly TunedLine[], nameOf: (recipe: string) => string): string {
  const clauses = lines.map(({ recipe, points }) => {
    const last = points[points.length - 1];
    if (last.loss === null) {
      const some = last.done > 0 ? ` with ${last.diverged} of ${last.done + last.diverged} seeds` : '';
      return `${nameOf(recipe)} diverges there${some}`;
    }
    const lost = last.best === null ? 0 : last.loss - last.best;
    return lost < 0.0005 ? `${nameOf(recipe)} loses nothing` : `${nameOf(recipe)} loses ${lost.toFixed(3)} nats`;
  });
  return `Against the best of the largest: ${clauses.join(', ')}.`;
}
