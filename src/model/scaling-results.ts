/** What the analyst says, as it stands in `result.json` and `fit.json`: predictions, joint laws, ghost curves, comparisons, plans. */
import * as v from 'valibot';
import { number } from './fields.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(number, v.minValue(0), v.maxValue(1));
export const intervalSchema = v.tuple([number, number]);
const intervalsSchema = v.strictObject({ '50': intervalSchema, '80': intervalSchema, '95': intervalSchema });

/** The loss of one new run at x, in nats per token. */
export const predictionSchema = v.strictObject({
  x: number,
  /** Median of the loss of one new run at x, over all forms of the law. */
  loss: number,
  /** Predictive: noise of one new run, doubt about the law's parameters and about its form. */
  intervals: intervalsSchema,
});

/** How far one run falls from the law, and how that is known. */
export const noiseSchema = v.strictObject({
  /** Standard deviation of one run's loss, in nats. */
  deviation: number,
  /** Seeds at one width, residuals of the fit, standard errors that came with the losses, or nothing but an assumption. */
  from: v.picklist(['replicates', 'residuals', 'given', 'assumed']),
  /** In words, e.g. "Noise of one run: 0.004 nats, from 2 seeds at each of 6 widths." */
  sentence: v.string(),
});

/** A form that the interval takes into account, with its posterior weight. */
export const plausibleLawSchema = v.strictObject({ name: v.string(), formula: v.string(), weight: share });

/** L(N, D) = E + A/N^α + B/D^β. N: parameters, D: training tokens, L: nats per token. */
const jointFitSchema = v.strictObject({
  method: v.picklist(['least squares', 'huber']),
  E: number,
  A: number,
  B: number,
  alpha: number,
  beta: number,
  /** Sum of squared residuals in nats², or approach 3's objective: the sum of Huber losses (δ = 1e-3) of log residuals. */
  objective: number,
});

const jointPredictionSchema = v.strictObject({ n: number, d: number, loss: number, intervals: intervalsSchema });

export const jointReportSchema = v.strictObject({
  status: v.picklist(['converged', 'at-bound', 'not-identified', 'refused']),
  /** Plain sentences: why it was refused, what is at a bound, what the points cannot tell apart. */
  notes: v.array(v.string()),
  points: v.array(v.strictObject({ n: number, d: number, loss: number })),
  /** Null when it was refused or not identified. */
  leastSquares: v.nullable(jointFitSchema),
  /** Chinchilla's approach 3; null likewise. */
  huber: v.nullable(jointFitSchema),
  /** 80 % intervals of the least-squares law's parameters. */
  intervals: v.nullable(
    v.strictObject({
      E: intervalSchema,
      A: intervalSchema,
      B: intervalSchema,
      alpha: intervalSchema,
      beta: intervalSchema,
    }),
  ),
  predictions: v.array(jointPredictionSchema),
});

/** The training curve of an untrained width. Losses are means over windows of steps, as `curveMeans` makes them. */
export const ghostCurveSchema = v.strictObject({
  /** Last step of each window, ascending. */
  steps: v.array(count),
  loss: v.array(number),
  /** 80 % band, window by window. */
  lo: v.array(number),
  hi: v.array(number),
  /** Of a link: some of the windows only, rounded, so that its hash says nothing of them. */
  thinned: v.optional(v.literal(true)),
});

/** Recipe A against recipe B at one x: losses of the laws, A - B, in nats; negative where A is better. */
const differenceSchema = v.strictObject({
  x: number,
  difference: number,
  intervals: intervalsSchema,
  /** Probability that A's law lies below B's. */
  probability: share,
});

export const comparisonSchema = v.strictObject({
  /** Names of the two recipes, in the order of the experiment. */
  a: v.string(),
  b: v.string(),
  /** At the targets, ascending; at the largest x when there are none. */
  at: v.array(differenceSchema),
  /** On the grid that was asked for, for drawing. */
  band: v.array(differenceSchema),
  /** Losses measured at one width with the same seeds, A - B. */
  measured: v.array(v.strictObject({ x: number, difference: number, standardError: v.nullable(number), seeds: count })),
  /** Where the laws cross between the smallest x and the largest target. */
  crossover: v.strictObject({
    /** Probability that they cross there. */
    probability: share,
    /** Median and 80 % interval of the crossing, given that they cross; null where that is too unlikely to say. */
    x: v.nullable(number),
    interval: v.nullable(intervalSchema),
  }),
  verdict: v.picklist(['a', 'b', 'crossover', 'no difference', 'undecided', 'refused']),
  /** The verdict in one sentence. */
  sentence: v.string(),
  /** Why the corpus cannot answer what the two differ in, whatever their losses are. */
  cannotTell: v.optional(v.string()),
  notes: v.array(v.string()),
});

/** A rung, new or repeated with other seeds, and what it would do for the target's interval. */
const planStepSchema = v.strictObject({
  x: number,
  /** Runs to train there. */
  seeds: count,
  /** In the unit of the budget. */
  cost: number,
  /** Expected width of the target's 80 % interval after it, in nats. */
  expected: number,
});

export const planSchema = v.strictObject({
  target: number,
  /** Width of the target's 80 % interval as it stands, in nats. */
  now: number,
  unit: v.picklist(['seconds', 'FLOPs', 'x']),
  budget: v.nullable(number),
  /** Single next steps within the budget, best first: the largest expected shrinkage for the cost. */
  next: v.array(planStepSchema),
  /** What to train one after the other with the whole budget; `expected` is after all steps up to this one. */
  together: v.array(planStepSchema),
  /** The proposal in one sentence, or why there is none. */
  sentence: v.string(),
});

export type Noise = v.InferOutput<typeof noiseSchema>;
export type PlausibleLaw = v.InferOutput<typeof plausibleLawSchema>;
export type JointFit = v.InferOutput<typeof jointFitSchema>;
export type JointReport = v.InferOutput<typeof jointReportSchema>;
export type GhostCurve = v.InferOutput<typeof ghostCurveSchema>;
export type Difference = v.InferOutput<typeof differenceSchema>;
export type Comparison = v.InferOutput<typeof comparisonSchema>;
export type PlanStep = v.InferOutput<typeof planStepSchema>;
export type Plan = v.InferOutput<typeof planSchema>;
