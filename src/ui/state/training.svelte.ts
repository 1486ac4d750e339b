/** The one training of the page: what the conductor tells, turned into what the views show. */
import type { Experiment, Ladder } from '../../model/experiment.ts';
import type { RunResult, SealedPrediction } from '../../model/result.ts';
import type { StudyKind } from '../../model/study.ts';
import type { CohortName, ConductorEvent, Phase, Progress } from '../../experiment/protocol.ts';
import { nextFrame, type NextFrame } from './frames.ts';
import type { Results } from './results.svelte.ts';

/** What the page needs of a conductor. */
export interface Conducting {
  start(): Promise<unknown>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  cancel(): Promise<void>;
  /** Takes widths out of the fit that predictions not sealed yet will come from. */
  exclude(excluded: Record<string, number[]>): Promise<void>;
  /** New widths join the queue, untrained ones that are gone leave it. Rejects when the ladder is refused. */
  changeLadder(ladder: Ladder): Promise<void>;
}

export interface Fault {
  /** Path of the control at fault; null when no control is. */
  field: string | null;
  message: string;
}

/** Whose experiment trains: what is measured and what goes wrong is told to it. */
export interface Trained {
  readonly kind: StudyKind;
  readonly own: Results;
  fault: Fault | null;
}

type BegunCohort = CohortName & { runs: string[] };

/** One training, from the press of the button to its end: what its conductor tells is told to it and to no other. */
class Course {
  readonly study: Trained;
  /** Of the results that it measures: others may be opened in their place after its end. */
  resultsId = $state('');
  phase = $state<Phase>('preparing');
  /** The share of a text's tokens that is made. */
  prepared = $state<number | null>(null);
  /** Whether two engines are tried, to take the faster one. */
  isTrying = $state(false);
  progress = $state.raw<Progress | null>(null);
  cohorts = $state.raw<BegunCohort[]>([]);
  news = $state('');
  readonly #nextFrame: NextFrame;
  /** Runs that have ended. */
  readonly #over = new Set<string>();
  #latest: Progress | null = null;
  #isFlushing = false;

  constructor(study: Trained, next: NextFrame) {
    this.study = study;
    this.resultsId = study.own.id;
    this.#nextFrame = next;
  }

  get #unfinished(): BegunCohort[] {
    return this.cohorts.filter(({ runs }) => runs.some((id) => !this.#over.has(id)));
  }

  get isBusy(): boolean {
    return this.phase === 'preparing' || this.phase === 'training' || this.phase === 'paused';
  }

  /** After its end, which is told last, there is nothing to hear: the runs on show may be those of another training by then. */
  hear(event: ConductorEvent): void {
    if (!this.isBusy) return;
    const results = this.study.own;
    switch (event.kind) {
      case 'phase':
        this.phase = event.phase;
        if (!this.isBusy) this.#clear();
        break;
      case 'engine':
        results.adapter = event.engine.adapter;
        this.isTrying = false;
        break;
      case 'trying':
        this.isTrying = true;
        break;
      case 'preparing':
        this.prepared = event.share;
        break;
      case 'corpus':
        this.prepared = null;
        results.addFacts(event.facts);
        break;
      case 'cohort':
        this.cohorts = [...this.#unfinished, { ...event.cohort, runs: event.runs }];
        break;
      case 'report':
        if (event.report.kind === 'losses') results.curves.add(event.report);
        break;
      case 'run':
        this.#over.add(event.result.id);
        results.addRun(event.result);
        this.news = runNews(event.result);
        break;
      case 'sealed':
        results.addSealed(event.prediction);
        this.news = `Prediction for width ${event.prediction.width} sealed: ${event.prediction.loss.toFixed(3)}.`;
        break;
      case 'revealed':
        results.addSealed(event.prediction);
        this.news = revealNews(event.prediction);
        break;
      case 'progress':
        this.#later(event.progress);
        break;
      case 'error':
        this.study.fault = { field: event.field, message: event.message };
        break;
    }
  }

  /** Where the conductor has not told its end by itself. */
  end(phase: 'done' | 'failed'): void {
    this.hear({ kind: 'phase', phase });
  }

  /** Says what went wrong with something that was asked of the conductor, unless that is said already. */
  say(error: unknown): void {
    if (!this.isBusy || this.study.fault) return;
    const field = error && typeof error === 'object' && 'field' in error ? String(error.field) : null;
    this.study.fault = { field, message: error instanceof Error ? error.message : String(error) };
  }

  /** Progress comes faster than anyone can read; the latest one is shown, once a frame. */
  #later(progress: Progress): void {
    this.#latest = progress;
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    this.#nextFrame(() => {
      this.#isFlushing = false;
      if (this.#latest) this.progress = this.#latest;
    });
  }

