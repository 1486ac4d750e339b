/** Section "cohorts": how much more a cohort does than its runs one after another. */
import type { CohortFigures } from './figures.ts';
import { gptCohort, gptOfWidth } from './gpt.ts';
import type { BenchGpu, SectionOptions } from './section.ts';
import { spreadOf } from './spread.ts';
import { ENDLESS, timeInRounds, timeSteps } from './training-time.ts';

const FULL = { widths: [16, 32, 64, 128, 256], counts: [1, 2, 4, 8, 16, 32], rounds: 3, milliseconds: 600 };
const QUICK = { widths: [16, 64], counts: [1, 4, 16], rounds: 2, milliseconds: 200 };

/** A step that would take longer is left out; milliseconds. */
const LONGEST_STEP = 10_000;

export async function cohorts({ engine }: BenchGpu, { quick, tell }: SectionOptions): Promise<CohortFigures> {
  const { widths, counts, rounds, milliseconds } = quick ? QUICK : FULL;
  const budget = { milliseconds, least: 2 };
  const figures: CohortFigures = { rows: [], skipped: [] };
  for (const width of widths) {
    const cohortOf = (runs: number) => gptCohort(gptOfWidth(width), { steps: ENDLESS, runs });
    tell(`cohorts: width ${width}`);
    const atFirst = spreadOf((await timeSteps(engine, cohortOf(1), budget)).steps).median;
    const isTooLong = (runs: number) => runs * atFirst > LONGEST_STEP;
    const taken = counts.filter((runs) => !isTooLong(runs));
    const times = await timeInRounds(
      engine,
      taken.map((runs) => () => cohortOf(runs)),
      {
        ...{ rounds, budget },
        tell: (cell, round) => tell(`cohorts: width ${width}, runs: ${taken[cell]}, round ${round} of ${rounds}`),
      },
    );
    for (const [cell, runs] of taken.entries()) {
      const { steps, together, medians } = times[cell];
      const step = spreadOf(steps);
      // Within a round, so that what slows the machine down for a while is in both times.
      const ratio = spreadOf(medians.map((median, round) => (together * times[0].medians[round]) / median));
      figures.rows.push({ width, runs, together, step, runStepsPerSecond: (1000 * together) / step.median, ratio });
    }
    const reason = `a step would take more than ${LONGEST_STEP / 1000} s`;
    figures.skipped.push(...counts.filter(isTooLong).map((runs) => ({ width, runs, reason })));
  }
  return figures;
}
