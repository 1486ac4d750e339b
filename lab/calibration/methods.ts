/** Ways to predict a loss from smaller ones: ours, through its one door, and the simple ones it is held against. */
import { fitReport } from '../../src/scaling/width/fit.ts';
import type { FitPoint, Interval, Level } from '../../src/scaling/width/report.ts';
import { lastPoint, leastSquares, noFloor, normalReach, studentReach } from './naive.ts';

export interface MethodPrediction {
  loss: number;
  /** Null where the method has none to give. */
  intervals: Record<Level, Interval> | null;
}

export interface Method {
  id: string;
  name: string;
  /** One prediction for each x, in order; null when the method refuses these points. */
  predict(points: readonly FitPoint[], xs: readonly number[]): MethodPrediction[] | null;
}

export const OURS: Method = {
  id: 'ours',
  name: 'the playground',
  predict: (points, xs) => {
    const { predictions } = fitReport({ points: [...points], targets: [...xs], grid: [] });
    return predictions.length === xs.length ? predictions : null;
  },
};

export const METHODS: readonly Method[] = [
  OURS,
  {
    id: 'least-squares',
    name: 'least squares, z',
    predict: (points, xs) => leastSquares(points, xs, normalReach),
  },
  {
    id: 'least-squares-t',
    name: 'least squares, t',
    predict: (points, xs) => leastSquares(points, xs, studentReach),
  },
  { id: 'no-floor', name: 'no floor', predict: noFloor },
  { id: 'last-point', name: 'last point', predict: lastPoint },
];
