/** Prints the table of docs/scaling.md on planning: `npx tsx lab/calibration/plan-value.ts [LADDERS]`. */
import { randomStream, type RandomStream } from '../../src/model/random.ts';
import { fitLaw } from '../../src/scaling/width/law.ts';
import { widthAt, withRuns } from '../../src/scaling/plan/outcomes.ts';
import { planFor, type PlanRequest } from '../../src/scaling/plan/planning.ts';
import type { FitPoint } from '../../src/scaling/width/report.ts';
import { distinctX } from '../../src/scaling/width/width-law.ts';

interface Trial {
  request: PlanRequest & { budget: number };
  law: (x: number) => number;
  /** Standard deviation of one run, as a share of the loss. */
  noise: number;
}

const FIRST = 16;

/** 4 or 5 widths from 16 in steps of 1.35 to 1.7, target at 4 times the largest; a run costs (x/16)^1.5 and the budget is what two more runs of the largest rung cost. */
export function planTrials(count: number, seed: number): Trial[] {
  const random = randomStream(seed, 'plan trials');
  const uniform = (lo: number, hi: number) => lo + (hi - lo) * random.uniform();
  const logUniform = (lo: number, hi: number) => lo * (hi / lo) ** random.uniform();
  return Array.from({ length: count }, () => {
    const ratio = uniform(1.35, 1.7);
    const xs = Array.from({ length: 4 + random.below(2) }, (_, i) => Math.round(FIRST * ratio ** i));
    const [c, excess, b] = [uniform(0.5, 4), uniform(0.2, 2.5), logUniform(0.15, 1.5)];
    const noise = logUniform(0.0005, 0.01);
    const law = (x: number) => c + excess * (x / FIRST) ** -b;
    const largest = xs.at(-1)!;
    const target = 4 * largest;
    const points = xs.map((x) => ({ x, seeds: 1, loss: law(x) * (1 + noise * random.normal()) }));
    const cost = (x: number) => (x / FIRST) ** 1.5;
    const between = Array.from({ length: 8 }, (_, i) => Math.round(FIRST * (target / FIRST) ** ((i + 1) / 9)));
    const candidates = distinctX([...xs, ...between].map((x) => ({ x }))).map((x) => ({ x, cost: cost(x) }));
    const budget = 2 * cost(largest);
    return { request: { points, target, candidates, budget, unit: 'x' as const }, law, noise };
  });
}

type Step = { x: number; runs: number };

/** The points after the steps were really taken. */
export function measured({ law, noise, request }: Trial, steps: readonly Step[], random: RandomStream): FitPoint[] {
  let points = request.points;
  for (const { x, runs } of steps) {
    for (let i = 0; i < runs; i++)
      points = withRuns(points, { x, runs: 1, loss: law(x) * (1 + noise * random.normal()) }, 0);
  }
  return points;
}

/** Buys what `choose` wants of what can still be paid, until nothing can. */
function spent(
  { request }: Trial,
  choose: (open: PlanRequest['candidates'], bought: number) => { x: number; cost: number },
) {
  const steps: Step[] = [];
  for (let left = request.budget; ;) {
    const open = request.candidates.filter(({ cost }) => cost <= left);
    if (open.length === 0) return steps;
    const { x, cost } = choose(open, steps.length);
    steps.push({ x, runs: 1 });
    left -= cost;
  }
}

function main(count: number): void {
  const trials = planTrials(count, 51);
  const random = randomStream(52, 'plan outcomes');
  const plans = trials.map(({ request }) => planFor(request));
  const strategies: [string, (trial: Trial, i: number) => Step[]][] = [
    ['the plan', (_, i) => plans[i]!.together.map(({ x, seeds }) => ({ x, runs: seeds }))],
    ['the largest that the budget pays', (trial) => spent(trial, (open) => open.at(-1)!)],
    ['random ones', (trial) => spent(trial, (open) => open[random.below(open.length)]!)],
    ['the cheapest, each once, then again', (trial) => spent(trial, (open, bought) => open[bought % open.length]!)],
  ];
  console.log(
    `| ${'budget spent on'.padEnd(36)} | sum of widths, % | median width, % | median error, % of loss | in the 80 % interval |`,
  );
  for (const [name, steps] of strategies) {
    const shares: number[] = [];
    let width = 0;
    const errors: number[] = [];
    let held = 0;
    for (const [i, trial] of trials.entries()) {
      const { target } = trial.request;
      const fit = fitLaw(measured(trial, steps(trial, i), random));
      shares.push(widthAt(fit, target) / plans[i]!.now);
      width += widthAt(fit, target) / trial.law(target);
      const actual = trial.law(target) * (1 + trial.noise * random.normal());
      errors.push(Math.abs(fit.at(target) / trial.law(target) - 1));
      const [lo, hi] = fit.intervalAt(target)('80');
      if (lo <= actual && actual <= hi) held += 1;
    }
    const median = (values: number[]) => values.sort((p, q) => p - q)[Math.floor(values.length / 2)]!;
    const before = plans.reduce((sum, { now }, i) => sum + now / trials[i]!.law(trials[i]!.request.target), 0);
    const cells = [
      ((100 * width) / before).toFixed(0),
      (100 * median(shares)).toFixed(0),
      (100 * median(errors)).toFixed(2),
      ((100 * held) / count).toFixed(0),
    ];
    console.log(`| ${name.padEnd(36)} | ${cells.join(' | ')} |`);
  }
  const sums = [0, 0];
  for (const [i, { now, together }] of plans.entries()) {
    const loss = trials[i]!.law(trials[i]!.request.target);
    sums[0]! += now / loss;
    sums[1]! += (together.at(-1)?.expected ?? now) / loss;
  }
  console.log(`sum of widths expected by the plan: ${((100 * sums[1]!) / sums[0]!).toFixed(0)} %`);
}

if (process.argv[1]?.endsWith('plan-value.ts')) main(Number(process.argv[2] ?? 300));
