/** Sealed predictions held against outcomes: how often an interval held, how wide it was, how far the number was off. */
import { LEVELS, type Level } from '../../src/scaling/width/report.ts';
import type { Method } from './methods.ts';
import type { Trial } from './trial.ts';

/** One target of one ladder. */
export interface Score<About = unknown> {
  trial: Trial<About>;
  factor: number;
  /** |predicted - measured| / measured; null where the method gave no prediction. */
  error: number | null;
  /** Null where it gave no interval. */
  intervals: Record<Level, { held: boolean; width: number }> | null;
}

/** A share of targets with its standard error. */
export interface Share {
  share: number;
  error: number;
}

export interface Summary {
  ladders: number;
  targets: number;
  /** Targets without an interval; the coverage is of the others. */
  withoutInterval: number;
  /** Of the measured loss; null when nothing was predicted. */
  medianError: number | null;
  /** Null when no interval was given at all. */
  coverage: Record<Level, Share> | null;
  /** Median full width of the intervals, as a share of the measured loss. */
  width: Record<Level, number> | null;
}

/** Rounding is no miss: an exact ladder may have an interval as narrow as a double can tell. */
const SLACK = 1e-9;

/** The method sees the points and the targets' x, and nothing else. */
export function scoresOf<About>(trials: readonly Trial<About>[], method: Method): Score<About>[] {
  return trials.flatMap((trial) => {
    const predictions = method.predict(
      trial.points,
      trial.targets.map(({ x }) => x),
    );
    return trial.targets.map(({ factor, loss, mean = loss }, i) => {
      const prediction = predictions?.[i];
      const measured = ([lo, hi]: [number, number]) => ({
        held: lo - SLACK * loss <= loss && loss <= hi + SLACK * loss,
        width: (hi - lo) / loss,
      });
      const intervals = prediction?.intervals;
      return {
        trial,
        factor,
        error: prediction ? Math.abs(prediction.loss - mean) / mean : null,
        intervals: intervals ? byLevel((level) => measured(intervals[level])) : null,
      };
    });
  });
}

export function summaryOf(scores: readonly Score[]): Summary {
  const ladders = new Set(scores.map(({ trial }) => trial)).size;
  const answered = scores.flatMap(({ trial, intervals }) => (intervals ? [{ trial, intervals }] : []));
  const errors = scores.flatMap(({ error }) => (error === null ? [] : [error]));
  const answeredLadders = new Set(answered.map(({ trial }) => trial)).size;
  const share = (level: Level) =>
    shareOf(answered.filter(({ intervals }) => intervals[level].held).length, answered.length, answeredLadders);
  return {
    ladders,
    targets: scores.length,
    withoutInterval: scores.length - answered.length,
    medianError: errors.length > 0 ? median(errors) : null,
    coverage: answered.length > 0 ? byLevel(share) : null,
    width:
      answered.length > 0 ? byLevel((level) => median(answered.map(({ intervals }) => intervals[level].width))) : null,
  };
}

/**
 * A share with its binomial standard error over `ladders` independent trials: the targets of one ladder are predicted by
 * one fit, so they are counted as if they stood or fell together, which errs on the wide side. Two successes and two
 * failures are added for the error only (Agresti & Coull 1998), so that a share of 0 or 1 has one, too.
 */
export function shareOf(held: number, targets: number, ladders: number): Share {
  const share = held / targets;
  const shrunk = (share * ladders + 2) / (ladders + 4);
  return { share, error: Math.sqrt((shrunk * (1 - shrunk)) / (ladders + 4)) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((p, q) => p - q);
  const half = sorted.length / 2;
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!;
}

function byLevel<T>(of: (level: Level) => T): Record<Level, T> {
  return Object.fromEntries(LEVELS.map((level) => [level, of(level)])) as Record<Level, T>;
}
