/**
 * What an experiment asks of its runs: to predict a width, to predict it for several recipes and say which is better (compare),
 * to sweep one hyperparameter over widths (transfer) or two (basin), or to measure activations over the first steps (coordinates).
 */
import * as v from 'valibot';
import { oneOf, optional, quoted, real, whole } from './fields.ts';

/** Hyperparameters of a recipe that can be swept, by their path in it. All runs of a sweep share their shape and batches. */
export const SWEEPABLE = [
  'optimizer.learningRate',
  'optimizer.weightDecay',
  'init.embedding',
  'init.hidden',
  'init.unembedding',
  'multipliers.embedding',
  'multipliers.attention',
  'multipliers.unembedding',
] as const;
export type Sweepable = (typeof SWEEPABLE)[number];

const sweepSchema = v.strictObject({
  parameter: oneOf('parameter', SWEEPABLE),
  /** Ascending, at least 3: a minimum needs a value on either side. */
  values: v.pipe(
    v.array(real('value', 0, 1000), 'values must be a list of numbers'),
    v.check((list) => list.length >= 3 && list.length <= 32, 'values must hold 3 to 32 numbers'),
    v.check((list) => list.every((value, i) => i === 0 || value > list[i - 1]), 'values must ascend'),
  ),
});

const predictionSchema = v.strictObject({ kind: v.literal('prediction') });

/** Each recipe is predicted, and every pair of them is compared. */
const compareSchema = v.strictObject({ kind: v.literal('compare') });

const transferSchema = v.strictObject({
  kind: v.literal('transfer'),
  sweep: sweepSchema,
  /** Numbers of layers to sweep at one width; left out, the sweep goes over the widths of the ladder. */
  depths: v.optional(
    v.pipe(
      v.array(whole('layers', 1, 64), 'depths must be a list of numbers of layers'),
      v.check((list) => list.length >= 2 && list.length <= 16, 'depths must hold 2 to 16 numbers of layers'),
      v.check((list) => list.every((one, i) => i === 0 || one > list[i - 1]), 'depths must ascend'),
    ),
  ),
});

const basinSchema = v.strictObject({
  kind: v.literal('basin'),
  sweeps: v.pipe(
    v.array(sweepSchema, 'sweeps must be a list of two sweeps'),
    v.check((list) => list.length === 2, 'sweeps must hold two sweeps'),
    v.check((list) => list[0]?.parameter !== list[1]?.parameter, 'sweeps must be of two different parameters'),
  ),
  /** A cell lies in a width's basin when its loss is at most this many nats above the width's best. */
  margin: optional(real('margin', 0, 10), 0.05),
});

/** Every step trains on the first batch; what is measured are the activations, not the loss. */
const coordinatesSchema = v.strictObject({ kind: v.literal('coordinates') });

const checkSchemas = [transferSchema, basinSchema, coordinatesSchema] as const;
/** Kinds of studies that check muP: all their widths are rungs. */
export const CHECK_KINDS: readonly CheckKind[] = checkSchemas.map(({ entries }) => entries.kind.literal);

export const studySchema = v.variant(
  'kind',
  [predictionSchema, compareSchema, ...checkSchemas],
  `kind must be ${quoted(['prediction', 'compare', ...CHECK_KINDS])}`,
);

/**
 * Where a recipe was found to do well at several widths at once: carried by an experiment whose recipe was chosen from a
 * measured basin, so that a prediction made outside it can say so.
 */
export const measuredBasinSchema = v.strictObject({
  /** The recipe it was measured on, as `basinKey` writes it. */
  key: v.string('key must be text'),
  sweeps: v.pipe(
    v.array(sweepSchema, 'sweeps must be a list of two sweeps'),
    v.check((list) => list.length === 2, 'sweeps must hold two sweeps'),
  ),
  widths: v.array(whole('width', 1, 65_536), 'widths must be a list of widths'),
  margin: real('margin', 0, 10),
  /** Indices [first sweep, second sweep] of the cells that lie in every width's basin. */
  common: v.pipe(
    v.array(v.strictTuple([whole('index', 0, 31), whole('index', 0, 31)], 'common must be a list of pairs of indices')),
    v.check((list) => list.length <= 1024, 'common may hold at most 1024 cells'),
  ),
});

export type Sweep = v.InferOutput<typeof sweepSchema>;
export type Study = v.InferOutput<typeof studySchema>;
export type StudyKind = Study['kind'];
export type CheckKind = (typeof checkSchemas)[number]['entries']['kind']['literal'];
export type MeasuredBasin = v.InferOutput<typeof measuredBasinSchema>;

/** Whether targets are predicted and sealed before they train. */
export const isPredicted = ({ kind }: Study): boolean => kind === 'prediction' || kind === 'compare';

/** The swept hyperparameters of a study, none where nothing is swept. */
export function sweepsOf(study: Study): Sweep[] {
  if (study.kind === 'transfer') return [study.sweep];
  return study.kind === 'basin' ? study.sweeps : [];
}

/** Path of the setting that the recipes of a check differ in. */
export type ComparedSetting = 'parametrization' | 'depth.rule';

export const comparedIn = (study: Study): ComparedSetting =>
  study.kind === 'transfer' && study.depths ? 'depth.rule' : 'parametrization';
