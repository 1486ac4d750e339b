/** A fit as a table for a terminal. */
import type { Noise, PlausibleLaw } from '../src/model/scaling-results.ts';
import type { FitPoint, FitReport, Interval, LawParameters } from '../src/scaling/width/report.ts';

/** @param heldOut points that were not fitted, whose losses the predictions are held against. */
export function printFit(report: FitReport, series: string | null, heldOut: readonly FitPoint[]): string {
  const lines = [''];
  if (series !== null) lines.push(`${series}`, '='.repeat(series.length));
  lines.push(`Status: ${report.status}`, ...report.notes.map((note) => `  ${note}`));
  const law = report.leastSquares;
  const residual = (point: FitPoint) => (law ? point.loss - lossOf(law, point.x) : null);
  lines.push(
    '',
    ...columns(
      ['x', 'loss', 'loss - law'],
      report.points.map((point) => [String(point.x), String(point.loss), signed(residual(point))]),
    ),
  );
  if (!law) return lines.join('\n');

  const parameters = (['a', 'b', 'c'] as const).map((name) => [
    name,
    decimals(law[name]),
    span(report.intervals![name], 4),
  ]);
  lines.push('', 'L(x) = c + a·x^-b', ...columns(['', 'value', '80 % interval'], parameters));
  lines.push(`  SSE  ${law.sse.toExponential(5)}`, ...groundLines(report).map((line) => `  ${line}`));
  if (report.predictions.length) lines.push('', ...predictionTable(report, heldOut));
  const { backtest } = report;
  if (backtest.length) {
    const held = backtest.filter(({ lo, hi, actual }) => lo <= actual && actual <= hi).length;
    lines.push(
      '',
      `Backtest: fitting the smallest x only, the 80 % interval held ${held} of ${backtest.length} larger rungs.`,
    );
  }
  return lines.join('\n');
}

/** What the intervals rest on: the noise of one run, and the forms of law with how plausible the points make each. */
export function groundLines({ noise, laws = [] }: { noise?: Noise | null; laws?: PlausibleLaw[] }): string[] {
  const forms = laws
    .filter(({ weight }) => weight >= 0.001)
    .map(({ name, weight }) => `${name} ${Math.round(100 * weight)} %`);
  return [
    ...(noise ? [noise.sentence] : []),
    ...(forms.length > 0 ? [`Forms of law in the interval: ${forms.join(', ')}.`] : []),
  ];
}

const lossOf = ({ a, b, c }: LawParameters, x: number) => c + a * x ** -b;

function predictionTable(report: FitReport, heldOut: readonly FitPoint[]): string[] {
  const rows = report.predictions.map(({ x, loss, intervals }) => {
    const known = heldOut.filter((point) => point.x === x).map((point) => point.loss);
    const actual = known.length ? known.reduce((sum, one) => sum + one, 0) / known.length : null;
    const law = lossOf(report.leastSquares!, x);
    const errors = actual === null ? ['', '', ''] : [String(actual), signed(loss - actual), signed(law - actual)];
    return [
      String(x),
      loss.toFixed(4),
      span(intervals['50'], 4),
      span(intervals['80'], 4),
      span(intervals['95'], 4),
      law.toFixed(4),
      ...(heldOut.length ? errors : []),
    ];
  });
  const held = heldOut.length ? ['measured', 'error', 'law’s error'] : [];
  const header = ['x', 'predicted', '50 %', '80 %', '95 %', 'law', ...held];
  return columns(header, rows);
}

function columns(header: string[], rows: string[][]): string[] {
  const widths = header.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  return [header, ...rows].map((row) => `  ${row.map((cell, i) => cell.padStart(widths[i]!)).join('  ')}`);
}

/** Six decimals, or seven figures where that would show nothing or too much. */
const decimals = (value: number) =>
  value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6) ? value.toPrecision(7) : value.toFixed(6);
const span = ([lo, hi]: Interval, digits: number) =>
  Math.max(Math.abs(lo), Math.abs(hi)) >= 1e6
    ? `[${lo.toPrecision(5)}, ${hi.toPrecision(5)}]`
    : `[${lo.toFixed(digits)}, ${hi.toFixed(digits)}]`;
const signed = (value: number | null) => (value === null ? '' : `${value < 0 ? '' : '+'}${value.toFixed(4)}`);
