/** How fast this machine trains, to say how long training will take before it starts; kept per adapter. */
import { mostTokens } from '../../model/corpora.ts';
import type { RunResult } from '../../model/result.ts';
import type { Run } from '../../model/run.ts';
import type { AdapterInfo } from '../../model/training.ts';
import type { EngineDescription } from '../../experiment/protocol.ts';
import { cohortWork, secondsOfStages, speedFrom, type Speed, type Timing, type Work } from '../../experiment/eta.ts';

const keyOf = ({ vendor, architecture, description }: AdapterInfo) =>
  `mup-playground-speed ${vendor} ${architecture} ${description}`;

const workOf = ([{ recipe, width }]: Run[], count: number): Work =>
  cohortWork(recipe, width, mostTokens(recipe.corpus), count);

/**
 * Steps of 0.02 s and 6 GFLOP/s on two cores, as docs/benchmarks.md has it, and in proportion on others, for such an adapter computes on
 * them; 1 GFLOP/s of one core; the third is a guess.
 */
const ROUGHLY: Record<'software' | 'cpu' | 'gpu', () => Speed> = {
  software: () => ({ overhead: 0.02, secondsPerFlop: 1 / (3e9 * (globalThis.navigator?.hardwareConcurrency ?? 2)) }),
  cpu: () => ({ overhead: 0, secondsPerFlop: 1 / 1e9 }),
  gpu: () => ({ overhead: 0.002, secondsPerFlop: 1 / 1e12 }),
};

export interface TimeNeeded {
  seconds: number;
  /** Told by the kind of adapter alone, because nothing was measured on this one yet. */
  isRough: boolean;
}

/** The speed of each adapter of this page: of an earlier visit at first, then as it is measured. */
export class MachineSpeed {
  #measured = $state.raw<Readonly<Record<string, Speed | null>>>({});

  /** Recalls what was measured on the adapter in an earlier visit. */
  recall(adapter: AdapterInfo): void {
    this.#measured = { ...this.#measured, [keyOf(adapter)]: remembered(adapter) };
  }

  /** Learns from what was measured of the cohorts and keeps it for the next visit. */
  learn(adapter: AdapterInfo, cohorts: readonly Run[][], measured: readonly Measured[]): void {
    const speed = speedFrom(timingsOf(cohorts, measured));
    if (speed) this.keep(adapter, speed);
  }

  keep(adapter: AdapterInfo, speed: Speed): void {
    this.#measured = { ...this.#measured, [keyOf(adapter)]: speed };
    try {
      localStorage.setItem(keyOf(adapter), JSON.stringify(speed));
    } catch {
      // Storage is blocked: the next visit then starts from a rough estimate.
    }
  }

  /**
   * Time that cohorts take on the engine.
   * @param stages of them: what comes in the next one waits for all of this one.
   * @param measured null to tell it by the kind of adapter alone.
   */
  timeOf(
    { kind, adapter, cores = 1 }: EngineDescription,
    stages: readonly Run[][][],
    measured = this.measuredOn(adapter),
  ): TimeNeeded {
    const speed = measured ?? ROUGHLY[kind === 'reference' ? 'cpu' : adapter.software ? 'software' : 'gpu']();
    const works = stages.map((cohorts) => cohorts.map((cohort) => workOf(cohort, cohort.length)));
    return { seconds: secondsOfStages(works, speed, cores), isRough: !measured };
  }

  /** Null where nothing was measured on it. */
  measuredOn(adapter: AdapterInfo): Speed | null {
    return this.#measured[keyOf(adapter)] ?? null;
  }
}

type Measured = Pick<RunResult, 'id' | 'status' | 'seconds'>;

function timingsOf(cohorts: readonly Run[][], measured: readonly Measured[]): Timing[] {
  const done = new Map(measured.filter((run) => run.status === 'done' && run.seconds > 0).map((run) => [run.id, run]));
  return cohorts.flatMap((cohort) => {
    const timed = cohort.flatMap(({ id }) => done.get(id) ?? []);
    if (timed.length === 0) return [];
    const { flopsPerStep, steps } = workOf(cohort, timed.length);
    // Runs that train together all tell the time of all; the parts of a cohort that was split each tell their own.
    const seconds = [...new Set(timed.map((run) => run.seconds))].reduce((sum, one) => sum + one, 0);
    return [{ flopsPerStep, secondsPerStep: seconds / steps }];
  });
}

function remembered(adapter: AdapterInfo): Speed | null {
  try {
    const { overhead, secondsPerFlop } = JSON.parse(localStorage.getItem(keyOf(adapter)) ?? 'null') as Speed;
    return overhead >= 0 && secondsPerFlop >= 0 ? { overhead, secondsPerFlop } : null;
  } catch {
    return null;
  }
}
