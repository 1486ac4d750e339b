/** Section "first-step": how long it takes from asking for a training to its first loss. */
import { requestGpuEngine } from '../../src/gpu/engine.ts';
import type { FirstStepFigures } from './figures.ts';
import { gptCohort, gptOfWidth } from './gpt.ts';
import type { BenchGpu, SectionOptions } from './section.ts';
import { spreadOf } from './spread.ts';
import { timeToFirstLoss } from './training-time.ts';

const WIDTHS: [number, number] = [64, 96];
const STEPS = 64;
const VISITS = { quick: 3, full: 8 };

export async function firstStep(_: BenchGpu, { quick, tell }: SectionOptions): Promise<FirstStepFigures> {
  const cohorts = WIDTHS.map((width) => gptCohort(gptOfWidth(width), { steps: STEPS }));
  const visits = VISITS[quick ? 'quick' : 'full'];
  const first: number[] = [];
  const next: number[] = [];
  for (let visit = 1; visit <= visits; visit++) {
    tell(`first-step: engine ${visit} of ${visits}`);
    const asked = performance.now();
    const found = await requestGpuEngine();
    if ('reason' in found) throw new Error(found.reason);
    const { engine } = found;
    const untilEngine = performance.now() - asked;
    try {
      first.push(untilEngine + (await timeToFirstLoss(engine, cohorts[0])));
      next.push(await timeToFirstLoss(engine, cohorts[1]));
    } finally {
      engine.destroy();
    }
  }
  return {
    widths: WIDTHS,
    firstVisit: { first: first[0], next: next[0] },
    laterVisits: { first: spreadOf(first.slice(1)), next: spreadOf(next.slice(1)) },
  };
}
