/** A joint law in a terminal. */
import type { JointReport } from '../src/model/scaling-results.ts';
import type { FrontierReport } from '../src/scaling/joint/joint.ts';
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

/** The best size and number of tokens for each budget, by the law and by the parabolas of isoFLOP measurements. */
export function frontierLines({ frontier, isoFlop }: FrontierReport): string[] {
  const span = ([lo, hi]: readonly [number, number]) => `${lo.toPrecision(3)} to ${hi.toPrecision(3)}`;
  const lines: string[] = [];
  if (frontier && frontier.points.length > 0) {
    const { value, interval } = frontier.exponent;
    const rows = frontier.points.map(({ compute, n, d, loss }) => [
      `  ${compute.toPrecision(4)}`,
      ...[n, d].flatMap((one) => [one.value.toPrecision(4), span(one.interval)]),
      lossText(loss.value),
      `${lossText(loss.interval[0])} to ${lossText(loss.interval[1])}`,
    ]);
    lines.push('', `  Compute-optimal: N grows as C^${value.toFixed(3)} (80 % interval ${span(interval)}), C = 6 N D`);
    lines.push(table(['  C', 'N', '80 %', 'D', '80 %', 'loss', '80 %'], rows));
  }
  if (isoFlop) {
    const rows = isoFlop.parabolas.map(({ compute, n, floor, isInside, points }) => [
      `  ${compute.toPrecision(4)}`,
      String(points.length),
      `${n.value.toPrecision(4)}${isInside ? '' : ' (beyond its sizes)'}`,
      n.lo === null || n.hi === null ? '–' : span([n.lo, n.hi]),
      lossText(floor),
    ]);
    const power =
      isoFlop.exponent &&
      `: N grows as C^${isoFlop.exponent.value.toFixed(3)}${isoFlop.exponent.lo === null ? '' : ` (80 % interval ${span([isoFlop.exponent.lo, isoFlop.exponent.hi!])})`}`;
    lines.push('', `  IsoFLOP parabolas${power ?? ''}`, table(['  C', 'sizes', 'best N', '80 %', 'loss'], rows));
  }
  return lines;
}
