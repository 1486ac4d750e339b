/** How the cohort under way is kept, so that another page goes on from it: its runs with all that was reported of them. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { isLostDevice } from '../model/lost-device.ts';
import { InputError } from '../model/parse.ts';
import type { Run } from '../model/run.ts';
import type { AdapterInfo, EvaluationReport, RunOutcome, RunsOnTheWay, TrainingReport } from '../model/training.ts';

export interface KeptCohort {
  state: RunsOnTheWay;
  /** Of all steps taken: `losses[i * runs.length + r]`. */
  losses: Float32Array;
  evaluations: EvaluationReport[];
}

/** Where cohorts under way are kept. None of it rejects: where storage refuses, a training begins again. */
export interface CheckpointStore {
  find(key: string): Promise<KeptCohort | null>;
  keep(key: string, cohort: KeptCohort): Promise<void>;
  drop(key: string): Promise<void>;
}

/** What must agree so that going on gives the bits of a training that was never left. */
export interface Ground {
  adapter: AdapterInfo;
  /** Of the code: another one may compute in another order. */
  version: string;
  textHash: string | null;
}

export function checkpointKey(runs: readonly Run[], { adapter, version, textHash }: Ground): string {
  const { vendor, architecture, description } = adapter;
  const content = [runs, vendor, architecture, description, version, textHash];
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(content))));
}

/** Writes down what is reported of a cohort, to be kept beside its runs. */
class ReportsSoFar {
  private runs = '';
  private losses: Float32Array[] = [];
  private evaluations: EvaluationReport[] = [];

  /** @param kept what an earlier page wrote down. */
  constructor(kept: KeptCohort | null) {
    if (!kept) return;
    this.runs = String(kept.state.runs);
    this.losses = [kept.losses];
    this.evaluations = [...kept.evaluations];
  }

  add(report: TrainingReport): void {
    const runs = String(report.runs);
    // A cohort that was split trains its parts one after another.
    if (runs !== this.runs) [this.runs, this.losses, this.evaluations] = [runs, [], []];
    // Its arrays go to whoever listens.
    if (report.kind === 'losses') this.losses.push(report.losses.slice());
    else this.evaluations.push(copyOf(report));
  }

  /** @param state of the runs that reported last. */
  with(state: RunsOnTheWay): KeptCohort {
    const losses = new Float32Array(state.step * state.runs.length);
    let at = 0;
    for (const part of this.losses) {
      losses.set(part.subarray(0, losses.length - at), at);
      at = Math.min(at + part.length, losses.length);
    }
    this.losses = [losses];
    return { state, losses: losses.slice(), evaluations: [...this.evaluations] };
  }
}

/** A cohort on its way: where it begins, and how it is kept. */
export class Way {
  readonly reports: ReportsSoFar;
  /** One after the other, so that what is dropped stays dropped. */
  private keeping = Promise.resolve();

  /** Told once the cohort was trained. */
  onEnd = () => {};

  constructor(
    private readonly store: CheckpointStore,
    private readonly key: string,
    private readonly cohort: readonly Run[],
    readonly from: KeptCohort | null,
  ) {
    this.reports = new ReportsSoFar(from);
  }

  readonly onTheWay = (state: RunsOnTheWay): void => {
    const { cohort, reports, store, key } = this;
    // The parts of a cohort that was split take turns, and those that ended are not in the state of the one under way: it begins again.
    if (state.runs.length < cohort.length) return;
    const kept = reports.with(state);
    this.keeping = this.keeping.then(() => store.keep(key, kept));
  };

  /** What was ended is not gone on with; only where the device is gone, another page may have one. */
  async toItsEnd(training: Promise<RunOutcome[]>): Promise<RunOutcome[]> {
    try {
      const outcomes = await training;
      if (outcomes.some(({ status }) => status === 'cancelled')) this.drop();
      else this.onEnd();
      return outcomes;
    } catch (error) {
      if (!(error instanceof InputError && isLostDevice(error))) this.drop();
      throw error;
    }
  }

  drop(): void {
    this.keeping = this.keeping.then(() => this.store.drop(this.key));
  }
}

/** What was reported of a cohort before its page was left, in the order of its steps. */
export function reportsOf({ state, losses, evaluations }: KeptCohort): TrainingReport[] {
  const { runs } = state;
  return [{ kind: 'losses', runs, firstStep: 0, losses: losses.slice() }, ...evaluations.map(copyOf)];
}

const copyOf = (report: EvaluationReport): EvaluationReport => ({
  ...report,
  losses: report.losses.slice(),
  standardErrors: report.standardErrors.slice(),
});
