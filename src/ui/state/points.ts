/** Finished runs of one recipe, brought together as one point per width. */
import type { RunResult } from '../../model/result.ts';

export interface WidthPoint {
  width: number;
  /** Mean final evaluation loss over the seeds, nats per token. */
  loss: number;
  /** Standard error of that mean; null when neither seeds nor the evaluation tell one. */
  standardError: number | null;
  runs: string[];
}

export function widthPoints(runs: readonly RunResult[]): WidthPoint[] {
  const widths = [...new Set(runs.map((run) => run.width))].sort((a, b) => a - b);
  return widths.flatMap((width) => {
    const done = runs.filter((run) => run.width === width && run.status === 'done' && run.finalEvalLoss !== null);
    return done.length ? [pointOf(width, done)] : [];
  });
}

function pointOf(width: number, runs: RunResult[]): WidthPoint {
  const losses = runs.map((run) => run.finalEvalLoss!);
  const n = losses.length;
  const loss = losses.reduce((sum, one) => sum + one, 0) / n;
  const spread = n > 1 ? Math.sqrt(losses.reduce((sum, one) => sum + (one - loss) ** 2, 0) / (n - 1) / n) : null;
  return { width, loss, standardError: spread, runs: runs.map((run) => run.id) };
}
