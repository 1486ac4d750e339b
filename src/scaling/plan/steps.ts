/** Steps that may come next, one by one and one after the other. */
import type { PlanStep } from '../../model/scaling-results.ts';
import { fitLaw } from '../width/law.ts';
import { expectedWidth, outcomesAt, widthAfterRuns, widthAt, withRuns } from './outcomes.ts';
import type { FitPoint } from '../width/report.ts';

/** What is known, and what may be trained next. */
export interface PlanChoice {
  /** What was measured; with fewer than three different x there is nothing to plan. */
  points: FitPoint[];
  target: number;
  /**
   * Sizes that may be trained, new ones and those that are there, with the cost of one run and the numbers of runs
   * that a step there may have: 1 to 4 when left out. Those that are not below the target are left out. One that is taken
   * once only stands in a sequence once: the same seeds at the same size tell nothing new.
   */
  candidates: { x: number; cost: number; seeds?: number[]; isOnce?: boolean }[];
  /** Most that may be spent, in the unit of the costs; null for no limit on a single next step. */
  budget: number | null;
}

/** Numbers of runs of a step, where a candidate does not say. */
const SEEDS = [1, 2, 3, 4];
/** Share of the interval's width that a step must take off to be worth naming: less is within the error of the estimate. */
const WORTH_NAMING = 0.02;
/** Most steps of a sequence, and how many of the best next ones are looked at for each of them. */
const MOST_STEPS = 6;
const LOOKED_AT = 5;

/** How good a step is from a width of `before`. */
type Gain = (step: PlanStep, before: number) => number;
const perCost: Gain = ({ cost, expected }, before) => (before - expected) / cost;
const inAll: Gain = ({ expected }, before) => before - expected;

/** Every candidate with every number of runs that the budget allows, best first. */
export function nextSteps({ points, target, candidates, budget }: PlanChoice, now: number): PlanStep[] {
  const law = fitLaw(points);
  const steps = candidates.flatMap(({ x, cost, seeds: counts = SEEDS }) => {
    const open = counts.filter((seeds) => budget === null || seeds * cost <= budget);
    if (open.length === 0) return [];
    const after = expectedWidth(points, law, target, x, 7);
    return open.map((seeds) => ({
      x,
      seeds,
      cost: seeds * cost,
      expected: widthAfterRuns(law, x, seeds, now, after),
    }));
  });
  const gain = budget === null ? inAll : perCost;
  return steps.filter(({ expected }) => expected < (1 - WORTH_NAMING) * now).sort(byGain(gain, now));
}

/**
 * What to train with the whole budget. Two greedy sequences are followed, one by shrinkage per cost, the other from the
 * single step that shrinks most; the one that ends narrower is told. Each step is judged with the likeliest outcomes of
 * those before it taken as measured.
 */
export function sequenceOf(request: PlanChoice, next: readonly PlanStep[], now: number): PlanStep[] {
  const { budget } = request;
  if (budget === null || next.length === 0) return [];
  const boldest = [...next].sort(byGain(inAll, now))[0]!;
  const starts = boldest === next[0] ? [boldest] : [next[0]!, boldest];
  const sequences = starts.map((start) => continued(request, next, start, budget));
  return sequences.reduce((best, one) => (one.at(-1)!.expected < best.at(-1)!.expected ? one : best));
}

function continued(request: PlanChoice, next: readonly PlanStep[], start: PlanStep, budget: number): PlanStep[] {
  const { target, candidates } = request;
  const once = new Set(candidates.filter(({ isOnce }) => isOnce).map(({ x }) => x));
  const steps = [start];
  let points = afterStep(request.points, start);
  let left = budget - start.cost;
  while (steps.length < MOST_STEPS) {
    const isTaken = (x: number) => once.has(x) && steps.some((step) => step.x === x);
    const open = next.filter(({ x, cost }) => cost <= left && !isTaken(x)).slice(0, LOOKED_AT);
    if (open.length === 0) break;
    const law = fitLaw(points);
    const before = widthAt(law, target);
    const judged = open
      .map((step) => {
        const after = expectedWidth(points, law, target, step.x, 3);
        return { ...step, expected: widthAfterRuns(law, step.x, step.seeds, before, after) };
      })
      .sort(byGain(perCost, before));
    const best = judged[0]!;
    // The likeliest outcomes are kinder than outcomes are on average, so only the shrinkage is taken over.
    const ratio = best.expected / before;
    if (!(ratio < 1 - WORTH_NAMING)) break;
    const step = { ...best, expected: steps.at(-1)!.expected * ratio };
    points = afterStep(points, step);
    left -= step.cost;
    steps.push(step);
  }
  return steps;
}

/** The points after a step whose outcome is the middle one. */
function afterStep(points: readonly FitPoint[], { x, seeds }: PlanStep): FitPoint[] {
  const law = fitLaw(points);
  const { loss } = outcomesAt(law, x, 3)[0]!;
  return withRuns(points, { x, runs: seeds, loss }, law.noise.deviation);
}

const byGain = (gain: Gain, before: number) => (p: PlanStep, q: PlanStep) =>
  gain(q, before) - gain(p, before) || p.cost - q.cost || p.x - q.x;
