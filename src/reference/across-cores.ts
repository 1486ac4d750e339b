/**
 * Trains on several cores at once. Each run is a task of its own, and whoever is free takes the largest that waits: what a run computes
 * depends neither on who trains it nor on what trains beside it, so that it ends with the same bits as in its turn on one core.
 */
import { MissingPart } from '../model/missing-part.ts';
import { InputError } from '../model/parse.ts';
import { trainingFlops } from '../model/shape.ts';
import {
  notBegun,
  type Cohort,
  type RunOutcome,
  type TrainingEngine,
  type TrainingOptions,
} from '../model/training.ts';
import { assertFitsCpu, mostNumbers, numbersHeld, numbersSent } from './capacity.ts';
import { createReferenceEngine } from './trainer.ts';

/**
 * Trains on one core. One that is gone rejects, and is another one when it is called again; with `MissingPart` where there is no other one.
 */
export type Core = Pick<TrainingEngine, 'train'>;

/** How often a run is begun on a core before its cohort is given up. */
const MOST_TRIES = 2;

interface Task {
  /** Of one run. */
  cohort: Cohort;
  options: TrainingOptions;
  flops: number;
  /** Numbers in memory. */
  held: number;
  tries: number;
  end: (outcome: RunOutcome) => void;
  fail: (error: unknown) => void;
}

/** @param cores with fewer than two, the runs of a cohort take turns in this thread. */
export function createCpuEngine(cores: readonly Core[]): TrainingEngine {
  const inTurns = createReferenceEngine();
  if (cores.length < 2) return inTurns;
  const tasks = new Tasks(cores, inTurns);
  return {
    ...inTurns,
    cores: cores.length,
    train: (cohort, options) => {
      assertFitsCpu(cohort);
      return trainEach(tasks, cohort, options);
    },
  };
}

/** @throws Error naming the runs that had not ended when one of them could not be trained. */
async function trainEach(tasks: Tasks, cohort: Cohort, options: TrainingOptions): Promise<RunOutcome[]> {
  const stop = new AbortController();
  const halt = () => {
    stop.abort();
    tasks.assign();
  };
  if (options.signal.aborted) halt();
  options.signal.addEventListener('abort', halt, { once: true });
  const open = new Set(cohort.runs.map(({ id }) => id));
  const training = cohort.runs.map(async (run) => {
    const outcome = await tasks.add({ ...cohort, runs: [run] }, { ...options, signal: stop.signal });
    if (outcome.status !== 'cancelled') open.delete(run.id);
    return outcome;
  });
  tasks.assign();
  try {
    return await Promise.all(training);
  } catch (error) {
    halt();
    await Promise.allSettled(training);
    if (error instanceof InputError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${[...open].join(', ')} could not be trained to the end: ${message}`, { cause: error });
  } finally {
    options.signal.removeEventListener('abort', halt);
  }
}

class Tasks {
  private waiting: Task[] = [];
  private readonly free: Core[];
  private alive: number;
  private held = 0;

  /** @param lastResort takes the place of all cores once none is left. */
  constructor(
    cores: readonly Core[],
    private readonly lastResort: Core,
  ) {
    this.free = [...cores];
    this.alive = cores.length;
  }

  /** To be assigned. */
  add(cohort: Cohort, options: TrainingOptions): Promise<RunOutcome> {
    const { shape, batch, steps } = cohort;
    const held = numbersHeld(cohort) + numbersSent(cohort);
    return new Promise((end, fail) => {
      const flops = trainingFlops(shape, batch * shape.context * steps);
      this.waiting.push({ ...{ cohort, options, flops, held, end, fail }, tries: 0 });
    });
  }

  assign(): void {
    const isEnded = ({ options }: Task) => options.signal.aborted;
    for (const { cohort, end } of this.waiting.filter(isEnded)) end(notBegun(cohort.runs[0]!));
    this.waiting = this.waiting.filter((task) => !isEnded(task)).sort((one, other) => other.flops - one.flops);
    while (this.free.length > 0) {
      const next = this.waiting.findIndex(({ held }) => this.held === 0 || this.held + held <= mostNumbers());
      if (next < 0) return;
      void this.begin(this.free.pop()!, this.waiting.splice(next, 1)[0]!);
    }
  }

  private async begin(core: Core, task: Task): Promise<void> {
    this.held += task.held;
    try {
      const [outcome] = await core.train(task.cohort, task.options);
      task.end(outcome!);
      this.free.push(core);
    } catch (error) {
      if (error instanceof MissingPart) {
        if (--this.alive === 0) this.free.push(this.lastResort);
      } else {
        task.tries++;
        // So that the run comes to another core, where there is one.
        this.free.unshift(core);
      }
      // What was reported until then comes again, as it was.
      if (task.tries < MOST_TRIES && !(error instanceof InputError)) this.waiting.push(task);
      else task.fail(error);
    } finally {
      this.held -= task.held;
      this.assign();
    }
  }
}
