/** The one training of the page: what the conductor tells, turned into what the views show. */
import type { Experiment, Ladder } from '../../model/experiment.ts';
import type { RunResult, SealedPrediction } from '../../model/result.ts';
import type { StudyKind } from '../../model/study.ts';
import type { CohortName, ConductorEvent, EngineDescription, Phase, Progress } from '../../workers/protocol.ts';
import { nextFrame, type NextFrame } from './frames.ts';
import type { Results } from './results.svelte.ts';

/** What the page needs of a conductor. */
export interface Conducting {
  start(): Promise<unknown>;
  pause(): unknown;
  resume(): unknown;
  cancel(): unknown;
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

export class Training {
  phase = $state<Phase | 'idle'>('idle');
  engine = $state.raw<EngineDescription | null>(null);
  progress = $state.raw<Progress | null>(null);
  cohort = $state.raw<(CohortName & { runs: string[] }) | null>(null);
  /** What trains now, or trained last. */
  study = $state.raw<Trained | null>(null);
  /** Last thing worth telling someone who does not see the page. */
  news = $state('');

  readonly isBusy = $derived.by(
    () => this.phase === 'preparing' || this.phase === 'training' || this.phase === 'paused',
  );

  readonly #nextFrame: NextFrame;
  #conductor: Conducting | null = null;
  #latest: Progress | null = null;
  #isFlushing = false;

  constructor(next: NextFrame = nextFrame) {
    this.#nextFrame = next;
  }

  /** Trains with a conductor made for this listener; resolves when it has ended one way or another. */
  async start(
    study: Trained,
    experiment: Experiment,
    finished: RunResult[],
    sealed: SealedPrediction[],
    make: (listener: (event: ConductorEvent) => void) => Conducting,
  ): Promise<void> {
    this.study = study;
    study.fault = null;
    this.progress = null;
    this.phase = 'preparing';
    study.own.begin(experiment, finished, sealed);
    this.#conductor = make((event) => this.apply(event));
    try {
      await this.#conductor.start();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#conductor = null;
      this.cohort = null;
      this.#latest = null;
      this.progress = null;
    }
  }

  pause(): void {
    void this.#conductor?.pause();
  }

  resume(): void {
    void this.#conductor?.resume();
  }

  cancel(): void {
    void this.#conductor?.cancel();
  }

  exclude(excluded: Record<string, number[]>): void {
    void this.#conductor?.exclude(excluded);
  }

  async changeLadder(ladder: Ladder): Promise<void> {
    await this.#conductor?.changeLadder(ladder);
    this.study?.own.changeLadder(ladder);
  }

  apply(event: ConductorEvent): void {
    const { study } = this;
    if (!study) return;
    const results = study.own;
    switch (event.kind) {
      case 'phase':
        this.phase = event.phase;
        break;
      case 'engine':
        this.engine = event.engine;
        results.adapter = event.engine.adapter;
        break;
      case 'corpus':
        results.addFacts(event.facts);
        break;
      case 'cohort':
        this.cohort = { ...event.cohort, runs: event.runs };
        break;
      case 'report':
        if (event.report.kind === 'losses') results.curves.add(event.report);
        break;
      case 'run':
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
        study.fault = { field: event.field, message: event.message };
        break;
      case 'fit':
      case 'checks':
      case 'comparisons':
        // The page asks by itself, since its questions also depend on the axis, the points left out and the margin.
        break;
    }
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

  #fail(error: unknown): void {
    this.phase = 'failed';
    if (!this.study || this.study.fault) return;
    const field = error && typeof error === 'object' && 'field' in error ? String(error.field) : null;
    this.study.fault = { field, message: error instanceof Error ? error.message : String(error) };
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
  if (actual === null) return `Width ${width} was not measured.`;
  return `Width ${width} measured: ${actual.toFixed(3)}, ${verdict} the interval.`;
}
