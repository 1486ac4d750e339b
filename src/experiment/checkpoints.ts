/** How the cohort under way is kept, so that another page goes on from it: its runs with all that was reported of them. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { isLostDevice } from '../model/lost-device.ts';
import { InputError } from '../model/parse.ts';
import type { Run } from '../model/run.ts';
import type { AdapterInfo, EvaluationReport, RunOutcome, RunsOnTheWay, TrainingReport } from '../model/training.ts';

/** What was reported of runs that train together. */
interface PartReports {
  runs: string[];
  /** Of all steps taken: `losses[i * runs.length + r]`. */
  losses: Float32Array;
  evaluations: EvaluationReport[];
}

export interface KeptCohort {
  state: RunsOnTheWay;
  /** Of the runs under way, which come last, and of the parts of a split cohort that ended before. */
  reports: PartReports[];
}

/** Where one page keeps one cohort. None of it rejects: where storage refuses, a training begins again. */
export interface CheckpointPlace {
  /** What was kept when it was taken. */
  readonly kept: KeptCohort | null;
  keep(cohort: KeptCohort): Promise<void>;
  /** It is not taken any more, either. */
  drop(): Promise<void>;
}

/** Where cohorts under way are kept, by their keys. None of it rejects. */
export interface CheckpointStore {
  take(key: string): Promise<CheckpointPlace>;
  /** Steps from which a cohort would go on; null where it would begin again. */
  stepOf(key: string): Promise<number | null>;
  /** Drops what was kept of a cohort, but for what another page keeps now. */
  discard(key: string): Promise<void>;
}

/** What must agree so that going on gives the bits of a training that was never left. */
interface Ground {
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
  private readonly parts: { runs: string[]; losses: Float32Array[]; evaluations: EvaluationReport[] }[];

  /** @param kept what an earlier page wrote down. */
  constructor(kept: KeptCohort | null) {
    this.parts = (kept?.reports ?? []).map(({ runs, losses, evaluations }) => ({
      ...{ runs, losses: [losses], evaluations: [...evaluations] },
    }));
  }

  add(report: TrainingReport): void {
    const { runs } = report;
    let part = this.parts.at(-1);
    // A cohort that was split trains its parts one after another.
    if (String(part?.runs) !== String(runs)) this.parts.push((part = { runs, losses: [], evaluations: [] }));
    // Its arrays go to whoever listens.
    if (report.kind === 'losses') part!.losses.push(report.losses.slice());
    else part!.evaluations.push(copyOf(report));
  }

  /** @param state of the runs that reported last. */
  with(state: RunsOnTheWay): KeptCohort {
    const last = this.parts.at(-1)!;
    const reports = this.parts.map((part) => {
      const { runs, evaluations } = part;
      const reported = part.losses.reduce((sum, { length }) => sum + length, 0);
      const losses = new Float32Array(part === last ? state.step * runs.length : reported);
      let at = 0;
      for (const some of part.losses) {
        losses.set(some.subarray(0, losses.length - at), at);
        at = Math.min(at + some.length, losses.length);
      }
      part.losses = [losses];
      return { runs, losses: losses.slice(), evaluations: [...evaluations] };
    });
    return { state, reports };
  }
}

/** A cohort on its way: where it begins, and how it is kept. */
export class Way {
  readonly reports: ReportsSoFar;
  /** One after the other, so that what is dropped stays dropped. */
  private keeping = Promise.resolve();

  /** Told once the cohort was trained. */
  onEnd = () => {};

  constructor(private readonly place: CheckpointPlace) {
    this.reports = new ReportsSoFar(place.kept);
  }

  get from(): KeptCohort | null {
    return this.place.kept;
  }

  readonly onTheWay = (state: RunsOnTheWay): void => {
    // What the parts before have learnt would be far more than what it takes to go on.
    const ended = state.ended.map((outcome) => ({ ...outcome, parameters: undefined }));
    const kept = this.reports.with({ ...state, ended });
    this.keeping = this.keeping.then(() => this.place.keep(kept));
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
    this.keeping = this.keeping.then(() => this.place.drop());
  }
}

/** What was reported of a cohort before its page was left, part after part, each in the order of its steps. */
export function reportsOf({ reports }: KeptCohort): TrainingReport[] {
  return reports.flatMap(({ runs, losses, evaluations }): TrainingReport[] => [
    { kind: 'losses', runs, firstStep: 0, losses: losses.slice() },
    ...evaluations.map(copyOf),
  ]);
}

const copyOf = (report: EvaluationReport): EvaluationReport => ({
  ...report,
  losses: report.losses.slice(),
  standardErrors: report.standardErrors.slice(),
});
