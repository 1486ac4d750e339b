/** A prediction from losses measured anywhere, frozen with all that it was made from. */
import * as v from 'valibot';
import { number, positive } from '../model/fields.ts';
import { ghostCurveSchema } from '../model/scaling-results.ts';

export const lossSealSchema = v.strictObject({
  /** Null where the table has no series column. */
  series: v.nullable(v.string()),
  /** x whose loss is predicted. */
  target: positive,
  /** Training tokens of what is predicted; only in seals of a law of x and tokens. */
  tokens: v.optional(positive),
  /** ISO 8601 */
  sealedAt: v.pipe(v.string(), v.isoTimestamp('must be a time such as 2026-01-02T12:00:00.000Z')),
  /** SHA-256, in hex, of the canonical JSON of { level, points, target }, and of tokens, curve and curvesHash where there are any. */
  inputsHash: v.string(),
  /** The same of the whole seal, but what was measured later; seals of earlier versions, without tokens and curve, lack it. */
  sealHash: v.optional(v.string()),
  /** What was fitted, with its weights, in ascending x. */
  points: v.array(
    v.strictObject({
      x: positive,
      loss: positive,
      tokens: v.optional(positive),
      standardError: v.optional(v.pipe(number, v.minValue(0, 'must be at least 0'))),
      seeds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1, 'must be at least 1'))),
    }),
  ),
  /** Share of new runs that the interval is meant to hold, 0.8. */
  level: number,
  loss: number,
  lo: number,
  hi: number,
  /** The training curve that is predicted, in windows of steps; where the table has curves. */
  curve: v.optional(v.strictObject({ ...ghostCurveSchema.entries, steps: v.array(positive) })),
  /** SHA-256, in hex, of the training curves that it was made of; seals of earlier versions lack it. */
  curvesHash: v.optional(v.string()),
  /** Share of its windows in whose band the measured curve lies; null until one is known. */
  curveHeld: v.optional(v.nullable(v.pipe(number, v.minValue(0), v.maxValue(1)))),
  /** The loss as it was told afterwards; null until then. */
  actual: v.nullable(positive),
  verdict: v.nullable(v.picklist(['inside', 'above', 'below'])),
});

export type LossSeal = v.InferOutput<typeof lossSealSchema>;
