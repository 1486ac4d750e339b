/**
 * Leads an experiment through its order: prepare, check that all fits, train the rungs smallest first, refit after each,
 * seal the predictions, and only then train the targets and set them beside what was predicted.
 */
import { InputError, parseExperiment, type Experiment, type Ladder, type Recipe } from '../model/experiment.ts';
import type { ExperimentResult, RunResult, SealedPrediction } from '../model/result.ts';
import { runId } from '../model/run.ts';
import type { RunOutcome } from '../model/training.ts';
import type { FitReport } from '../scaling/report.ts';
import { assembleResult, type RecipeFit } from './assemble.ts';
import { cohortWork, ProgressMeter } from './eta.ts';
import { locate } from './field-at-fault.ts';
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
import { CohortRecorder } from './recorder.ts';
import { listenToReports } from './report-port.ts';
import { fitRequest, plainPoints, rungPoints } from './rung-points.ts';
import { reveal, sealPrediction } from './seal.ts';

const now = () => performance.now() / 1000;

export class Conductor {
  #experiment: Experiment;
  #runs: RunResult[];
  #sealed: SealedPrediction[];
  #excluded: Record<string, number[]>;
  readonly #facts = new Map<string, CorpusFacts>();
  readonly #fits = new Map<string, RecipeFit>();
  /** Number of the latest question to the fitter, by recipe: an answer that was overtaken is not told. */
  readonly #asked = new Map<string, number>();
  /** Targets that could not be sealed, with the number of rung points there were. */
  readonly #givenUp = new Map<string, number>();
  readonly #meter = new ProgressMeter();
  #engine: EngineDescription | null = null;
  #current: CohortStep | null = null;
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
    const { rungs } = experiment.ladder;
    this.#experiment = experiment;
    this.#sealed = [...sealed];
    this.#excluded = excluded;
    // A measurement of a target that nobody had sealed proves nothing: it is trained again, after its seal.
    const counts = ({ recipe, width }: RunResult) =>
      rungs.includes(width) || sealed.some((one) => one.recipe === recipe && one.width === width);
    this.#runs = finished.filter((run) => isOver(run) && counts(run));
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
      await this.#work();
      this.#enter(this.#isCancelled ? 'cancelled' : 'done');
    } catch (error) {
      this.#fail(error);
    }
    return this.#result();
  }

  pause(): void {
    if (this.#isPaused || this.#hasEnded) return;
    this.#isPaused = true;
    this.#meter.pause(now());
    void this.trainer.pause();
    if (this.#phase === 'training') this.#enter('paused');
  }

  resume(): void {
    if (!this.#isPaused || this.#hasEnded) return;
    this.#isPaused = false;
    this.#meter.resume(now());
    void this.trainer.resume();
    if (this.#phase === 'paused') this.#enter('training');
    this.#goOn();
  }

  /** Ends training soon; everything finished is kept, and the run under way keeps the losses it reported. */
  cancel(): void {
    if (this.#hasEnded) return;
    this.#isCancelled = true;
    void this.trainer.cancel();
    this.#goOn();
  }

  /**
   * Changes the ladder while training goes on: new widths join the queue, untrained ones that are gone leave it.
   * @throws InputError for a ladder that is not allowed or a width that does not fit; the old ladder then stays.
   */
  async setLadder(ladder: Ladder): Promise<void> {
    const changed = parseExperiment({ ...this.#experiment, ladder });
    await this.#isChecked;
    const known = new Set([...this.#experiment.ladder.rungs, ...this.#experiment.ladder.targets]);
    await this.#assertFits(changed, (width) => !known.has(width));
    this.#assertUntrained(changed.ladder);
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
    }
    await this.#assertFits(this.#experiment, () => true);
  }

  async #assertFits({ recipes, ladder, seeds }: Experiment, isWanted: (width: number) => boolean): Promise<void> {
    const { keepParameters } = this.options;
    for (const part of ['rungs', 'targets'] as const) {
      for (const [w, width] of ladder[part].entries()) {
        if (!isWanted(width)) continue;
        for (const [i, recipe] of recipes.entries()) {
          if (this.#isCancelled) return;
          const check = this.trainer.assertFits({ recipe, width, seeds, keepParameters });
          await locate(`recipes[${i}]`, `ladder.${part}[${w}]`, check);
        }
      }
    }
  }

  /** What was measured, or is being measured, without a seal must not become a target. */
  #assertUntrained({ targets }: Ladder): void {
    for (const recipe of this.#experiment.recipes) {
      const measured = [
        ...this.#runs,
        ...(this.#current ? [{ ...this.#current, recipe: this.#current.recipe.name }] : []),
      ];
      for (const [i, width] of targets.entries()) {
        if (sealOf(this.#sealed, recipe, width)) continue;
        if (!measured.some((run) => run.recipe === recipe.name && run.width === width)) continue;
        const field = `ladder.targets[${i}]`;
        throw new InputError(
          field,
          `${field}: width ${width} was trained already; a target must be sealed before it trains.`,
        );
      }
    }
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
    const { vocabulary } = this.#facts.get(recipe.name)!;
    const runs = seeds.map((seed) => ({ id: runId(recipe, width, seed), recipe, width, seed }));
    const recorder = new CohortRecorder(recipe, runs, vocabulary);
    this.#current = step;
    this.listener({ kind: 'cohort', recipe: recipe.name, width, runs: runs.map((run) => run.id) });
    this.#meter.begin(cohortWork(recipe, width, vocabulary, seeds.length), now());
    this.#tellProgress();
    const reports = listenToReports((report) => {
      recorder.add(report);
      this.#meter.advance(recorder.stepsDone, now());
      this.listener({ kind: 'report', report });
      this.#tellProgress();
    });
    let outcomes: RunOutcome[] | null = null;
    try {
      const { keepParameters } = this.options;
      outcomes = await this.trainer.train({ recipe, width, seeds, keepParameters }, reports.port);
      await reports.ended;
    } finally {
      reports.close();
      this.#current = null;
      const isComplete = outcomes !== null && outcomes.every((one) => one.status !== 'cancelled');
      this.#meter.finish(now(), isComplete);
      for (const result of recorder.results(outcomes)) this.#keep(result, outcomes);
    }
    this.#tellProgress();
    await this.#refit(recipe);
    this.#reveal(recipe, width);
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
    const question = (this.#asked.get(recipe.name) ?? 0) + 1;
    this.#asked.set(recipe.name, question);
    const points = this.#points(recipe);
    if (points.length === 0) {
      this.#fits.delete(recipe.name);
      return;
    }
    const report = await this.fitter.fit(fitRequest(points, this.#experiment.ladder));
    if (this.#asked.get(recipe.name) !== question) return;
    this.#fits.set(recipe.name, { points, report });
    this.listener({ kind: 'fit', recipe: recipe.name, report });
  }

  async #seal({ recipe, widths }: SealStep): Promise<void> {
    const points = this.#points(recipe);
    const report: FitReport | null =
      points.length > 0 ? await this.fitter.fit({ points: plainPoints(points), targets: widths, grid: [] }) : null;
    if (!report?.leastSquares) {
      for (const width of widths) this.#givenUp.set(runId(recipe, width, 0), points.length);
      this.#explainNoSeal(recipe, points.length, widths);
      return;
    }
    for (const prediction of report.predictions) {
      const sealed = await sealPrediction(recipe, plainPoints(points), prediction);
      this.#sealed = [...this.#sealed, sealed];
      this.listener({ kind: 'sealed', prediction: sealed });
    }
  }

  #explainNoSeal(recipe: Recipe, points: number, widths: readonly number[]): void {
    const field = 'ladder.rungs';
    const have = points === 1 ? '1 rung has' : `${points} rungs have`;
    const what = widths.length === 1 ? `width ${widths[0]} is` : `widths ${widths.join(', ')} are`;
    const message = `${field}: ${recipe.name} cannot be extrapolated, because a law needs at least 3 rungs with a loss and ${have} one; ${what} neither predicted nor trained.`;
    this.listener({ kind: 'error', field, message });
  }

  /** Opens the seal of a width whose runs are all over. */
  #reveal(recipe: Recipe, width: number): void {
    const sealed = sealOf(this.#sealed, recipe, width);
    const isMissing = cohortsLeft(this.#standing).some(
      (step) => step.recipe.name === recipe.name && step.width === width,
    );
    if (!sealed || isMissing || this.#isCancelled) return;
    const prediction = reveal(
      sealed,
      this.#runsOf(recipe).filter((run) => run.width === width),
    );
    this.#sealed = this.#sealed.map((one) => (one === sealed ? prediction : one));
    this.listener({ kind: 'revealed', prediction });
  }

  #tellProgress(): void {
    if (this.#hasEnded) return;
    const current = this.#current;
    const isCurrent = (step: CohortStep) => step.recipe.name === current?.recipe.name && step.width === current.width;
    const ahead = cohortsLeft(this.#standing)
      .filter((step) => !isCurrent(step))
      .map(({ recipe, width, seeds }) =>
        cohortWork(recipe, width, this.#facts.get(recipe.name)!.vocabulary, seeds.length),
      );
    const { share, secondsLeft, step, currentSecondsLeft } = this.#meter.estimate(ahead, now());
    this.listener({
      kind: 'progress',
      progress: {
        share,
        secondsLeft,
        current: current && {
          recipe: current.recipe.name,
          width: current.width,
          step,
          steps: current.recipe.steps,
          secondsLeft: currentSecondsLeft,
        },
      },
    });
  }

  #result(): ExperimentResult {
    const { adapter } = this.#engine!;
    return assembleResult(this.#experiment, adapter, this.#runs, this.#fits, this.#sealed);
  }
}
