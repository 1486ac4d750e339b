/** A joint law in a terminal. */
import type { JointReport } from '../src/model/scaling-results.ts';
import { lossText, table } from './words.ts';

/** Status and notes; then, where there is a law, its parameters by both methods and its predictions. */
export function jointLines({ status, notes, leastSquares, huber, intervals, predictions }: JointReport): string[] {
  const lines = [`  Status: ${status}`, ...notes.map((note) => `  ${note}`)];
  if (!leastSquares || !intervals) return lines;
  const rows = (['E', 'A', 'B', 'alpha', 'beta'] as const).map((name) => {
    const [lo, hi] = intervals[name];
    return [
      `  ${name}`,
      leastSquares[name].toPrecision(6),
      `${lo.toPrecision(4)} to ${hi.toPrecision(4)}`,
      huber ? huber[name].toPrecision(6) : '–',
    ];
  });
  lines.push('  L(N, D) = E + A/N^alpha + B/D^beta');
  lines.push(table(['  ', 'least squares', '80 % interval', 'approach 3'], rows));
  if (predictions.length === 0) return lines;
  const spans = predictions.map(({ n, d, loss, intervals: at }) => [
    `  ${n}`,
    String(d),
    lossText(loss),
    ...(['50', '80', '95'] as const).map((level) => `${lossText(at[level][0])} to ${lossText(at[level][1])}`),
  ]);
  return [...lines, table(['  N', 'D', 'predicted', '50 %', '80 %', '95 %'], spans)];
}
