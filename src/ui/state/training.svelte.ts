/** The training that goes on now: what the conductor tells, turned into what the page shows. */
import type { Experiment, Ladder } from '../../model/experiment.ts';
import type { RunResult, SealedPrediction } from '../../model/result.ts';
import type { ConductorEvent, EngineDescription, Phase, Progress } from '../../workers/protocol.ts';
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

export class Training {
  phase = $state<Phase | 'idle'>('idle');
  engine = $state.raw<EngineDescription | null>(null);
  progress = $state.raw<Progress | null>(null);
  cohort = $state.raw<{ recipe: string; width: number; runs: string[] } | null>(null);
  fault = $state.raw<Fault | null>(null);
  /** Last thing worth telling someone who does not see the page. */
  news = $state('');
  readonly results: Results;

  readonly isBusy = $derived.by(
    () => this.phase === 'preparing' || this.phase === 'training' || this.phase === 'paused',
  );

  readonly #nextFrame: NextFrame;
  #conductor: Conducting | null = null;
  #latest: Progress | null = null;
  #isFlushing = false;

  constructor(results: Results, next: NextFrame = nextFrame) {
    this.results = results;
    this.#nextFrame = next;
  }

  /** Trains with a conductor made for this listener; resolves when it has ended one way or another. */
  async start(
    experiment: Experiment,
    finished: RunResult[],
    sealed: SealedPrediction[],
    make: (listener: (event: ConductorEvent) => void) => Conducting,
  ): Promise<void> {
    this.fault = null;
    this.progress = null;
    this.phase = 'preparing';
    this.results.begin(experiment, finished, sealed);
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
    this.results.changeLadder(ladder);
  }

  apply(event: ConductorEvent): void {
    switch (event.kind) {
      case 'phase':
        this.phase = event.phase;
        break;
      case 'engine':
        this.engine = event.engine;
        this.results.adapter = event.engine.adapter;
        break;
      case 'corpus':
        this.results.addFacts(event.facts);
        break;
      case 'cohort':
        this.cohort = { recipe: event.recipe, width: event.width, runs: event.runs };
        break;
      case 'report':
        if (event.report.kind === 'losses') this.results.curves.add(event.report);
        break;
      case 'run':
        this.results.addRun(event.result);
        this.news = runNews(event.result);
        break;
      case 'sealed':
        this.results.addSealed(event.prediction);
        this.news = `Prediction for width ${event.prediction.width} sealed: ${event.prediction.loss.toFixed(3)}.`;
        break;
      case 'revealed':
        this.results.addSealed(event.prediction);
        this.news = revealNews(event.prediction);
        break;
      case 'progress':
        this.#later(event.progress);
        break;
      case 'error':
        this.fault = { field: event.field, message: event.message };
        break;
      case 'fit':
        // The page asks for its own fit, since it also depends on the axis and on the points left out.
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
    if (this.fault) return;
    const field = error && typeof error === 'object' && 'field' in error ? String(error.field) : null;
    this.fault = { field, message: error instanceof Error ? error.message : String(error) };
  }
}

function runNews({ width, seed, status, finalEvalLoss }: RunResult): string {
  if (status === 'done' && finalEvalLoss !== null)
    return `Width ${width}, seed ${seed}: loss ${finalEvalLoss.toFixed(3)}.`;
  return `Width ${width}, seed ${seed}: ${status}.`;
}

function revealNews({ width, actual, verdict }: SealedPrediction): string {
  if (actual === null) return `Width ${width} was not measured.`;
  return `Width ${width} measured: ${actual.toFixed(3)}, ${verdict} the interval.`;
}
