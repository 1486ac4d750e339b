/** Axes: a D3 scale with its ticks and its words, and what becomes of values that a log axis cannot show. */
import { extent } from 'd3-array';
import { format } from 'd3-format';
import { scaleLinear, scaleLog } from 'd3-scale';

export type AxisKind = 'lin' | 'log';

export interface AxisSpec {
  kind: AxisKind;
  /** Smallest and largest value to show. */
  domain: [number, number];
  /** Values that should carry a tick where there is room, e.g. the widths of the ladder. */
  preferred?: number[];
  /** Exactly these ticks, e.g. the middles of the cells of a map. */
  only?: number[];
  /** Words for a tick's value; a number format fitted to the ticks' step when left out. */
  format?: (value: number) => string;
}

interface Tick {
  value: number;
  position: number;
  text: string;
}

interface Axis {
  kind: AxisKind;
  domain: [number, number];
  range: [number, number];
  /** Pixel of a value; NaN where a log axis has no place for it. */
  at(value: number): number;
  /** Value at a pixel. */
  value(pixel: number): number;
  ticks: Tick[];
}

/** Builds an axis of about `count` ticks over pixels `range`. */
export function makeAxis(spec: AxisSpec, range: [number, number], count: number): Axis {
  const isLog = spec.kind === 'log' && spec.domain[0] > 0;
  const scale = isLog ? scaleLog().base(2) : scaleLinear();
  scale.domain(spec.domain).range(range);
  const values = tickValues(spec, isLog, count);
  const words = spec.format ?? stepFormat(values);
  return {
    kind: isLog ? 'log' : 'lin',
    domain: spec.domain,
    range,
    at: (value) => (isLog && value <= 0 ? NaN : scale(value)),
    value: (pixel) => scale.invert(pixel),
    ticks: values.map((value) => ({ value, position: scale(value), text: words(value) })),
  };
}

function tickValues({ domain, preferred, only }: AxisSpec, isLog: boolean, count: number): number[] {
  if (only) return only;
  const [lo, hi] = domain;
  const inside = preferred?.filter((value) => value >= lo && value <= hi) ?? [];
  if (isLog && inside.length >= 2) return inside;
  const linear = scaleLinear().domain(domain).ticks(count);
  // Over less than one decade a log axis reads best with the round numbers of a linear one.
  if (!isLog || hi / lo < 10) return linear;
  const scale = scaleLog().domain(domain);
  const decades = scale.ticks(count).filter((value) => /^1e/.test(value.toExponential()));
  if (decades.length >= 3) return decades;
  // One or two labels give no scale to read by. Ten ticks are enough for d3 to go through all multiples.
  return scale.ticks(10).filter((value) => /^[125]e/.test(value.toExponential()));
}

/** As many decimals as the step between ticks needs, and no more. */
function stepFormat(values: number[]): (value: number) => string {
  const step = values.length > 1 ? Math.abs(values[1] - values[0]) : Math.abs(values[0] ?? 1);
  if (values.some((value) => Math.abs(value) >= 10_000)) return siNumber;
  const decimals = Math.max(0, Math.min(8, Math.ceil(-Math.log10(step) - 1e-9)));
  return format(`.${decimals}f`);
}

const si = format('.3~s');

/** 12k, 3.5M, 1.2T: a billion is B, as people who count parameters write it. */
export const siNumber = (value: number): string => si(value).replace('G', 'B');

/** The extent of `values` with `share` of it added on both sides, along the axis' own kind. */
export function paddedDomain(values: Iterable<number>, kind: AxisKind, share = 0.06): [number, number] {
  const usable = [...values].filter((value) => Number.isFinite(value) && (kind === 'lin' || value > 0));
  const [lo, hi] = extent(usable);
  if (lo === undefined || hi === undefined) return kind === 'log' ? [1, 10] : [0, 1];
  if (kind === 'log') {
    const pad = Math.max(Math.log(hi / lo) * share, 0.01);
    return [lo * Math.exp(-pad), hi * Math.exp(pad)];
  }
  const pad = (hi - lo || Math.abs(hi) || 1) * share;
  return [lo - pad, hi + pad];
}

/** What a log axis leaves out, in one sentence; null when nothing is left out. */
export function droppedSentence(
  values: Iterable<number>,
  kind: AxisKind,
  what: [one: string, many: string],
): string | null {
  if (kind === 'lin') return null;
  const dropped = [...values].filter((value) => !(value > 0)).length;
  if (dropped === 0) return null;
  const verb = dropped === 1 ? 'is' : 'are';
  return `${dropped} ${what[dropped === 1 ? 0 : 1]} at or below zero ${verb} not drawn: a log axis has no place for ${dropped === 1 ? 'it' : 'them'}.`;
}
