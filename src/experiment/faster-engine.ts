/** Which of two engines trains an experiment faster: each is tried at its smallest and its largest shape. */
import type { Run } from '../model/run.ts';
import { secondsOfStages, speedFrom, type Timing, type Work } from './eta.ts';
import type { EngineDescription, TrainerService, TriedEngine } from './protocol.ts';

type Trainer = Pick<TrainerService, 'describe' | 'tryOut'>;

/** Cohorts that are still to train. */
export interface ToTrain {
  /** What comes in the next one waits for all of this one. */
  stages: readonly (readonly Run[][])[];
  workOf(cohort: Run[]): Work;
  /** Whether it trains as `CohortRequest.probe` has it. */
  probe: boolean;
  /** Whether nobody waits any more. */
  isOver(): boolean;
}

const KINDS: readonly EngineDescription['kind'][] = ['gpu', 'reference'];

/** @returns how fast each engine is, the one that is faster for these cohorts first; of one that took no step nothing. */
export async function triedEngines(trainer: Trainer, toTrain: ToTrain): Promise<TriedEngine[]> {
  const { stages, workOf } = toTrain;
  const works = stages.map((cohorts) => cohorts.map(workOf));
  const bySize = stages.flat().sort((a, b) => workOf(a).flopsPerStep - workOf(b).flopsPerStep);
  const extremes = [...new Set([bySize.at(-1), bySize[0]])].flatMap((one) => (one ? [one] : []));
  const tried: (TriedEngine & { seconds: number })[] = [];
  for (const kind of KINDS) {
    if (toTrain.isOver()) break;
    const engine = await trainer.describe(kind);
    const speed = speedFrom(await timingsOf(extremes, engine.cores ?? 1, trainer, toTrain));
    if (speed) tried.push({ engine, speed, seconds: secondsOfStages(works, speed, engine.cores) });
  }
  return tried.sort((a, b) => a.seconds - b.seconds).map(({ engine, speed }) => ({ engine, speed }));
}

async function timingsOf(
  cohorts: readonly Run[][],
  cores: number,
  trainer: Trainer,
  { workOf, probe, isOver }: ToTrain,
): Promise<Timing[]> {
  const timingOf = async (runs: Run[]): Promise<Timing> => ({
    flopsPerStep: workOf(runs).flopsPerStep,
    secondsPerStep: await trainer.tryOut({ runs, probe }),
  });
  // Where cores train beside each other, each is slower than it would be alone.
  if (cores > 1 && !isOver()) return Promise.all(cohorts.map(timingOf));
  const timings: Timing[] = [];
  for (const runs of cohorts) if (!isOver()) timings.push(await timingOf(runs));
  return timings;
}
