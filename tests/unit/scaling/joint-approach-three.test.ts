import { expect, test } from 'vitest';
import { chinchillaPoints, publishedStarts } from '../../../lab/calibration/approach-three-starts.ts';
import { approachThree, descend, HUBER_DELTA, huberObjective } from '../../../src/scaling/joint/approach-three.ts';
import { fitJointLaw } from '../../../src/scaling/joint/law.ts';
import { jointLadder } from '../../../src/scaling/joint/linear.ts';

/** Besiroglu et al. 2024, table 1, with the standard errors that stand beside it. */
const PUBLISHED = { E: 1.8172, A: 482.01, B: 2085.43, alpha: 0.3478, beta: 0.3658 };
const ERRORS = { E: 0.03, A: 124.58, B: 1293.23, alpha: 0.02, beta: 0.02 };

const ladder = jointLadder(chinchillaPoints());
const least = fitJointLaw(ladder);
const fit = approachThree(ladder, least);
const publishedTerms = [
  Math.log(PUBLISHED.E),
  Math.log(PUBLISHED.A) - PUBLISHED.alpha * ladder.logN,
  Math.log(PUBLISHED.B) - PUBLISHED.beta * ladder.logD,
];

test('the gradient is that of the objective', () => {
  const at = huberObjective(ladder);
  const x = [0.4, 0.3, 0.5, -1, -0.5];
  const { gradient } = at(x);
  x.forEach((value, k) => {
    const moved = (h: number) => at(x.map((one, i) => (i === k ? value + h : one))).value;
    const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
    expect(Math.abs(gradient[k]! / slope - 1)).toBeLessThan(1e-4);
  });
});

test("the replication's points: its E to the published digits, the rest along its flat valley, a little lower", () => {
  expect(ladder.loss).toHaveLength(240);
  expect(fit.E).toBeCloseTo(PUBLISHED.E, 4);
  for (const key of ['A', 'B', 'alpha', 'beta'] as const) {
    expect(Math.abs(fit[key] - PUBLISHED[key]) / ERRORS[key]).toBeLessThan(0.08);
  }
  const published =
    huberObjective(ladder)([PUBLISHED.alpha, PUBLISHED.beta, ...publishedTerms]).value * HUBER_DELTA ** 2;
  expect(fit.objective).toBeLessThan(published);
  expect(fit.objective).toBeCloseTo(0.00101827401561, 13);
});

test('every 900th start of the published grid reaches that objective', () => {
  const starts = publishedStarts(ladder);
  expect(starts).toHaveLength(4500);
  for (let i = 7; i < starts.length; i += 900) {
    const reached = descend(ladder, starts[i]!).value * HUBER_DELTA ** 2;
    expect(Math.abs(reached / fit.objective - 1)).toBeLessThan(1e-6);
  }
});

test('outliers move it less than least squares', () => {
  const loss = [...ladder.loss];
  loss[100] = 1.5 * loss[100]!;
  const off = { ...ladder, loss };
  const leastOff = fitJointLaw(off);
  expect(Math.abs(approachThree(off, leastOff).E - fit.E)).toBeLessThan(0.5 * Math.abs(leastOff.E - least.E));
});
