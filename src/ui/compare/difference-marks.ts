/** The difference of a pair against size, made drawable. Recipe A less recipe B: below zero, A is better. */
import type { Comparison } from '../../model/scaling-results.ts';
import { paddedDomain, type AxisKind } from '../chart/axis.ts';
import type { Mark } from '../chart/mark.ts';
import type { Table } from '../chart/table.ts';
import { natsWords } from './headline.ts';
import { listWords } from '../words.ts';
import { isEqual, isWithinNoise, type MeasuredDifference } from '../law/compare-scene.ts';

/** Circles for rungs, diamonds for targets, which the band knew nothing of. */
export const differenceMarks = (measured: readonly MeasuredDifference[]): Mark[] =>
  measured.map(({ width, x, difference, standardError, isTarget }) => ({
    id: `difference-${width}`,
    x,
    y: difference,
    ...(standardError === null ? {} : { lo: difference - standardError, hi: difference + standardError }),
    shape: isTarget ? 'diamond' : 'circle',
    isFilled: true,
    color: isTarget ? 'var(--seal)' : 'var(--ink)',
    label: `Width ${width}${isTarget ? ', a target' : ''}: measured difference ${signed(difference)}${standardError === null ? '' : `, standard error ${natsWords(standardError)}`}`,
  }));

export const signed = (value: number): string => `${value < 0 ? '−' : '+'}${natsWords(value)}`;

/** Who was measured to be better at which widths, in one sentence. */
export function leadWords([a, b]: readonly [string, string], measured: readonly MeasuredDifference[]): string {
  const part = (name: string, of: readonly MeasuredDifference[]) =>
    of.length > 0
      ? [`${name} at width${of.length === 1 ? '' : 's'} ${listWords(of.map(({ width }) => String(width)))}`]
      : [];
  const clear = measured.filter((one) => !isWithinNoise(one));
  const parts = [
    ...part(
      `${a} is lower`,
      clear.filter(({ difference }) => difference < 0),
    ),
    ...part(
      `${b} is lower`,
      clear.filter(({ difference }) => difference > 0),
    ),
    ...part(
      'they are equal to the last digit',
      measured.filter((one) => isEqual(one)),
    ),
    ...part(
      'they lie within noise of each other',
      measured.filter((one) => isWithinNoise(one) && !isEqual(one)),
    ),
  ];
  const lone = measured.some(({ standardError }) => standardError === null) ? ', as far as one seed tells' : '';
  return parts.length > 0
    ? `As measured, ${parts.join('; ')}${lone}.`
    : 'Below zero the first is better, above it the second.';
}

interface DifferenceDomains {
  x: [number, number];
  y: [number, number];
}

/** What was measured, the 80 % band over the ladder as far as it is not endless, and zero, which is what it is all about. */
export function differenceDomains(
  comparison: Comparison | null,
  measured: readonly MeasuredDifference[],
  ladder: readonly number[],
  xKind: AxisKind,
): DifferenceDomains {
  const points = measured.flatMap(({ difference, standardError }) => [
    difference - (standardError ?? 0),
    difference + (standardError ?? 0),
  ]);
  const largest = Math.max(0.002, ...points.map(Math.abs));
  const cut = (value: number) => Math.max(-1.6 * largest, Math.min(1.6 * largest, value));
  const [first, last] = [Math.min(...ladder), Math.max(...ladder)];
  const band = (comparison?.band ?? [])
    .filter(({ x }) => x >= first && x <= last)
    .flatMap(({ intervals }) => intervals['80'].map(cut));
  return {
    x: paddedDomain(ladder, xKind, 0.07),
    y: paddedDomain([0, ...points, ...band, ...(points.length + band.length > 0 ? [] : [-0.01, 0.01])], 'lin', 0.15),
  };
}

export function differenceTable(comparison: Comparison | null, measured: readonly MeasuredDifference[]): Table {
  const widthAt = new Map(measured.map(({ x, width }) => [x, width]));
  const rows = measured.map(({ width, x, difference, standardError, isTarget }) => [
    ...[isTarget ? 'measured, target' : 'measured', width, x, difference, standardError],
    ...Array<null>(7).fill(null),
  ]);
  const laws = [...(comparison?.at ?? []), ...(comparison?.band ?? [])].map(
    ({ x, difference, intervals, probability }, i) => [
      i < (comparison?.at.length ?? 0) ? 'laws, target' : 'laws',
      ...[widthAt.get(x) ?? null, x, difference, null],
      ...[...intervals['50'], ...intervals['80'], ...intervals['95'], probability],
    ],
  );
  return {
    columns: [
      ...['what', 'width', 'x', 'A − B', 'standard error'],
      ...['50 % low', '50 % high', '80 % low', '80 % high', '95 % low', '95 % high', 'P(A better)'],
    ],
    rows: [...rows, ...laws],
  };
}
