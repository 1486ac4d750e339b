/**
 * Leads an experiment through its order: prepare, check that all fits, train the rungs smallest first, refit after each,
 * seal the predictions, and only then train the targets and set them beside what was predicted.
 */
import { parseExperiment, type Experiment, type Ladder } from '../model/experiment.ts';
import { InputError } from '../model/parse.ts';
import type { Recipe } from '../model/recipe.ts';
import type { ExperimentResult, RunResult, SealedPrediction } from '../model/result.ts';
import { runId } from '../model/run.ts';
import type { RunOutcome } from '../model/training.ts';
import type { FitReport } from '../scaling/report.ts';
import { assertLadderFits, assertSameText, assertTargetsUnmeasured } from './admission.ts';
import { assembleResult } from './assemble.ts';
import { locate } from './field-at-fault.ts';
import { ExperimentProgress } from './progress.ts';
import type {
  ConductorEvent,
  ConductorOptions,
  CorpusFacts,
  EngineDescription,
  FitterService,
  Phase,
  TrainerService,
} from './protocol.ts';
import { cohortsLeft, isOver, nextStep, sealOf, type CohortStep, type SealStep, type Standing } from './queue.ts';
import { RecipeFits } from './recipe-fits.ts';
import { CohortRecorder } from './recorder.ts';
import { listenToReports } from './report-port.ts';
import { plainPoints, rungPoints } from './rung-points.ts';
import { noSeal, reveal, sealPrediction } from './seal.ts';

/** A worker that is gone is told of by the call that waits for it, not by a message that needs no answer. */
const quietly = (sent: Promise<void>): void => void sent.catch(() => undefined);

export class Conductor {
  #experiment: Experiment;
  #runs: RunResult[];
  #sealed: SealedPrediction[];
  #excluded: Record<string, number[]>;
  readonly #facts = new Map<string, CorpusFacts>();
  readonly #fits: RecipeFits;
  /** Targets that could not be sealed, with the number of rung points there were. */
  readonly #givenUp = new Map<string, number>();
  /** Names of predictions whose measurement was told. */
  readonly #revealed = new Set<string>();
  readonly #progress: ExperimentProgress;
  #engine: EngineDescription | null = null;
  #phase: Phase = 'preparing';
  #isCancelled = false;
  #isPaused = false;
  #goOn = () => {};
  /** Resolves once every width was found to fit, rejects when one does not. */
  #isChecked: Promise<void> = Promise.resolve();

