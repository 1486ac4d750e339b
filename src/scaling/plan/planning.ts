/** Which rungs and seeds, for a given budget, shrink a target's interval most. */
import { checkPositive, InputError } from '../../model/parse.ts';
import type { Plan, PlanStep } from '../../model/scaling-results.ts';
import { fitLaw } from '../width/law.ts';
import { widthAt } from './outcomes.ts';
import { nextSteps, sequenceOf, type PlanChoice } from './steps.ts';
import { assess } from '../width/status.ts';
import { distinctX, isLarger } from '../width/width-law.ts';

export interface PlanRequest extends PlanChoice {
  unit: Plan['unit'];
  /** What an x is called in the sentence, such as "width"; "x =" when left out. */
  noun?: string;
}

/**
 * The expected width of the target's 80 % interval after each step: over outcomes of the step as the fit predicts
 * them, the mean of what a fit to points and outcome says.
 * @throws InputError naming the candidate or point that is not a usable number.
 */
export function planFor(request: PlanRequest): Plan {
  check(request);
  const { points, target, budget, unit } = request;
  const empty = { target, now: 0, unit, budget, next: [], together: [] };
  if (distinctX(points).length < 3) {
    return { ...empty, sentence: 'Train three different sizes first: without a law there is no interval to shrink.' };
  }
  const law = fitLaw(points);
  if (assess(points, law.parameters).status === 'rising') {
    return {
      ...empty,
      sentence: 'The losses rise with size, so there is no law to sharpen: find out why they do first.',
    };
  }
  const now = widthAt(law, target);
  // To train the target, or more than it, would be to measure and not to predict.
  const smaller = { ...request, candidates: request.candidates.filter(({ x }) => isLarger(target, x)) };
  const next = nextSteps(smaller, now);
  const together = sequenceOf(smaller, next, now);
  return { target, now, unit, budget, next, together, sentence: sentenceFor(smaller, now, next, together) };
}

function sentenceFor(
  { target, candidates, budget, unit, noun = 'x =' }: PlanRequest,
  now: number,
  next: PlanStep[],
  together: PlanStep[],
) {
  const at = `the 80 % interval at ${noun} ${target}`;
  const first = together[0] ?? next[0];
  if (!first) {
    if (candidates.length === 0) return `There is no size below ${noun} ${target} to train before it.`;
    const cheapest = Math.min(...candidates.map(({ cost, seeds }) => cost * (seeds ? Math.min(...seeds) : 1)));
    return budget !== null && cheapest > budget
      ? `No step fits the budget: the cheapest takes ${costWords(cheapest, unit)}.`
      : `No step that may be taken would narrow ${at} by much: it is ${nats(now)} nats wide.`;
  }
  const runs = first.seeds === 1 ? '' : ` with ${first.seeds} seeds`;
  const one = `Train ${noun} ${first.x}${runs} next (about ${costWords(first.cost, unit)}): ${at} should shrink from ${nats(now)} to about ${nats(first.expected)} nats`;
  const last = together.at(-1);
  if (!last || together.length === 1) return `${one}.`;
  return `${one}, and with the whole budget to ${nats(last.expected)}.`;
}

function costWords(cost: number, unit: Plan['unit']): string {
  if (unit === 'FLOPs') return `${cost.toExponential(1).replace('e+', 'e')} FLOPs`;
  if (unit === 'x') return String(Number(cost.toPrecision(3)));
  const seconds = Math.max(1, Math.round(cost));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

const nats = (value: number): string => (value >= 0.01 ? value.toFixed(3) : String(Number(value.toPrecision(2))));

function check({ points, target, candidates, budget }: PlanRequest): void {
  for (const [i, { x, loss }] of points.entries()) {
    checkPositive(x, `points[${i}].x`);
    checkPositive(loss, `points[${i}].loss`);
  }
  checkPositive(target, 'target');
  for (const [i, { x, cost, seeds = [] }] of candidates.entries()) {
    checkPositive(x, `candidates[${i}].x`);
    checkPositive(cost, `candidates[${i}].cost`);
    if (seeds.some((count) => !(Number.isInteger(count) && count > 0))) {
      const field = `candidates[${i}].seeds`;
      throw new InputError(field, `${field} must be whole numbers of at least 1.`);
    }
  }
  if (budget !== null) checkPositive(budget, 'budget');
}