  #clear(): void {
    this.#latest = null;
    this.progress = null;
    this.cohorts = [];
  }
}

export class Training {
  #course = $state.raw<Course | null>(null);
  #conductor: Conducting | null = null;
  readonly #nextFrame: NextFrame;

  constructor(next: NextFrame = nextFrame) {
    this.#nextFrame = next;
  }

  get phase(): Phase | 'idle' {
    return this.#course?.phase ?? 'idle';
  }
  get prepared(): number | null {
    return this.#course?.prepared ?? null;
  }
  get isTrying(): boolean {
    return this.#course?.isTrying ?? false;
  }
  get progress(): Progress | null {
    return this.#course?.progress ?? null;
  }
  /** That train now; one that has ended stays until the next one begins. */
  get cohorts(): BegunCohort[] {
    return this.#course?.cohorts ?? [];
  }
  /** What trains now, or trained last. */
  get study(): Trained | null {
    return this.#course?.study ?? null;
  }
  /** Of the results that it measures or measured. */
  get resultsId(): string {
    return this.#course?.resultsId ?? '';
  }
  /** Last thing worth telling someone who does not see the page. */
  get news(): string {
    return this.#course?.news ?? '';
  }
  get isBusy(): boolean {
    return this.#course?.isBusy ?? false;
  }

  /**
   * Trains with a conductor made for this listener; resolves when it has ended one way or another. The conductor tells how
   * it ended as the last thing, and from then on another training may start, before this one resolves.
   */
  async start(
    study: Trained,
    experiment: Experiment,
    finished: RunResult[],
    sealed: SealedPrediction[],
    make: (listener: (event: ConductorEvent) => void) => Conducting,
  ): Promise<void> {
    study.fault = null;
    study.own.begin(experiment, finished, sealed);
    const course = new Course(study, this.#nextFrame);
    this.#course = course;
    const conductor = make((event) => course.hear(event));
    this.#conductor = conductor;
    try {
      await conductor.start();
      course.end('done');
    } catch (error) {
      course.say(error);
      course.end('failed');
    } finally {
      if (this.#conductor === conductor) this.#conductor = null;
    }
  }

  /** The results that are measured go by another id from now on. */
  isKeptAs(study: Trained, id: string): void {
    study.own.id = id;
    if (this.#course?.study === study) this.#course.resultsId = id;
  }

  pause(): void {
    this.#ask((conductor) => conductor.pause());
  }

  resume(): void {
    this.#ask((conductor) => conductor.resume());
  }

  cancel(): void {
    this.#ask((conductor) => conductor.cancel());
  }

  exclude(excluded: Record<string, number[]>): void {
    this.#ask((conductor) => conductor.exclude(excluded));
  }

  /** Rejects when the ladder is refused, and when nothing trains any more. */
  async changeLadder(ladder: Ladder): Promise<void> {
    const [course, conductor] = [this.#course, this.#conductor];
    if (!course || !conductor) throw new Error('Training has ended; change the ladder again.');
    await conductor.changeLadder(ladder);
    course.study.own.changeLadder(ladder);
  }

  #ask(what: (conductor: Conducting) => Promise<void>): void {
    const [course, conductor] = [this.#course, this.#conductor];
    if (course && conductor) what(conductor).catch((error: unknown) => course.say(error));
  }
}

function runNews({ width, seed, status, overrides, finalEvalLoss }: RunResult): string {
  // Of a sweep many runs end at once, and none of them is news by itself.
  if (Object.keys(overrides).length > 0) return `Width ${width} of the sweep is trained.`;
  if (status === 'done' && finalEvalLoss !== null)
    return `Width ${width}, seed ${seed}: loss ${finalEvalLoss.toFixed(3)}.`;
  return `Width ${width}, seed ${seed}: ${status}.`;
}

function revealNews({ width, actual, verdict }: SealedPrediction): string {
  if (actual === null) return `Width ${width} is not judged: a seed diverged.`;
  return `Width ${width} measured: ${actual.toFixed(3)}, ${verdict} the interval.`;
}
