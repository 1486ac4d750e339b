/** Which rungs and seeds, for a given budget, shrink a target's interval most. */
import { InputError } from '../model/parse.ts';
import type { Plan, PlanStep } from '../model/scaling-results.ts';
import { fitLaw, type FittedLaw } from './law.ts';
import type { FitPoint } from './report.ts';
import { distinctX } from './width-law.ts';

export interface PlanRequest {
  /** What was measured; at least three different x. */
  points: FitPoint[];
  target: number;
  /** Sizes that may be trained, new ones and those that are there, with the cost of one run. */
  candidates: { x: number; cost: number }[];
  /** Most that may be spent, in the unit of the costs; null for no limit on a single next step. */
  budget: number | null;
  unit: Plan['unit'];
}

/**
 * Outcomes at which a candidate is imagined: three points of Gauss-Hermite quadrature, in standard deviations of its
 * predictive distribution, with their weights.
 */
const OUTCOMES = [
  [-Math.sqrt(3), 1 / 6],
  [0, 2 / 3],
  [Math.sqrt(3), 1 / 6],
] as const;
/** Half the width of a normal distribution's 80 % interval, in standard deviations. */
const HALF_80 = 1.2816;
/** Rungs that are proposed one after the other; each costs as much arithmetic as the first. */
const MOST_TOGETHER = 4;
/** What a step must take off the interval to be worth proposing. */
const LEAST_GAIN = 0.01;

/** @throws InputError naming the candidate or point that is not a usable number. */
export function planFor({ points, target, candidates, budget, unit }: PlanRequest): Plan {
  points.forEach(({ x, loss }, i) => {
    checkPositive(x, `points[${i}].x`);
    checkPositive(loss, `points[${i}].loss`);
  });
  checkPositive(target, 'target');
  candidates.forEach(({ x, cost }, i) => {
    checkPositive(x, `candidates[${i}].x`);
    checkPositive(cost, `candidates[${i}].cost`);
  });
  if (budget !== null) checkPositive(budget, 'budget');
  const empty = { target, now: 0, unit, budget, next: [], together: [] };
  if (distinctX(points).length < 3) {
    return { ...empty, sentence: 'Train three different widths first: without a law there is no interval to shrink.' };
  }
  const law = fitLaw(points);
  const now = width80(law, target);
  const useful = candidates.filter(({ x }) => x < target);
  const next = ranked(points, law, target, now, useful, budget);
  const together = budget === null ? next.slice(0, 1) : sequence(points, target, now, useful, budget);
  return { ...empty, now, next, together, sentence: sentenceOf(next, now, target, unit, budget) };
}

/** Steps that fit into the budget and help, the largest shrinkage (per cost, where cost counts) first. */
function ranked(
  points: readonly FitPoint[],
  law: FittedLaw,
  target: number,
  now: number,
  candidates: PlanRequest['candidates'],
  budget: number | null,
): PlanStep[] {
  const steps = candidates
    .filter(({ cost }) => budget === null || cost <= budget)
    .map(({ x, cost }) => ({ x, cost, expected: expectedWidth(points, law, target, x) }));
  const gain = ({ expected, cost }: PlanStep) => (budget === null ? now - expected : (now - expected) / cost);
  return steps
    .filter(({ expected }) => expected < now * (1 - LEAST_GAIN))
    .sort((p, q) => gain(q) - gain(p) || p.cost - q.cost || p.x - q.x);
}

/** Greedy: the step that shrinks the interval most per cost, then the next one with what was learnt by it, and so on. */
function sequence(
  points: readonly FitPoint[],
  target: number,
  now: number,
  candidates: PlanRequest['candidates'],
  budget: number,
): PlanStep[] {
  const steps: PlanStep[] = [];
  let known = [...points];
  let left = budget;
  let width = now;
  while (steps.length < MOST_TOGETHER) {
    const law = fitLaw(known);
    const [best] = ranked(known, law, target, width, candidates, left);
    if (!best) break;
    steps.push(best);
    left -= best.cost;
    width = best.expected;
    known = withOutcome(known, best.x, law.at(best.x));
  }
  return steps;
}

/** Expected width of the target's 80 % interval once one more run at x is there, over what it may turn out to be. */
function expectedWidth(points: readonly FitPoint[], law: FittedLaw, target: number, x: number): number {
  const [lo, hi] = law.intervalAt(x)('80');
  const middle = (lo + hi) / 2;
  const deviation = (hi - lo) / (2 * HALF_80);
  return OUTCOMES.reduce((sum, [z, weight]) => {
    const outcome = Math.max(1e-9, middle + z * deviation);
    return sum + weight * width80(fitLaw(withOutcome(points, x, outcome)), target);
  }, 0);
}

/**
 * The points with one run more at x, which enters as a point of its own. Standard errors are left out: what is imagined has
 * none, and where only some points have one they are not used.
 */
const withOutcome = (points: readonly FitPoint[], x: number, loss: number): FitPoint[] => [
  ...points.map((point) => ({ x: point.x, loss: point.loss })),
  { x, loss },
];

function width80(law: FittedLaw, x: number): number {
  const [lo, hi] = law.intervalAt(x)('80');
  return hi - lo;
}

function sentenceOf(next: PlanStep[], now: number, target: number, unit: Plan['unit'], budget: number | null): string {
  const [best] = next;
  if (!best) {
    return budget === null
      ? `No further rung would shrink the 80 % interval at width ${target} by more than a hundredth.`
      : `Nothing within the budget would shrink the 80 % interval at width ${target} by more than a hundredth.`;
  }
  return `Train width ${best.x} next (${costWords(best.cost, unit)}): the 80 % interval at width ${target} should shrink from ${now.toPrecision(2)} to about ${best.expected.toPrecision(2)} nats.`;
}

const costWords = (cost: number, unit: Plan['unit']): string =>
  unit === 'seconds' ? `about ${Math.max(1, Math.round(cost))} s` : `${cost.toPrecision(2)} ${unit}`;

function checkPositive(value: number, field: string): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new InputError(field, `${field} must be a finite number above 0, not ${value}.`);
}
