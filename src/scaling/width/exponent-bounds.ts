/**
 * Least and most b times the log of (largest x / smallest x). Bounds on b itself would be other bounds once x is the
 * square of what it was, and so would be the intervals.
 */
const LEAST = 0.04;
const MOST = 12;

/** @param span log of (largest x / smallest x). @returns least and most log b that a posterior sums over. */
export const logExponentBounds = (span: number): [number, number] => [Math.log(LEAST / span), Math.log(MOST / span)];