  /** @param trainer and @param fitter may be local objects or stand for workers. */
  constructor(
    private readonly trainer: TrainerService,
    private readonly fitter: FitterService,
    private readonly options: ConductorOptions,
    private readonly listener: (event: ConductorEvent) => void,
  ) {
    const { experiment, finished = [], sealed = [], excluded = {} } = options;
    this.#experiment = experiment;
    this.#sealed = [...sealed];
    this.#excluded = excluded;
    this.#fits = new RecipeFits(fitter, (recipe, report) => this.listener({ kind: 'fit', recipe, report }));
    this.#progress = new ExperimentProgress(
      (recipe) => this.#facts.get(recipe)!.vocabulary,
      (progress) => this.listener({ kind: 'progress', progress }),
    );
    // Runs and seals of widths outside the ladder stay too: whoever adds such a width again finds it measured.
    this.#runs = finished.filter((run) => isOver(run) && experiment.recipes.some(({ name }) => name === run.recipe));
  }

  /**
   * Resolves with what there is when all is done, when cancelled, and when training failed on the way.
   * @throws InputError when the experiment is refused, which is before anything trains.
   */
  async run(): Promise<ExperimentResult> {
    this.#enter('preparing');
    try {
      this.#isChecked = this.#prepare();
      await this.#isChecked;
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    try {
      if (!this.#isCancelled) this.#enter(this.#isPaused ? 'paused' : 'training');
      await this.#refitAll();
      this.#revealMeasured();
      await this.#work();
      this.#enter(this.#isCancelled ? 'cancelled' : 'done');
    } catch (error) {
      this.#fail(error);
    } finally {
      // The next experiment must not find the trainer paused.
      if (this.#isPaused) quietly(this.trainer.resume());
    }
    return assembleResult(this.#experiment, this.#engine!.adapter, this.#runs, this.#fits, this.#sealed);
  }

  pause(): void {
    if (this.#isPaused || this.#hasEnded) return;
    this.#isPaused = true;
    this.#progress.pause();
    quietly(this.trainer.pause());
    if (this.#phase === 'training') this.#enter('paused');
  }

  resume(): void {
    if (!this.#isPaused || this.#hasEnded) return;
    this.#isPaused = false;
    this.#progress.resume();
    quietly(this.trainer.resume());
    if (this.#phase === 'paused') this.#enter('training');
    this.#goOn();
  }

  /** Ends training soon; everything finished is kept, and the run under way keeps the losses it reported. */
  cancel(): void {
    if (this.#hasEnded) return;
    this.#isCancelled = true;
    quietly(this.trainer.cancel());
    this.#goOn();
  }

  /**
   * Changes the ladder while training goes on: new widths join the queue, untrained ones that are gone leave it.
   * @throws InputError for a ladder that is not allowed or a width that does not fit; the old ladder then stays.
   * Error once training has ended.
   */
  async setLadder(ladder: Ladder): Promise<void> {
    const changed = parseExperiment({ ...this.#experiment, ladder });
    await this.#isChecked;
    const known = new Set([...this.#experiment.ladder.rungs, ...this.#experiment.ladder.targets]);
    await this.#assertFits(changed, (width) => !known.has(width));
    if (this.#hasEnded) throw new Error('Training has ended; start it again with the new ladder.');
    assertTargetsUnmeasured(changed.ladder.targets, this.#standing, this.#progress.training);
    this.#experiment = changed;
    this.#tellProgress();
    await this.#refitAll();
  }

  /** Takes widths out of the fit, by recipe name, and refits. Predictions that are sealed already stay as they are. */
  async setExcluded(excluded: Record<string, number[]>): Promise<void> {
    this.#excluded = excluded;
    await this.#refitAll();
  }

  get #hasEnded(): boolean {
    return this.#phase === 'done' || this.#phase === 'cancelled' || this.#phase === 'failed';
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.listener({ kind: 'phase', phase });
  }

  #fail(error: unknown): void {
    const field = error instanceof InputError ? error.field : null;
    this.listener({ kind: 'error', field, message: error instanceof Error ? error.message : String(error) });
    this.#enter('failed');
  }

  async #prepare(): Promise<void> {
    assertTargetsUnmeasured(this.#experiment.ladder.targets, this.#standing, null);
    this.#engine = await this.trainer.describe();
    this.listener({ kind: 'engine', engine: this.#engine });
    const { texts } = this.options;
    for (const [i, recipe] of this.#experiment.recipes.entries()) {
      if (this.#isCancelled) return;
      const { corpus } = recipe;
      const own =
        corpus.kind === 'text' && Object.hasOwn(texts, corpus.file) ? [[corpus.file, texts[corpus.file]]] : [];
      const facts = await locate(`recipes[${i}]`, null, this.trainer.prepare(recipe, Object.fromEntries(own)));
      this.#facts.set(recipe.name, facts);
      this.listener({ kind: 'corpus', facts });
      assertSameText(recipe, i, facts, this.#runs);
    }
    await this.#assertFits(this.#experiment, () => true);
  }

  #assertFits(experiment: Experiment, isWanted: (width: number) => boolean): Promise<void> {
    return assertLadderFits(this.trainer, experiment, isWanted, () => !this.#isCancelled);
  }

  get #standing(): Standing {
    const { recipes, ladder, seeds } = this.#experiment;
    const isGivenUp = (recipe: Recipe, width: number) =>
      this.#givenUp.get(runId(recipe, width, 0)) === this.#points(recipe).length;
    return { recipes, ladder, seeds, runs: this.#runs, sealed: this.#sealed, isGivenUp };
  }

  async #work(): Promise<void> {
    for (;;) {
      while (this.#isPaused && !this.#isCancelled) await new Promise<void>((resolve) => (this.#goOn = resolve));
      if (this.#isCancelled) return;
      const step = nextStep(this.#standing);
      if (!step) return;
      if (step.kind === 'seal') await this.#seal(step);
      else await this.#train(step);
    }
  }

  async #train(step: CohortStep): Promise<void> {
    const { recipe, width, seeds } = step;
    const isRung = this.#experiment.ladder.rungs.includes(width);
    if (!isRung && !sealOf(this.#sealed, recipe, width)) {
      throw new Error(`Width ${width} of ${recipe.name} must not train: its prediction is not sealed.`);
    }
    const runs = seeds.map((seed) => ({ id: runId(recipe, width, seed), recipe, width, seed }));
    const recorder = new CohortRecorder(recipe, runs, this.#facts.get(recipe.name)!);
    this.#progress.begin(step);
    this.listener({ kind: 'cohort', recipe: recipe.name, width, runs: runs.map((run) => run.id) });
    this.#tellProgress();
    const reports = listenToReports((report) => {
      recorder.add(report);
      this.listener({ kind: 'report', report });
      this.#progress.advance(recorder.stepsDone);
    });
    let outcomes: RunOutcome[] | null = null;
    try {
      const { keepParameters } = this.options;
      outcomes = await this.trainer.train({ recipe, width, seeds, keepParameters }, reports.port);
      await reports.ended;
    } finally {
      reports.close();
      this.#progress.finish(outcomes !== null && outcomes.every((one) => one.status !== 'cancelled'));
      for (const result of recorder.results(outcomes)) this.#keep(result, outcomes);
    }
    this.#tellProgress();
    if (this.#experiment.ladder.rungs.includes(width)) await this.#refit(recipe);
    this.#revealed.delete(runId(recipe, width, 0));
    this.#revealMeasured();
  }

  #keep(result: RunResult, outcomes: readonly RunOutcome[] | null): void {
    const parameters = outcomes?.find((one) => one.id === result.id)?.parameters;
    this.#runs = [...this.#runs.filter((other) => other.id !== result.id), result];
    this.listener({ kind: 'run', result, ...(parameters ? { parameters } : {}) });
  }

  #runsOf(recipe: Recipe): RunResult[] {
    const { seeds } = this.#experiment;
    return this.#runs.filter((run) => run.recipe === recipe.name && seeds.includes(run.seed));
  }

  /** The points that take part in the fit: rungs only, so that no target ever tells of itself. */
  #points(recipe: Recipe) {
    const out = this.#excluded[recipe.name] ?? [];
    const widths = this.#experiment.ladder.rungs.filter((width) => !out.includes(width));
    return rungPoints(this.#runsOf(recipe), widths);
  }

  async #refitAll(): Promise<void> {
    for (const recipe of this.#experiment.recipes) await this.#refit(recipe);
  }

  async #refit(recipe: Recipe): Promise<void> {
    try {
      await this.#fits.refit(recipe.name, this.#points(recipe), this.#experiment.ladder);
    } catch (error) {
      this.#tellUnfitted(recipe, error);
    }
  }

  /** A law that cannot be fitted is told, and training goes on: what is measured stays worth having. */
  #tellUnfitted(recipe: Recipe, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.listener({ kind: 'error', field: null, message: `No law was fitted to ${recipe.name}: ${why}` });
  }

  async #seal({ recipe, widths }: SealStep): Promise<void> {
    const points = this.#points(recipe);
    let report: FitReport | null = null;
    try {
      if (points.length > 0) report = await this.fitter.fit({ points: plainPoints(points), targets: widths, grid: [] });
    } catch (error) {
      for (const width of widths) this.#givenUp.set(runId(recipe, width, 0), points.length);
      this.#tellUnfitted(recipe, error);
      return;
    }
    if (!report?.leastSquares) {
      for (const width of widths) this.#givenUp.set(runId(recipe, width, 0), points.length);
      this.listener({ kind: 'error', ...noSeal(recipe, points.length, widths) });
      return;
    }
    for (const prediction of report.predictions) {
      const sealed = sealPrediction(recipe, points, this.#facts.get(recipe.name)!.textHash, prediction);
      this.#sealed = [...this.#sealed, sealed];
      this.listener({ kind: 'sealed', prediction: sealed });
    }
  }

  /** Sets what was measured beside each sealed prediction whose runs are all over. */
  #revealMeasured(): void {
    const { recipes, seeds } = this.#experiment;
    for (const recipe of recipes) {
      const runs = this.#runsOf(recipe);
      for (const sealed of this.#sealed.filter((one) => one.recipe === recipe.name)) {
        const measured = runs.filter((run) => run.width === sealed.width);
        const name = runId(recipe, sealed.width, 0);
        const isMeasured = seeds.every((seed) => measured.some((run) => run.seed === seed && isOver(run)));
        if (!isMeasured || this.#revealed.has(name)) continue;
        this.#revealed.add(name);
        const prediction = reveal(sealed, measured);
        this.#sealed = this.#sealed.map((one) => (one === sealed ? prediction : one));
        this.listener({ kind: 'revealed', prediction });
      }
    }
  }

  #tellProgress(): void {
    if (!this.#hasEnded) this.#progress.setLeft(cohortsLeft(this.#standing));
  }
}
