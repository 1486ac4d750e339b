/** `result.json` (schema id `mup-playground/experiment@1`): validated on the way in and on the way out, everywhere the same. */
import * as v from 'valibot';
import { basinSchema, coordinatesSchema, transferSchema } from './check-results.ts';
import { experimentSchema } from './experiment.ts';
import { number, positive } from './fields.ts';
import { parseWith } from './parse.ts';
import {
  comparisonSchema,
  ghostCurveSchema,
  intervalSchema,
  jointReportSchema,
  noiseSchema,
  planSchema,
  plausibleLawSchema,
  predictionSchema,
} from './scaling-results.ts';

export const RESULT_SCHEMA = 'mup-playground/experiment@1';

const maybe = v.nullable(number);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A diverged step has no loss: JSON knows no NaN, so it is null. */
const series = v.array(maybe);

export const backtestRowSchema = v.strictObject({
  fittedOn: count,
  target: number,
  predicted: number,
  lo: number,
  hi: number,
  actual: number,
});

const runResultSchema = v.strictObject({
  id: v.string(),
  recipe: v.string(),
  width: count,
  seed: count,
  overrides: v.record(v.string(), number),
  parameters: v.strictObject({ total: count, nonEmbedding: count }),
  status: v.picklist(['done', 'diverged', 'failed', 'cancelled']),
  /** Of a diverged run, updates made before the loss left for good. Results of earlier versions lack it. */
  divergedAt: v.optional(v.nullable(count)),
  steps: v.array(count),
  trainLoss: series,
  evalSteps: v.array(count),
  evalLoss: series,
  finalEvalLoss: maybe,
  finalEvalStandardError: maybe,
  tokens: count,
  seconds: number,
  /** Of a coordinate check: mean |x| of each module after t updates, [t][module]. */
  activations: v.optional(v.strictObject({ modules: v.array(v.string()), values: v.array(v.array(maybe)) })),
  /** Version of the parametrization table, of recipes that had another table in an earlier version. */
  table: v.optional(count),
  /** SHA-256, in hex, of the text it was trained on; null for other corpora. Results of earlier versions lack it. */
  textHash: v.optional(v.nullable(v.string())),
  /** Of a text, the bytes that a token of its evaluation window stands for on average; absent where that is not known. */
  bytesPerToken: v.optional(positive),
});

/** A fitted point as a seal holds it: with the runs whose mean it is. */
const sealedPointSchema = v.strictObject({
  x: number,
  loss: number,
  standardError: v.optional(number),
  runs: v.array(v.string()),
});

const fitResultSchema = v.strictObject({
  recipe: v.string(),
  law: v.picklist(['width']),
  x: v.picklist(['width', 'nonEmbedding', 'total', 'flops']),
  points: v.array(v.strictObject({ x: number, loss: number, weight: number, runs: v.array(v.string()) })),
  parameters: v.strictObject({ a: number, b: number, c: number, sse: number }),
  /** 80 % intervals of the law's parameters. */
  intervals: v.strictObject({ a: intervalSchema, b: intervalSchema, c: intervalSchema }),
  status: v.string(),
  notes: v.array(v.string()),
  backtest: v.array(backtestRowSchema),
  /** Of the targets, as this fit sees them; results of earlier versions lack it and the two that follow. */
  predictions: v.optional(v.array(predictionSchema)),
  noise: v.optional(noiseSchema),
  laws: v.optional(v.array(plausibleLawSchema)),
});

const sealedSchema = v.strictObject({
  recipe: v.string(),
  width: count,
  /** ISO 8601 time at which the prediction was frozen. */
  sealedAt: v.pipe(v.string(), v.isoTimestamp('must be a time such as 2026-01-02T12:00:00.000Z')),
  /** SHA-256, in hex, of the canonical JSON of what the prediction was made from. */
  inputsHash: v.string(),
  /** The same of the whole seal, but what was measured later; seals of earlier versions lack it. */
  sealHash: v.optional(v.string()),
  /** What the prediction was fitted to. Every seal made now has it; those of earlier versions lack it and cannot be checked. */
  points: v.optional(v.array(sealedPointSchema)),
  /** SHA-256, in hex, of the text corpus; null for other corpora. */
  textHash: v.optional(v.nullable(v.string())),
  loss: number,
  lo: number,
  hi: number,
  level: number,
  /** SHA-256, in hex, of the canonical JSON of the curve, which the seal is over in its place; seals of earlier versions are over the curve itself. */
  curveHash: v.optional(v.string()),
  /** The training curve that was predicted with it; absent where none could be, and in a short link. */
  curve: v.optional(ghostCurveSchema),
  /** Share of the curve's windows whose measured loss lay in the band; null until it was trained. */
  curveHeld: v.optional(maybe),
  actual: maybe,
  verdict: v.nullable(v.picklist(['inside', 'above', 'below'])),
});

const adapterSchema = v.strictObject({
  vendor: v.string(),
  architecture: v.string(),
  description: v.string(),
  features: v.array(v.string()),
  software: v.boolean(),
});

const resultSchema = v.strictObject({
  schema: v.literal(RESULT_SCHEMA, `schema must be "${RESULT_SCHEMA}"`),
  id: v.string(),
  created: v.string(),
  app: v.strictObject({ version: v.string(), commit: v.string() }),
  adapter: adapterSchema,
  /** Of an example that came with the page, or of a link, taken away there: it was not measured on that page. */
  source: v.optional(v.picklist(['recorded example', 'link'])),
  /** Of a training that was ended, or has not come to its end: `npm run experiment -- --resume` goes on from it. */
  unfinished: v.optional(v.literal(true)),
  experiment: experimentSchema,
  runs: v.array(runResultSchema),
  fits: v.array(fitResultSchema),
  sealed: v.array(sealedSchema),
  /** The law of parameters and tokens, by recipe; of recipes evaluated at several step counts. */
  joint: v.optional(v.array(v.strictObject({ recipe: v.string(), ...jointReportSchema.entries }))),
  /** Every pair of recipes of a comparison. */
  comparisons: v.optional(v.array(comparisonSchema)),
  /** What to train next, by recipe and target. */
  plans: v.optional(v.array(v.strictObject({ recipe: v.string(), ...planSchema.entries }))),
  /** What the study's check says; absent for what it does not ask. */
  transfer: v.optional(v.array(transferSchema)),
  coordinates: v.optional(v.array(coordinatesSchema)),
  basin: v.optional(v.array(basinSchema)),
});

export type ExperimentResult = v.InferOutput<typeof resultSchema>;
export type RunResult = v.InferOutput<typeof runResultSchema>;
export type FitResult = v.InferOutput<typeof fitResultSchema>;
export type SealedPrediction = v.InferOutput<typeof sealedSchema>;

/** @throws InputError naming the field at fault. */
export function parseResult(input: unknown): ExperimentResult {
  return parseWith(resultSchema, input, 'result');
}

/** A run that is over is not trained again; one that was cancelled or failed is. */
export const isOver = (run: RunResult): boolean => run.status === 'done' || run.status === 'diverged';
