/** How far Student's t reaches: the half-width of an interval in standard errors. */
import { studentT } from './student-t.ts';

/** All intervals of the checks hold this share of the time. */
const INTERVAL_LEVEL = 0.8;

/** The t that a two-sided interval of INTERVAL_LEVEL reaches to, for a whole number of degrees of freedom from 1. */
export function studentReach(freedom: number): number {
  const below = (1 + INTERVAL_LEVEL) / 2;
  let lo = 0;
  let hi = 1;
  while (studentT(hi, freedom).below < below) hi *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (lo + hi) / 2;
    if (studentT(middle, freedom).below < below) lo = middle;
    else hi = middle;
  }
  return hi;
}
