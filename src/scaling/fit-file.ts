/** `fit.json` (schema id `mup-playground/fit@1`): fits of losses measured anywhere, at full precision. */
import * as v from 'valibot';
import { number } from '../model/fields.ts';
import { parseWith } from '../model/parse.ts';
import { backtestRowSchema } from '../model/result.ts';
import {
  comparisonSchema,
  jointReportSchema,
  noiseSchema,
  plausibleLawSchema,
  type JointReport,
} from '../model/scaling-results.ts';
import {
  tableBasinSchema,
  tableCollapseSchema,
  tableCoordinatesSchema,
  tableTransferSchema,
} from '../model/check-results.ts';
import type { FrontierReport } from './joint/joint.ts';
import { lossSealSchema } from './loss-seal.ts';
import type { FitPoint, FitReport } from './width/report.ts';

export const FIT_SCHEMA = 'mup-playground/fit@1';

const interval = v.tuple([number, number]);

const fitSchema = v.strictObject({
  /** Null where the table has no series column. */
  series: v.nullable(v.string()),
  /** Names of the columns the numbers came from. */
  x: v.string(),
  y: v.string(),
  points: v.array(
    v.strictObject({
      x: number,
      loss: number,
      standardError: v.optional(v.pipe(number, v.minValue(0))),
      seeds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    }),
  ),
  /** Measured, and held back from the fit; missing where there are none. */
  heldBack: v.optional(v.array(v.strictObject({ x: number, loss: number }))),
  status: v.picklist(['converged', 'at-bound', 'floor-not-identified', 'rising', 'too-few-points', 'joint']),
  notes: v.array(v.string()),
  /** L = c + a·x^-b; null with fewer than three different x, and where the losses rise with x. */
  leastSquares: v.nullable(v.strictObject({ a: number, b: number, c: number, sse: number })),
  predictions: v.array(
    v.strictObject({
      x: number,
      loss: number,
      intervals: v.strictObject({ '50': interval, '80': interval, '95': interval }),
    }),
  ),
  backtest: v.array(backtestRowSchema),
  /** 80 % intervals of a, b and c; files of earlier versions lack them. */
  intervals: v.optional(v.nullable(v.strictObject({ a: interval, b: interval, c: interval }))),
  /** How far one run falls from the law, and the forms that the intervals take into account; missing in earlier files too. */
  noise: v.optional(noiseSchema),
  laws: v.optional(v.array(plausibleLawSchema)),
  /** Where there is a column of tokens: the law of x and tokens, which then takes the place of the one above. */
  joint: v.optional(jointReportSchema),
});

const estimateSchema = v.strictObject({ value: number, interval });

/** The compute-optimal frontier of a series' joint law, and the parabolas of its isoFLOP measurements. */
const frontierSchema = v.strictObject({
  series: v.nullable(v.string()),
  /** Power of C = 6 N D with which N grows; null where the law has no frontier. */
  exponent: v.nullable(estimateSchema),
  points: v.array(v.strictObject({ compute: number, n: estimateSchema, d: estimateSchema, loss: estimateSchema })),
  parabolas: v.array(
    v.strictObject({
      compute: number,
      n: v.strictObject({ value: number, lo: v.nullable(number), hi: v.nullable(number) }),
      floor: number,
      isInside: v.boolean(),
    }),
  ),
});

/** What each column of the table was taken for, and why. */
const readingSchema = v.strictObject({
  kind: v.picklist(['sizes', 'tokens', 'sweep', 'grid', 'curves', 'activations']),
  columns: v.array(v.strictObject({ name: v.string(), role: v.nullable(v.string()), reason: v.string() })),
  notes: v.array(v.string()),
});

const fitFileSchema = v.strictObject({
  schema: v.literal(FIT_SCHEMA, `schema must be "${FIT_SCHEMA}"`),
  fits: v.array(fitSchema),
  /** Of files that a table was read for; the rest where the table asks for it. */
  reading: v.optional(readingSchema),
  transfer: v.optional(v.array(tableTransferSchema)),
  basin: v.optional(v.array(tableBasinSchema)),
  coordinates: v.optional(v.array(tableCoordinatesSchema)),
  collapse: v.optional(v.array(tableCollapseSchema)),
  frontier: v.optional(v.array(frontierSchema)),
  comparisons: v.optional(v.array(comparisonSchema)),
  /** Predictions that were frozen before the loss was known; the page writes them. */
  sealed: v.optional(v.array(lossSealSchema)),
});

export type FitFile = v.InferOutput<typeof fitFileSchema>;
export type FileFit = v.InferOutput<typeof fitSchema>;

/** @throws InputError naming the field at fault. */
export function parseFitFile(input: unknown): FitFile {
  return parseWith(fitFileSchema, input, 'fit file');
}

type FileReading = NonNullable<FitFile['reading']>;

/** The part of a reading that stands in `fit.json`. */
export const fileReadingOf = ({
  kind,
  columns,
  notes,
}: {
  kind: FileReading['kind'];
  columns: readonly { name: string; role: string | null; reason: string }[];
  notes: readonly string[];
}): FileReading => ({
  kind,
  columns: columns.map(({ name, role, reason }) => ({ name, role, reason })),
  notes: [...notes],
});

/** The frontier of a series as it stands in `fit.json`; null where there is neither a frontier nor a parabola. */
export function fileFrontierOf(
  { frontier, isoFlop }: FrontierReport,
  series: string | null,
): NonNullable<FitFile['frontier']>[number] | null {
  if (!frontier && !isoFlop) return null;
  return {
    series,
    exponent: frontier?.exponent ?? null,
    points: frontier?.points ?? [],
    parabolas: (isoFlop?.parabolas ?? []).map(({ compute, n, floor, isInside }) => ({ compute, n, floor, isInside })),
  };
}

/** The part of a report that stands in `fit.json`. */
export function fileFitOf(
  report: FitReport,
  columns: { series: string | null; x: string; y: string },
  heldBack: readonly FitPoint[] = [],
): FileFit {
  const { status, notes, leastSquares, predictions, backtest, intervals, noise, laws } = report;
  return {
    ...columns,
    points: report.points.map(plainPoint),
    ...(heldBack.length > 0 ? { heldBack: heldBack.map(({ x, loss }) => ({ x, loss })) } : {}),
    status,
    notes,
    leastSquares,
    intervals,
    predictions,
    backtest,
    ...(noise ? { noise } : {}),
    laws,
  };
}

const plainPoint = ({ x, loss, standardError, seeds }: FitPoint): FileFit['points'][number] => ({
  x,
  loss,
  ...(standardError === undefined ? {} : { standardError }),
  ...(seeds === undefined ? {} : { seeds }),
});

/** The same of a table with tokens: no width law is fitted to points that differ in what they were trained on. */
export function fileJointOf(joint: JointReport, columns: { series: string | null; x: string; y: string }): FileFit {
  const points = joint.points.map(({ n, loss }) => ({ x: n, loss }));
  const none = { leastSquares: null, intervals: null, predictions: [], backtest: [] };
  return { ...columns, points, status: 'joint', notes: joint.notes, ...none, joint };
}
